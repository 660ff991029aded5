//! What PHP's `serialize` writes: `a:1:{s:4:"host";s:1:"h";}`.

use std::borrow::Cow;

use super::super::decode::MAX_DEPTH;
use super::super::detect::Walk;
use super::super::value::Value;
use super::SourceText;

/// Reads a serialized value; `None` when the text is something else.
pub(super) fn read(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    walk.document(&parse(text)?, None, None);
    Some(())
}

fn parse(text: &str) -> Option<Value<'_>> {
    let (value, rest) = value(text.trim(), MAX_DEPTH)?;
    rest.is_empty().then_some(value)
}

/// The value that a text starts with, and what follows it.
fn value(text: &str, depth: usize) -> Option<(Value<'_>, &str)> {
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
        "a" => members(rest, depth),
        // The name of an object's class stands before its members.
        "O" => members(rest.splitn(3, ':').nth(2)?, depth),
        _ => None,
    }
}

/// `2:{key value key value}`: an object, or a list where the keys count from 0.
fn members(text: &str, depth: usize) -> Option<(Value<'_>, &str)> {
    let (count, rest) = text.split_once(':')?;
    let count: usize = count.parse().ok()?;
    let mut rest = rest.strip_prefix('{')?;
    let mut members: Vec<(Cow<'_, str>, Value<'_>)> = Vec::new();
    while !rest.starts_with('}') {
        let (name, behind) = value(rest, depth)?;
        let name = match name {
            Value::String(name) | Value::Number(name) => name,
            _ => return None,
        };
        let (inner, behind) = value(behind, depth)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_kind() {
        // php -r 'echo serialize(["a" => "ł\"", "b" => [1, 2.5, null], "c" => true]);'
        let text = r#"a:3:{s:1:"a";s:3:"ł"";s:1:"b";a:3:{i:0;i:1;i:1;d:2.5;i:2;N;}s:1:"c";b:1;}"#;
        let value = parse(text).unwrap();
        let json = String::from_utf8(value.to_json()).unwrap();
        assert_eq!(json, r#"{"a":"ł\"","b":[1,2.5,null],"c":true}"#);
    }

    #[test]
    fn what_is_torn_or_something_else() {
        for text in
            ["", "a", "a:1:{", r#"s:9:"a";"#, r#"s:1:"ł";"#, "x:1;", "i:1;i:2;", "a:2:{i:0;N;}"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"a:1:{i:0;".repeat(100_000)), None);
    }
}
