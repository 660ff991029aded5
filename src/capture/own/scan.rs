//! The fast reader: the exact spelling that [`Line`](super::Line) gives a line, and nothing
//! else. Whatever is unusual is left to the plain reader, so the two cannot disagree.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};

use super::super::date;
use super::super::json::unescape;
use super::super::{Quoted, Spelling};
use super::cursor::Cursor;
use super::headers::{Headers, headers};
use crate::marks::Marks;

/// The parts of a line that a verdict needs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scanned<'a> {
    pub(crate) received_at: Option<DateTime<Utc>>,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) signature: Option<&'a str>,
    pub(crate) body: Spelling<'a>,
}

/// The parts of the line before that nobody looks at. Most stand in the next one just the same,
/// and need not be taken apart again.
#[derive(Debug, Default)]
pub(crate) struct Before<'a> {
    /// From the time to the headers.
    start: &'a str,
    headers: Headers<'a>,
}

/// Reads a line without its line feed, known to be UTF-8; `buffer` is for a body that has to be
/// written out. `None` when anything about the line is unusual.
pub(crate) fn scan<'a: 'b, 'b>(
    line: &'a str,
    before: &mut Before<'a>,
    buffer: &'b mut Vec<u8>,
) -> Option<Scanned<'b>> {
    let mut rest = Cursor::new(line);
    rest.skip(r#"{"receivedAt":""#)?;
    let received_at = time(&mut rest)?;
    if !rest.again(before.start) {
        let from = rest.at;
        start(&mut rest)?;
        before.start = rest.since(from);
    }
    let (request_id, signature) = headers(&mut rest, &mut before.headers)?;
    let body = content(&rest, buffer)?;
    Some(Scanned { received_at, request_id, signature, body })
}

/// A time, which may be none that can be read, and the quote behind it.
fn time(rest: &mut Cursor<'_>) -> Option<Option<DateTime<Utc>>> {
    // The usual form has a length of its own, and can have no quotes in it.
    if let Some(([text @ .., b'"'], _)) = rest.here()?.split_first_chunk::<25>()
        && let Some(date) = date::own(text)
    {
        rest.at += 25;
        return Some(Some(date));
    }
    rest.plain().map(date::from_text)
}

/// What stands between the time and the headers.
fn start(rest: &mut Cursor<'_>) -> Option<()> {
    rest.skip(r#","method":""#)?;
    rest.plain()?;
    rest.skip(r#","path":""#)?;
    rest.plain()?;
    if rest.skip(r#","remote":""#).is_some() {
        rest.plain()?;
    }
    rest.skip(r#","headers":{"#)
}

/// The last member: the body, as text or base64.
fn content<'a: 'b, 'b>(rest: &Cursor<'a>, buffer: &'b mut Vec<u8>) -> Option<Spelling<'b>> {
    let tail = rest.text.get(rest.at..)?.strip_suffix("\"}")?;
    if let Some(text) = tail.strip_prefix(r#","body":""#) {
        return match Quoted::new(text) {
            Some(quoted) => Some(Spelling::Quoted(quoted)),
            None => written_out(text, buffer),
        };
    }
    let base64 = tail.strip_prefix(r#","bodyBase64":""#)?;
    buffer.clear();
    BASE64_STANDARD.decode_vec(base64, buffer).ok()?;
    Some(Spelling::Plain(buffer))
}

/// A body with any escapes.
fn written_out<'a>(text: &str, buffer: &'a mut Vec<u8>) -> Option<Spelling<'a>> {
    buffer.clear();
    let sound = is_string(text) && unescape(text, buffer);
    sound.then_some(Spelling::Plain(buffer))
}

/// Whether a text can stand between quotes: no quote ends it early, no backslash at its end
/// escapes the one that does, and it has no control characters.
fn is_string(text: &str) -> bool {
    let mut marks = Marks::new(text);
    let mut at = 0;
    loop {
        at = marks.next(at);
        match text.as_bytes().get(at..) {
            None | Some([]) => return true,
            Some([b'\\', escaped, ..]) if *escaped >= b' ' => at += 2,
            Some(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    const LINE: &str = r#"{"receivedAt":"2026-03-01T17:42:09.500Z","method":"POST","path":"/pgm","remote":"127.0.0.1:9","headers":{"host":["h"],"accept":[],"x-perfectgym-request":["1"],"x-a":["1","2"],"x-perfectgym-signature":["ab"]},"body":"{\"a\":\"ż\\n\\\"\"}"}"#;

    #[test]
    fn reads_what_the_plain_reader_reads() {
        let mut buffer = Vec::new();
        let scanned = scan(LINE, &mut Before::default(), &mut buffer).unwrap();
        let plain = read(LINE.as_bytes()).unwrap();
        assert_eq!(scanned.received_at, plain.received_at);
        assert_eq!(scanned.request_id, plain.values("x-perfectgym-request").next());
        assert_eq!(scanned.signature, Some("ab"));
        assert_eq!(scanned.body.bytes(), plain.body.unwrap().bytes);
        assert_eq!(scanned.body.bytes(), "{\"a\":\"ż\\n\\\"\"}".as_bytes());
    }

    #[test]
    fn every_change_of_one_byte_is_read_like_the_plain_reader_or_left_to_it() {
        let mut buffer = Vec::new();
        for at in 0..LINE.len() {
            for byte in [b'"', b'\\', b'u', b' ', b',', b'}', b']', b'[', b'{', b'\n', b'0', b'A'] {
                let mut line = LINE.as_bytes().to_vec();
                line[at] = byte;
                let Ok(line) = std::str::from_utf8(&line) else { continue };
                let Some(scanned) = scan(line, &mut Before::default(), &mut buffer) else {
                    continue;
                };
                let plain = read(line.as_bytes()).unwrap_or_else(|e| panic!("{line}: {e:?}"));
                assert_eq!(scanned.request_id, plain.values("x-perfectgym-request").next());
                assert_eq!(scanned.signature, plain.values("x-perfectgym-signature").next());
                assert_eq!(scanned.received_at, plain.received_at);
                assert_eq!(scanned.body.bytes(), plain.body.unwrap().bytes);
            }
        }
    }

    #[test]
    fn the_unusual_is_left_to_the_plain_reader() {
        let mut buffer = Vec::new();
        for (from, to) in [
            ("\"method\"", " \"method\""),
            ("/pgm", "/p\\u0067m"),
            ("x-a", "x-perfectgym-request"),
            ("[\"ab\"]", "\"ab\""),
            ("\"}\"}", "\"}\\\"}"),
            ("\"}\"}", "\"}\",\"a\":\"\"}"),
            ("\"body\"", "\"bodyBase64\""),
            (r#","body":"#, r#","body":"","body":"#),
        ] {
            let line = LINE.replacen(from, to, 1);
            assert_ne!(line, LINE);
            assert_eq!(scan(&line, &mut Before::default(), &mut buffer), None, "{line}");
        }
    }
}
