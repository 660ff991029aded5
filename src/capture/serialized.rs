//! Trees as programs serialize them for other programs: JSON through serde_json, PHP's `serialize`,
//! mitmproxy's netstrings, and the lists of the npm package `flatted`, as n8n keeps its executions.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, SecondsFormat};
use memchr::memmem;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use super::literal::parse_prefix;
use super::{Format, JsonText, MAX_DEPTH, Value, count_work};

/// Parses a JSON text. One that is nested deeper than serde_json follows is `Null`: no tool keeps
/// a request that deep.
///
/// # Errors
/// When the text is not JSON, or something follows it.
pub(crate) fn parse_json(text: &str) -> Result<Value<'_>, serde_json::Error> {
    count_work(text.len());
    serde_json::from_str(text).or_else(|error| {
        // Well-formed, but too deep or with half a surrogate pair, which serde_json refuses.
        serde_json::from_str::<IgnoredAny>(text).map_err(|_| error)?;
        Ok(parse_prefix(text).map_or(Value::Null, |(value, _)| value))
    })
}

/// Parses a document of JSON, as [`parse_json`] does, and takes off the types that databases write
/// around each value (`{"S": "text"}` of DynamoDB, `{"$date": …}` of MongoDB, `{"stringValue": …}` of
/// Firestore).
///
/// # Errors
/// When the text is not JSON, or something follows it.
pub(super) fn parse_document(text: &str) -> Result<Value<'_>, serde_json::Error> {
    let marks = ["\"S\":", "\"$", "\"mapValue\""];
    let is_typed =
        marks.iter().any(|mark| memmem::find(text.as_bytes(), mark.as_bytes()).is_some());
    parse_json(text).map(|value| if is_typed { untyped(value, MAX_DEPTH) } else { value })
}

/// A value without the types around it and its members, down to this depth.
pub(super) fn untyped(value: Value<'_>, depth: usize) -> Value<'_> {
    const TYPES: [&str; 22] = [
        "S",
        "N",
        "B",
        "BOOL",
        "M",
        "L",
        "$date",
        "$oid",
        "$numberLong",
        "$numberInt",
        "$numberDouble",
        "stringValue",
        "integerValue",
        "intValue",
        "bytesValue",
        "doubleValue",
        "booleanValue",
        "timestampValue",
        "mapValue",
        "fields",
        "arrayValue",
        "values",
    ];
    let Some(depth) = depth.checked_sub(1) else { return value };
    match value {
        Value::Array(elements) => {
            Value::Array(elements.into_iter().map(|element| untyped(element, depth)).collect())
        }
        Value::Object(mut members) => match &members[..] {
            [(name, inner)] if TYPES.contains(&&**name) && *inner != Value::Null => {
                let is_date = name == "$date";
                let inner = members.pop().map_or(Value::Null, |(_, inner)| untyped(inner, depth));
                match inner.scalar().and_then(|text| text.parse().ok()) {
                    Some(millis) if is_date => date(millis).unwrap_or(inner),
                    _ => inner,
                }
            }
            [(name, Value::Bool(true))] if name == "NULL" => Value::Null,
            _ => {
                let untyped =
                    members.into_iter().map(|(name, value)| (name, untyped(value, depth)));
                Value::Object(untyped.collect())
            }
        },
        value => value,
    }
}

/// The text of a date that MongoDB keeps as milliseconds since 1970.
fn date(millis: i64) -> Option<Value<'static>> {
    let date = DateTime::from_timestamp_millis(millis)?;
    Some(Value::String(date.to_rfc3339_opts(SecondsFormat::AutoSi, true).into()))
}

