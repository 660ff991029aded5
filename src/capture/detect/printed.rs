//! Literals within a text: what programs print of a request on a console or in a log, its headers
//! here and its body there, with any words around them. Neighbours belong together.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::super::decode::InflateBudget;
use super::super::header::names_pgm;
use super::super::{Body, HeaderPairs, Value, count_work, literal, message, owned_pairs};
use super::{
    FieldRole, MAX_PLACEHOLDER, body, envelope_of, headers, holds_envelope, is_placeholder,
    is_respelled, respelled,
};

/// The longest name before a bracket.
const MAX_NAME: usize = 80;
/// The most white space between a name or a quote and a bracket.
const MAX_SPACE: usize = 8;

/// What a text prints of a request.
pub(super) enum Part<'t> {
    /// Of a response, or what was expected.
    NotReceived,
    Headers(HeaderPairs<'static>),
    Body(Body<'static>),
    /// Anything else; it may hold a request. With its text, and whether that is JSON.
    Other(Value<'t>, &'t str, bool),
}

/// What a text prints that may be of a request, in order, each with where it starts. Empty if the
/// text names neither PGM's headers nor members of its envelope.
pub(super) fn parts<'t>(text: &'t str, budget: &mut InflateBudget) -> Vec<(usize, Part<'t>)> {
    // `triggeredDate`, or as a program's language writes it.
    if memchr::memmem::find(text.as_bytes(), b"riggered").is_none() && !names_pgm(text) {
        return Vec::new();
    }
    literals(text).into_iter().map(|printed| (printed.start, printed.part(budget))).collect()
}

/// PGM's envelopes in a text, or within what it prints, each with where that starts.
pub(crate) fn envelopes(text: &str) -> Vec<(usize, String)> {
    let mut budget = InflateBudget::default();
    let mut envelope = |printed: Printed<'_>| {
        if printed.value.as_str().is_some() {
            let body = body::of(&printed.value, false, &mut budget)?;
            let text = std::str::from_utf8(&body.bytes).ok()?;
            return holds_envelope(&body.bytes).then(|| (printed.start, text.to_owned()));
        }
        let found = envelope_of(&printed.value)?;
        if is_respelled(found) {
            return Some((printed.start, respelled(found).to_string()));
        }
        let is_all = std::ptr::eq(found, &printed.value) && printed.is_json();
        let text = if is_all { printed.source.to_owned() } else { found.to_string() };
        Some((printed.start, text))
    };
    literals(text).into_iter().filter_map(&mut envelope).collect()
}

/// A literal and where it stands.
struct Printed<'t> {
    start: usize,
    /// The words before it on its line.
    label: &'t str,
    /// The name before its bracket.
    name: &'t str,
    /// Its text.
    source: &'t str,
    value: Value<'t>,
}

impl<'t> Printed<'t> {
    fn part(self, budget: &mut InflateBudget) -> Part<'t> {
        let (roles, of_name) = (roles(self.label), roles(self.name));
        if roles.iter().chain(&of_name).any(|role| *role == FieldRole::NotReceived) {
            return Part::NotReceived;
        }
        let holds_request = || {
            let is_headers = |name: &str| matches!(FieldRole::of(name), FieldRole::Headers { .. });
            self.value.members().iter().any(|(name, _)| is_headers(name))
        };
        // The `b` of `b'…'` is no name.
        let named = of_name.last().filter(|_| self.name.len() > 1);
        let is_body = [roles.last(), named]
            .iter()
            .flatten()
            .any(|role| matches!(role, FieldRole::Body(0 | 1)))
            && !holds_request();
        if !is_body
            && headers::holds_headers(&self.value)
            && let Some(headers) = headers::of(&self.value)
        {
            return Part::Headers(owned_pairs(headers));
        }
        if is_body && is_placeholder(self.source.as_bytes()) {
            return Part::Body(Body {
                bytes: self.source.as_bytes().to_vec().into(),
                exact: false,
            });
        }
        if self.value.as_str().is_some_and(|text| message::is_request(text.as_bytes())) {
            return Part::Other(self.value, self.source, false);
        }
        let is_object = matches!(self.value, Value::Object(_));
        let is_json = is_object && self.is_json();
        let body = match (is_body, is_object) {
            (true, true) if is_json && !is_respelled(&self.value) => {
                let exact = body::is_compact(self.source);
                Some(Body { bytes: self.source.as_bytes().into(), exact })
            }
            (true, _) => body::of(&self.value, false, budget),
            (false, true) => None,
            (false, false) => {
                body::of(&self.value, false, budget).filter(|body| holds_envelope(&body.bytes))
            }
        };
        match body.map(Body::into_owned) {
            Some(body) => Part::Body(body),
            None => Part::Other(self.value, self.source, is_json),
        }
    }

    fn is_json(&self) -> bool {
        serde_json::from_str::<IgnoredAny>(self.source).is_ok()
    }
}

