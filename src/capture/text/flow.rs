//! mitmproxy's flow files: tagged netstrings (`5:hello,`), rewritten as JSON.

use super::super::json::Node;
use super::super::limits;
use super::super::record::Walk;
use super::Input;

/// Reads the flows of a file; `None` when it is not made of netstrings.
pub(super) fn read(Input { bytes, .. }: Input<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let mut rest = bytes;
    let mut index = 0;
    while index == 0 || !rest.is_empty() {
        let mut json = Vec::new();
        let (value, tag, behind) = netstring(rest).filter(|(_, tag, _)| *tag == b'}')?;
        write(value, tag, limits::DEPTH, &mut json)?;
        walk.element(Node::parse(&json).ok()?, index);
        rest = behind;
        index += 1;
    }
    Some(())
}

/// The content and the tag of the first netstring, and what follows it.
fn netstring(bytes: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let colon = bytes.iter().take(12).position(|byte| *byte == b':')?;
    let length: usize = std::str::from_utf8(&bytes[..colon]).ok()?.parse().ok()?;
    let (value, rest) = bytes[colon + 1..].split_at_checked(length)?;
    let (tag, rest) = rest.split_first()?;
    Some((value, *tag, rest))
}

fn write(value: &[u8], tag: u8, depth: usize, json: &mut Vec<u8>) -> Option<()> {
    match tag {
        // Bytes and text alike: a body that is neither JSON nor text is none of PGM's.
        b',' | b';' => json.extend(serde_json::to_vec(&String::from_utf8_lossy(value)).ok()?),
        b'#' | b'^' => json.extend(value),
        b'!' => json.extend(if value == b"true" { &b"true"[..] } else { b"false" }),
        b'~' => json.extend(b"null"),
        b']' => items(value, [b'[', b','], depth, json)?,
        b'}' => items(value, [b'{', b':'], depth, json)?,
        _ => return None,
    }
    Some(())
}

/// A list, or a map as keys and values in turn.
fn items(mut rest: &[u8], [open, second]: [u8; 2], depth: usize, json: &mut Vec<u8>) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    json.push(open);
    let mut index = 0;
    while !rest.is_empty() {
        if index > 0 {
            json.push(if index % 2 == 1 { second } else { b',' });
        }
        let (value, tag, behind) = netstring(rest)?;
        write(value, tag, depth, json)?;
        rest = behind;
        index += 1;
    }
    json.push(if open == b'[' { b']' } else { b'}' });
    Some(())
}