/// The value as compact JSON.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A tree of text and numbers always has a JSON form.
        f.write_str(&serde_json::to_string(self).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

/// What serde_json calls the only member of a number when it keeps the spelling of numbers
/// (its feature `arbitrary_precision`).
pub(crate) const NUMBER_KEY: &str = "$serde_json::private::Number";

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(value.to_string().into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(value.to_string().into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Value::Number(value.to_string().into()))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Value::String(value.into()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Value::String(value.to_owned().into()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Self::Value, E> {
        Ok(Value::String(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element()? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut next = map.next_key()?;
        // Most objects are entries of a list of headers: a name and a value.
        let room = if next.is_some() { 2 } else { 0 };
        let mut members: Vec<(Cow<'de, str>, Value<'de>)> = Vec::with_capacity(room);
        while let Some(JsonText(name)) = next {
            let value = map.next_value()?;
            match value {
                Value::String(digits) if members.is_empty() && name == NUMBER_KEY => {
                    return Ok(Value::Number(digits));
                }
                value => members.push((name, value)),
            }
            next = map.next_key()?;
        }
        Ok(Value::Object(members))
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(text) => match text.parse::<serde_json::Number>() {
                Ok(number) => number.serialize(serializer),
                Err(_) => serializer.serialize_str(text),
            },
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(elements) => serializer.collect_seq(elements),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

/// Parses a flow file of mitmproxy, or what PHP's `serialize` writes; `None` for anything else.
pub(super) fn parse<'t>(bytes: &'t [u8], text: &'t str) -> Option<(Value<'t>, Format)> {
    let flows = parse_flows(bytes).map(|flows| (flows, Format::MitmproxyFlow));
    flows.or_else(|| Some((parse_php(text)?, Format::PhpSerialized)))
}

/// Parses what PHP's `serialize` writes: `a:1:{s:4:"host";s:1:"h";}`. `None` for anything else.
fn parse_php(text: &str) -> Option<Value<'_>> {
    let (value, rest) = php_value(text.trim(), MAX_DEPTH)?;
    rest.is_empty().then_some(value)
}

/// The value that a text starts with, and what follows it.
fn php_value(text: &str, depth: usize) -> Option<(Value<'_>, &str)> {
    let depth = depth.checked_sub(1)?;
    if let Some(rest) = text.strip_prefix("N;") {
        return Some((Value::Null, rest));
    }
    let (kind, rest) = text.split_once(':')?;
    match kind {
        "i" | "d" | "b" => {
            let (digits, rest) = rest.split_once(';')?;
            let value = match (kind, digits) {
                ("b", "1") => Value::Bool(true),
                ("b", _) => Value::Bool(false),
                _ => Value::Number(digits.into()),
            };
            Some((value, rest))
        }
        "s" => {
            let (length, rest) = rest.split_once(':')?;
            let (text, rest) = rest.strip_prefix('"')?.split_at_checked(length.parse().ok()?)?;
            Some((Value::String(text.into()), rest.strip_prefix("\";")?))
        }
        "a" => php_members(rest, depth),
        // The name of an object's class stands before its members.
        "O" => php_members(rest.splitn(3, ':').nth(2)?, depth),
        _ => None,
    }
}

/// `2:{key value key value}`: an object, or a list where the keys count from 0.
fn php_members(text: &str, depth: usize) -> Option<(Value<'_>, &str)> {
    let (count, rest) = text.split_once(':')?;
    let count: usize = count.parse().ok()?;
    let mut rest = rest.strip_prefix('{')?;
    let mut members: Vec<(Cow<'_, str>, Value<'_>)> = Vec::new();
    while !rest.starts_with('}') {
        let (name, behind) = php_value(rest, depth)?;
        let name = match name {
            Value::String(name) | Value::Number(name) => name,
            _ => return None,
        };
        let (inner, behind) = php_value(behind, depth)?;
        members.push((name, inner));
        rest = behind;
    }
    (members.len() == count).then_some(())?;
    let is_list = members.iter().enumerate().all(|(index, (name, _))| *name == index.to_string());
    let value = match is_list && count > 0 {
        true => Value::Array(members.into_iter().map(|(_, value)| value).collect()),
        false => Value::Object(members),
    };
    Some((value, &rest[1..]))
}

/// Values that are written out at most: they may refer to each other many times.
const MAX_VALUES: usize = 20_000;
/// How many times a list's own values are written out at most, on average.
const MAX_REFERENCES: usize = 16;
/// A longer text counts like as many values as it has of these.
const BYTES_PER_VALUE: usize = 128;

/// Parses mitmproxy's flow file into a list of its flows; `None` when it is not made of netstrings.
fn parse_flows(bytes: &[u8]) -> Option<Value<'_>> {
    bytes.first()?.is_ascii_digit().then_some(())?;
    netstrings(bytes, MAX_DEPTH).map(Value::Array)
}

/// The content and the tag of the first netstring, and what follows it.
fn netstring(bytes: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let colon = bytes.iter().take(12).position(|byte| *byte == b':')?;
    let length: usize = std::str::from_utf8(&bytes[..colon]).ok()?.parse().ok()?;
    let (content, rest) = bytes[colon + 1..].split_at_checked(length)?;
    let (tag, rest) = rest.split_first()?;
    Some((content, *tag, rest))
}

fn tagged(content: &[u8], tag: u8, depth: usize) -> Option<Value<'_>> {
    let depth = depth.checked_sub(1)?;
    Some(match tag {
        // Bytes and text alike: a body that is neither JSON nor text is not PGM's.
        b',' | b';' => Value::String(String::from_utf8_lossy(content)),
        b'#' | b'^' => Value::Number(String::from_utf8_lossy(content)),
        b'!' => Value::Bool(content == b"true"),
        b'~' => Value::Null,
        b']' => Value::Array(netstrings(content, depth)?),
        b'}' => {
            // Keys and values in turn.
            let mut values = netstrings(content, depth)?.into_iter();
            let mut members = Vec::new();
            while let Some(name) = values.next() {
                let Value::String(name) = name else { return None };
                members.push((name, values.next()?));
            }
            Value::Object(members)
        }
        _ => return None,
    })
}

fn netstrings(mut rest: &[u8], depth: usize) -> Option<Vec<Value<'_>>> {
    let mut values = Vec::new();
    while !rest.is_empty() {
        let (content, tag, behind) = netstring(rest)?;
        values.push(tagged(content, tag, depth)?);
        rest = behind;
    }
    Some(values)
}

/// The document that a list stands for in which a string of digits is the index of the value
/// that stands there; `None` when it is any other list.
pub(super) fn resolve_flatted<'v>(values: &'v [Value<'v>]) -> Option<Value<'v>> {
    let first = values.first().filter(|_| values.len() > 3)?;
    let index = |value: &Value<'_>| value.as_str()?.parse::<usize>().ok();
    let inner = || first.members().iter().map(|(_, value)| value).chain(first.elements());
    let is_flatted = inner().next().is_some()
        && inner().all(|value| !matches!(value, Value::Object(_) | Value::Array(_)))
        && inner().filter_map(|value| value.as_str()).count() > 0
        && inner().all(|value| value.as_str().is_none() || index(value).is_some());
    let own = || values.iter().map(|value| 1 + value.members().len() + value.elements().len());
    let left = || own().sum::<usize>().saturating_mul(MAX_REFERENCES).min(MAX_VALUES);
    is_flatted.then(|| Resolver { values, left: left() }.value(0, MAX_DEPTH))
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
        let text = value.scalar().map_or(0, str::len);
        let Some(left) = self.left.checked_sub(1 + text / BYTES_PER_VALUE) else {
            return Value::Null;
        };
        self.left = left;
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

    fn parse(text: &str) -> Value<'_> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn keeps_order_repeats_and_the_spelling_of_numbers() {
        let text = r#"{"b":33.780,"a":[1,"x\n",{"c":null}],"b":-0.0,"d":true}"#;
        let value = parse(text);
        let names: Vec<_> = value.members().iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["b", "a", "b", "d"]);
        assert_eq!(value.get("b").and_then(Value::scalar), Some("-0.0"));
        assert_eq!(value.to_string(), text);
        let strings = parse(r#"["plain","esc\"aped"]"#);
        assert!(matches!(&strings.elements()[0], Value::String(Cow::Borrowed("plain"))));
    }

    #[test]
    fn types_of_databases_are_taken_off() {
        for (typed, plain) in [
            (
                r#"{"a":{"S":"x"},"b":{"L":[{"N":"1"}]},"c":{"NULL":true}}"#,
                r#"{"a":"x","b":["1"],"c":null}"#,
            ),
            (r#"{"$date":{"$numberLong":"1772442930000"}}"#, r#""2026-03-02T09:15:30Z""#),
            (
                r#"{"a":{"$date":1772442930000},"b":{"$date":"2026-03-02T09:15:30Z"}}"#,
                r#"{"a":"2026-03-02T09:15:30Z","b":"2026-03-02T09:15:30Z"}"#,
            ),
        ] {
            assert_eq!(parse_document(typed).unwrap().to_string(), plain);
        }
    }

    #[test]
    fn values_of_php() {
        // php -r 'echo serialize(["a" => "ł\"", "b" => [1, 2.5, null], "c" => true]);'
        let text = r#"a:3:{s:1:"a";s:3:"ł"";s:1:"b";a:3:{i:0;i:1;i:1;d:2.5;i:2;N;}s:1:"c";b:1;}"#;
        let value = parse_php(text).unwrap();
        assert_eq!(value.to_string(), r#"{"a":"ł\"","b":[1,2.5,null],"c":true}"#);
    }

    #[test]
    fn php_that_is_torn_or_something_else() {
        for text in
            ["", "a", "a:1:{", r#"s:9:"a";"#, r#"s:1:"ł";"#, "x:1;", "i:1;i:2;", "a:2:{i:0;N;}"]
        {
            assert_eq!(parse_php(text), None, "{text}");
        }
        assert_eq!(parse_php(&"a:1:{i:0;".repeat(100_000)), None);
    }

    fn read(json: &str) -> Option<String> {
        let list = parse_json(json).unwrap();
        resolve_flatted(list.elements()).map(|value| value.to_string())
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
