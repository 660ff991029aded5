//! Maps as Go (`map[K:[v] K:v]`, `&{Name:v Name:v}`) and Java (`{k=v, k=[v]}`, `[k=[v], k=v]`)
//! print them: without quotes, so that only the next key or the closing bracket ends a value.

use std::borrow::Cow;

use super::decode::count_work;
use super::value::Value;

/// Maps within maps that are followed.
const MAX_NESTED: usize = 4;
/// A longer key is something else.
const MAX_KEY: usize = 200;
/// A longer map is something else.
const MAX_LENGTH: usize = 256 << 10;

/// Parses the map whose bracket a text starts with, and returns how many bytes it takes.
///
/// # Errors
/// How many bytes were looked at, when it is not a map, or is not closed.
pub(crate) fn parse_prefix(text: &str) -> Result<(Value<'_>, usize), usize> {
    if !text.starts_with(['[', '{']) || key(&text[1..]).is_none() {
        return Err(1);
    }
    let end = closing(text)?;
    map(&text[1..end], MAX_NESTED).map(|map| (map, end + 1)).ok_or(end)
}

/// Where the bracket is closed that a text starts with; else how many bytes were looked at.
fn closing(text: &str) -> Result<usize, usize> {
    let mut open = Vec::new();
    let seen = text.len().min(MAX_LENGTH);
    for (at, byte) in text.bytes().enumerate().take(seen) {
        count_work(1);
        match byte {
            b'[' => open.push(b']'),
            b'{' => open.push(b'}'),
            b']' | b'}' => {
                if open.pop() != Some(byte) {
                    return Err(at);
                }
                if open.is_empty() {
                    return Ok(at);
                }
            }
            _ => {}
        }
    }
    Err(seen)
}

/// The entries of a map: `=` and `, ` between them as in Java, or `:` and a space as in Go.
fn map(inside: &str, nested: usize) -> Option<Value<'_>> {
    let nested = nested.checked_sub(1)?;
    let first = key(inside)?;
    let sign = inside[first.len()..].chars().next()?;
    let gap = if sign == '=' { ", " } else { " " };
    let mut members = Vec::new();
    let mut rest = inside;
    loop {
        let name = key(rest).filter(|name| rest[name.len()..].starts_with(sign))?;
        let behind = &rest[name.len() + 1..];
        let end = value_end(behind, sign, gap);
        members.push((Cow::Borrowed(name.trim_matches('"')), value(&behind[..end], nested)));
        match behind.get(end + gap.len()..) {
            Some(next) if !next.trim().is_empty() => rest = next,
            _ => return Some(Value::Object(members)),
        }
    }
}

/// The key that a text starts with, up to its sign.
fn key(text: &str) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.\"".contains(c);
    let near = text.get(..MAX_KEY).unwrap_or(text);
    let end = near.find(|c| !is_part(c))?;
    (end > 0 && text[end..].starts_with(['=', ':'])).then(|| &text[..end])
}

/// Where a value ends: outside of brackets, before a gap and the next key.
fn value_end(text: &str, sign: char, gap: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' | b' ' if depth == 0 && text[at..].starts_with(gap) => {
                let next = &text[at + gap.len()..];
                if key(next).is_some_and(|name| next[name.len()..].starts_with(sign)) {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn value(text: &str, nested: usize) -> Value<'_> {
    if text.starts_with("0x") || matches!(text, "<nil>" | "null") {
        return Value::Null;
    }
    // A list looks like a map where its value has a colon.
    let bracketed = |text: &'_ str| text.strip_suffix([']', '}']).map(str::len);
    let inner = ["map[", "&{", "{"].iter().find_map(|open| text.strip_prefix(open));
    let inner = inner.and_then(|inner| inner.get(..bracketed(inner)?));
    match inner.and_then(|inner| map(inner, nested)) {
        // Nothing but addresses in memory.
        Some(map) if map.members().iter().all(|(_, value)| *value == Value::Null) => Value::Null,
        Some(map) => map,
        // A list of one value; one of several cannot be taken apart where values have spaces.
        None => {
            let list = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
            Value::String(unquoted(list.unwrap_or(text)).into())
        }
    }
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let (value, _) = parse_prefix(text).unwrap();
        String::from_utf8(value.to_json()).unwrap()
    }

    #[test]
    fn maps_of_go_and_java() {
        for (text, json) in [
            (
                "[Content-Type:[application/json; charset=utf-8] X-A:[1]] body",
                r#"{"Content-Type":"application/json; charset=utf-8","X-A":"1"}"#,
            ),
            (r#"["A":["close"] "B":["2"]]"#, r#"{"A":"close","B":"2"}"#),
            (
                "{Method:POST Header:map[A:[1] B:[2]] Host:127.0.0.1:80 Close:true}",
                r#"{"Method":"POST","Header":{"A":"1","B":"2"},"Host":"127.0.0.1:80","Close":"true"}"#,
            ),
            ("[Host=[a:1], X-A=[b, c]]", r#"{"Host":"a:1","X-A":"b, c"}"#),
            ("{accept=text/html, */*, x-a=1}", r#"{"accept":"text/html, */*","x-a":"1"}"#),
        ] {
            assert_eq!(read(text), json, "{text}");
        }
    }

    #[test]
    fn what_is_no_map() {
        for text in ["", "x", "[", "[a=1", "[info]", "[1, 2]", "{a=1]", "[Sun Nov 29 13:10:21]"] {
            assert!(parse_prefix(text).is_err(), "{text}");
        }
        assert_eq!(parse_prefix(&"[".repeat(100_000)), Err(1));
    }
}
