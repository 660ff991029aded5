//! What differs between two payloads.

use serde_json::Value;

use super::{DataPath, PathSegment};

/// One value that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Where it is; empty for the payload as a whole.
    pub path: DataPath,
    /// How it differs.
    pub change: Change,
}

/// How a value differs.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Only the second payload has it.
    Added(Value),
    /// Only the first payload has it.
    Removed(Value),
    /// Both have it: the first, then the second value.
    Changed(Value, Value),
}

/// Compares two payloads, in the order of the first. Objects are compared by key, lists by position,
/// numbers as they are written. Returns the first differences, `max` at most.
pub fn diff(first: &Value, second: &Value, max: usize) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(first, second, &mut Vec::new(), &mut found, max);
    found
}

fn compare(
    first: &Value,
    second: &Value,
    at: &mut Vec<PathSegment>,
    found: &mut Vec<Difference>,
    max: usize,
) {
    if found.len() >= max {
        return;
    }
    match (first, second) {
        (Value::Object(one), Value::Object(other)) => {
            for (key, value) in one {
                let segment = PathSegment::Key(key.clone());
                compare_member(Some(value), other.get(key), segment, at, found, max);
            }
            for (key, value) in other.iter().filter(|(key, _)| !one.contains_key(*key)) {
                compare_member(None, Some(value), PathSegment::Key(key.clone()), at, found, max);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            for index in 0..one.len().max(other.len()) {
                let segment = PathSegment::Index(index);
                compare_member(one.get(index), other.get(index), segment, at, found, max);
            }
        }
        _ if first == second => {}
        _ => found.push(difference(at, Change::Changed(first.clone(), second.clone()))),
    }
}

fn compare_member(
    first: Option<&Value>,
    second: Option<&Value>,
    segment: PathSegment,
    at: &mut Vec<PathSegment>,
    found: &mut Vec<Difference>,
    max: usize,
) {
    if found.len() >= max {
        return;
    }
    at.push(segment);
    match (first, second) {
        (Some(first), Some(second)) => compare(first, second, at, found, max),
        (Some(first), None) => found.push(difference(at, Change::Removed(first.clone()))),
        (None, Some(second)) => found.push(difference(at, Change::Added(second.clone()))),
        (None, None) => {}
    }
    at.pop();
}

fn difference(at: &[PathSegment], change: Change) -> Difference {
    Difference { path: DataPath(at.to_vec()), change }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_compared_by_key_and_by_position() {
        let first = json!({"event": "A", "data": {"id": 1, "gone": null, "list": [1, 2]}});
        let second = json!({"event": "A", "data": {"list": [1, 3, 4], "id": "1", "new": {}}});
        let found: Vec<_> = diff(&first, &second, usize::MAX)
            .into_iter()
            .map(|found| (found.path.to_string(), found.change))
            .collect();
        let expected = [
            ("data.id", Change::Changed(json!(1), json!("1"))),
            ("data.gone", Change::Removed(json!(null))),
            ("data.list[1]", Change::Changed(json!(2), json!(3))),
            ("data.list[2]", Change::Added(json!(4))),
            ("data.new", Change::Added(json!({}))),
        ];
        assert_eq!(found, expected.map(|(path, change)| (path.to_owned(), change)));
        assert!(diff(&first, &first, 9).is_empty());
        assert_eq!(diff(&json!(1), &json!([]), 9).len(), 1);
        assert_eq!(diff(&first, &second, 3), diff(&first, &second, 9)[..3]);
    }
}
