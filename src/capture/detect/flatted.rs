//! Documents in the form of the npm package `flatted`, as n8n keeps its executions: a list of
//! values in which a string of digits is the index of the value that stands there.

use super::super::decode::MAX_DEPTH;
use super::super::value::Value;

/// Values that are written out at most: they may refer to each other many times.
const MAX_VALUES: usize = 20_000;

/// The document that a list stands for; `None` when it is any other list.
pub(super) fn resolve<'v>(values: &'v [Value<'v>]) -> Option<Value<'v>> {
    let first = values.first().filter(|_| values.len() > 3)?;
    let index = |value: &Value<'_>| value.as_str()?.parse::<usize>().ok();
    let inner = || first.members().iter().map(|(_, value)| value).chain(first.elements());
    let is_flatted = inner().next().is_some()
        && inner().all(|value| !matches!(value, Value::Object(_) | Value::Array(_)))
        && inner().filter_map(|value| value.as_str()).count() > 0
        && inner().all(|value| value.as_str().is_none() || index(value).is_some());
    is_flatted.then(|| Resolver { values, left: MAX_VALUES }.value(0, MAX_DEPTH))
}

struct Resolver<'v> {
    values: &'v [Value<'v>],
    left: usize,
}

impl<'v> Resolver<'v> {
    fn value(&mut self, index: usize, depth: usize) -> Value<'v> {
        let (Some(value), Some(depth)) = (self.values.get(index), depth.checked_sub(1)) else {
            return Value::Null;
        };
        if self.left == 0 {
            return Value::Null;
        }
        self.left -= 1;
        match value {
            Value::Object(members) => {
                let inner =
                    |(name, value): &(_, Value<'v>)| (Clone::clone(name), self.inner(value, depth));
                Value::Object(members.iter().map(inner).collect())
            }
            Value::Array(elements) => {
                Value::Array(elements.iter().map(|value| self.inner(value, depth)).collect())
            }
            value => value.clone(),
        }
    }

    /// A member or an element: a string is an index, all else itself.
    fn inner(&mut self, value: &Value<'v>, depth: usize) -> Value<'v> {
        match value.as_str().and_then(|text| text.parse().ok()) {
            Some(index) => self.value(index, depth),
            None => value.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::literal::parse_json;

    fn read(json: &str) -> Option<String> {
        let list = parse_json(json).unwrap();
        resolve(list.elements()).map(|value| String::from_utf8(value.to_json()).unwrap())
    }

    #[test]
    fn indexes_become_their_values() {
        // node -e 'console.log(require("flatted").stringify({a:[{b:"x"},"1",2,null]}))'
        let flatted = r#"[{"a":"1"},["2","3",2,null],{"b":"4"},"1","x"]"#;
        assert_eq!(read(flatted).as_deref(), Some(r#"{"a":[{"b":"x"},"1",2,null]}"#));
        for other in
            ["[]", r#"[{"a":"1"}]"#, r#"[{"a":"x"},1,2,3]"#, "[1,2,3,4]", r#"[{},{},{},{}]"#]
        {
            assert_eq!(read(other), None, "{other}");
        }
        // A circle ends somewhere.
        assert!(read(r#"[{"a":"0","b":"0"},1,2,3]"#).is_some());
    }
}
