//! mitmproxy's flow files: tagged netstrings (`5:hello,`).

use super::super::decode::MAX_DEPTH;
use super::super::detect::Walk;
use super::super::value::Value;
use super::SourceText;

/// Reads the flows of a file; `None` when it is not made of netstrings.
pub(super) fn read(SourceText { bytes, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
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
