//! Requests one after the other: HTTP/1 messages, literals that programs print, server-sent events,
//! and mitmproxy's flows.

use super::super::decode::MAX_DEPTH;
use super::super::detect::{Walk, envelope_within};
use super::super::literal::parse_json;
use super::super::message::{MessageReader, next_message, starts_message};
use super::super::value::Value;
use super::super::{Body, Capture, Location};
use super::{LineNumbers, SourceText};

/// Reads the requests of a text of messages, whatever is around and between them. Returns `None`
/// when there is none. A response's head and body are skipped.
pub(super) fn read_messages(
    SourceText { bytes, .. }: SourceText<'_>,
    walk: &mut Walk<'_>,
) -> Option<()> {
    let mut numbers = LineNumbers::default();
    let mut reader = MessageReader::new(bytes);
    let mut at = if starts_message(bytes) { 0 } else { next_message(bytes) };
    let mut found = None;
    while at < bytes.len() {
        if let Some((mut capture, end)) = reader.request(at, walk.budget()) {
            if let Some(text) = capture.body.as_ref().and_then(|body| envelope_within(&body.bytes))
            {
                capture.body = Some(Body { bytes: text.into_bytes().into(), exact: false });
            }
            let only = found.is_none() && bytes[end..].trim_ascii().is_empty();
            let location = match only {
                true => Location::default(),
                false => Location::line(numbers.at(bytes, at)),
            };
            walk.capture(Capture { location, ..capture });
            found = Some(());
            at = end;
        } else {
            at += reader.response_length(at).unwrap_or(1);
        }
        let rest = &bytes[at..];
        at += if starts_message(rest) { 0 } else { next_message(rest) };
    }
    found
}

/// Reads the literals of a text; `None` when none of them has PGM's headers.
pub(super) fn read_printed(
    SourceText { text, .. }: SourceText<'_>,
    walk: &mut Walk<'_>,
) -> Option<()> {
    let mut numbers = LineNumbers::default();
    walk.printed(text, |offset| numbers.at(text.as_bytes(), offset))
}

const EVENT_FIELDS: [&str; 4] = ["data", "event", "id", "retry"];

/// Reads the events of a stream; `None` when the first line is not a field of one.
pub(super) fn read_events(
    SourceText { text, .. }: SourceText<'_>,
    walk: &mut Walk<'_>,
) -> Option<()> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let is_field =
        |name: &&str| first.strip_prefix(*name).is_some_and(|rest| rest.starts_with(':'));
    if !first.starts_with(": ") && !EVENT_FIELDS.iter().any(is_field) {
        return None;
    }
    let mut data = String::new();
    let mut start = 0;
    for (index, line) in text.lines().chain([""]).enumerate() {
        if let Some(part) = line.strip_prefix("data:") {
            if data.is_empty() {
                start = index as u64 + 1;
            } else {
                data.push('\n');
            }
            data.push_str(part.strip_prefix(' ').unwrap_or(part));
        } else if line.trim().is_empty() && !data.is_empty() {
            if let Ok(value) = parse_json(&data) {
                walk.document(&value, Some(data.trim_ascii()), Some(start));
            }
            data.clear();
        }
    }
    Some(())
}

/// Reads the flows of a file; `None` when it is not made of netstrings.
pub(super) fn read_flows(
    SourceText { bytes, .. }: SourceText<'_>,
    walk: &mut Walk<'_>,
) -> Option<()> {
    let mut rest = bytes;
    let mut index = 0;
    while index == 0 || !rest.is_empty() {
        let (content, tag, behind) = netstring(rest).filter(|(_, tag, _)| *tag == b'}')?;
        walk.element(&value(content, tag, MAX_DEPTH)?, index);
        rest = behind;
        index += 1;
    }
    Some(())
}

/// The content and the tag of the first netstring, and what follows it.
fn netstring(bytes: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let colon = bytes.iter().take(12).position(|byte| *byte == b':')?;
    let length: usize = std::str::from_utf8(&bytes[..colon]).ok()?.parse().ok()?;
    let (content, rest) = bytes[colon + 1..].split_at_checked(length)?;
    let (tag, rest) = rest.split_first()?;
    Some((content, *tag, rest))
}

fn value(content: &[u8], tag: u8, depth: usize) -> Option<Value<'_>> {
    let depth = depth.checked_sub(1)?;
    Some(match tag {
        // Bytes and text alike: a body that is neither JSON nor text is not PGM's.
        b',' | b';' => Value::String(String::from_utf8_lossy(content)),
        b'#' | b'^' => Value::Number(String::from_utf8_lossy(content)),
        b'!' => Value::Bool(content == b"true"),
        b'~' => Value::Null,
        b']' => Value::Array(values(content, depth)?),
        b'}' => {
            // Keys and values in turn.
            let mut values = values(content, depth)?.into_iter();
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

fn values(mut rest: &[u8], depth: usize) -> Option<Vec<Value<'_>>> {
    let mut values = Vec::new();
    while !rest.is_empty() {
        let (content, tag, behind) = netstring(rest)?;
        values.push(value(content, tag, depth)?);
        rest = behind;
    }
    Some(values)
}