/// What the words of a label say.
fn roles(label: &str) -> Vec<FieldRole> {
    let words = label.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty()).map(FieldRole::of).collect()
}

/// The literals of a text that may be part of a request, in order.
fn literals(text: &str) -> Vec<Printed<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut vain = text.len().saturating_mul(literal::MAX_VAIN_FACTOR);
    let (mut at, mut label_from) = (0, 0);
    while vain > 0
        && let Some(open) = next_opener(bytes, at)
    {
        if let Some(feed) = memchr::memrchr(b'\n', &bytes[at..open]) {
            label_from = label_from.max(at + feed + 1);
        }
        let start = name_start(bytes, label_from, open);
        let parsed = literal::parse_within(&text[start..], &mut vain).or_else(|| {
            let map = bare_map(&text[open..]).map_err(|looked| vain = vain.saturating_sub(looked));
            map.ok().map(|(value, length)| (value, open - start + length))
        });
        match parsed {
            // `"{"` is the start of JSON in quotes that were not escaped.
            Some((Value::String(text), _)) if text.len() < 2 => at = open + 1,
            Some((value, length)) if !matches!(value, Value::Null | Value::Number(_)) => {
                let (label, name) = (&text[label_from..start], &text[start..open]);
                let source = &text[start..start + length];
                found.push(Printed { start, label: label.trim(), name, source, value });
                (at, label_from) = (start + length, start + length);
            }
            skipped => {
                let from = label_from.max(open.saturating_sub(MAX_PLACEHOLDER));
                let from = (from..open).find(|at| text.is_char_boundary(*at)).unwrap_or(open);
                let label = text[from..open].trim();
                let is_body = || matches!(roles(label).last(), Some(FieldRole::Body(0 | 1)));
                if let Some(line) = placeholder(&text[open..]).filter(|_| is_body()) {
                    let value = Value::String(line.into());
                    found.push(Printed { start: open, label, name: "", source: line, value });
                }
                vain = vain.saturating_sub(skipped.map_or(0, |(_, length)| length) + 1);
                at = open + 1;
            }
        }
    }
    found
}

/// The rest of the line that a text starts with, if it stands for a body.
fn placeholder(text: &str) -> Option<&str> {
    let near = &text.as_bytes()[..text.len().min(MAX_PLACEHOLDER)];
    let line = text.get(..memchr::memchr2(b'\n', b'\r', near).unwrap_or(near.len()))?;
    is_placeholder(line.as_bytes()).then_some(line)
}

/// The next character that may open a literal: a bracket, or a quote before one or before a message.
fn next_opener(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| b"{[(\"'`<".contains(byte))?;
        let next = bytes.get(at + 1..)?;
        let opens = match bytes[at] {
            b'{' | b'[' => true,
            b'(' => {
                let near = next[..next.len().min(MAX_SPACE)].trim_ascii_start();
                // A call with names (`Event(event='…'`).
                let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                let name = next.iter().take(MAX_NAME).take_while(is_part).count();
                near.first().is_some_and(|byte| b"('\"[{".contains(byte))
                    || name > 0 && next.get(name) == Some(&b'=')
            }
            b'<' => next.starts_with(b"Buffer "),
            _ => {
                let near = &next[..next.len().min(MAX_SPACE)];
                // One that is escaped stands within a string.
                let is_escaped = at > 0 && bytes[at - 1] == b'\\';
                !is_escaped && matches!(near.trim_ascii_start().first(), Some(b'{' | b'['))
                    || next.starts_with(b"POST /")
            }
        };
        if opens {
            return Some(at);
        }
        at += 1;
    }
}

/// The start of a name or a prefix that stands directly before an opener (`Headers {`, `b'`).
fn name_start(bytes: &[u8], from: usize, open: usize) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.$\\%&[]".contains(byte);
    let near = from.max(open.saturating_sub(MAX_SPACE));
    let spaced = bytes[near..open].trim_ascii_end().len() + near;
    // A name may have a space behind it; other text before the opener is its label.
    let behind = if spaced < open && bytes[open] == b'{' { spaced } else { open };
    let near = &bytes[from.max(behind.saturating_sub(MAX_NAME))..behind];
    let name = near.iter().rev().take_while(|byte| is_part(byte)).count();
    let start = behind - name;
    let is_name = bytes[start..behind].first().is_some_and(|byte| {
        byte.is_ascii_uppercase() || matches!(byte, b'%' | b'&') || behind == open
    });
    let name = &bytes[start..behind];
    let is_whole = name.contains(&b'[') || !name.contains(&b']');
    if is_name && is_whole { start } else { open }
}

/// Maps within maps that are followed.
const MAX_BARE_MAPS: usize = 4;
/// A longer key is something else.
const MAX_BARE_KEY: usize = 200;
/// A longer map is something else.
const MAX_BARE_MAP: usize = 256 << 10;

/// Parses a map as Go (`map[K:[v] K:v]`, `&{Name:v Name:v}`) and Java (`{k=v, k=[v]}`,
/// `[k=[v], k=v]`) print them, and returns how many bytes it takes. It has no quotes, so that only
/// the next key or the closing bracket ends a value.
///
/// # Errors
/// How many bytes were looked at, when it is not a map, or is not closed.
fn bare_map(text: &str) -> Result<(Value<'_>, usize), usize> {
    if !text.starts_with(['[', '{']) || key(&text[1..]).is_none() {
        return Err(1);
    }
    let end = closing(text)?;
    entries(&text[1..end], MAX_BARE_MAPS).map(|map| (map, end + 1)).ok_or(end)
}

/// Where the bracket is closed that a text starts with; else how many bytes were looked at.
fn closing(text: &str) -> Result<usize, usize> {
    let mut open = Vec::new();
    let seen = text.len().min(MAX_BARE_MAP);
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
fn entries(inside: &str, nested: usize) -> Option<Value<'_>> {
    let nested = nested.checked_sub(1)?;
    let first = key(inside)?;
    let sign = inside[first.len()..].chars().next()?;
    let gap = if sign == '=' { ", " } else { " " };
    let mut members = Vec::new();
    let mut rest = inside;
    loop {
        let name = key(rest).filter(|name| rest[name.len()..].starts_with(sign))?;
        // Ruby's `=>`: a map that has quotes.
        (!rest[name.len()..].starts_with("=>")).then_some(())?;
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
    let near = text.get(..MAX_BARE_KEY).unwrap_or(text);
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
                // Nor is the hour of a time a key.
                let is_name = |name: &str| name.contains(|c: char| !c.is_ascii_digit());
                let key = key(next).filter(|name| is_name(name));
                if key.is_some_and(|name| next[name.len()..].starts_with(sign)) {
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
    match inner.and_then(|inner| entries(inner, nested)) {
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
        let (value, _) = bare_map(text).unwrap();
        value.to_string()
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
            assert!(bare_map(text).is_err(), "{text}");
        }
        assert_eq!(bare_map(&"[".repeat(100_000)), Err(1));
    }
}
