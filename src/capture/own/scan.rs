//! The fast reader: the exact spelling that [`Line`](super::Line) gives a line, and nothing
//! else. Whatever is unusual is left to the plain reader, so the two cannot disagree.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};

use super::super::date;
use super::super::json::{append, special, unescape};

/// The parts of a line that a verdict needs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scanned<'a> {
    pub(crate) received_at: Option<DateTime<Utc>>,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) signature: Option<&'a str>,
}

/// Reads a line without its line feed, known to be UTF-8; the body goes to `body`, whose
/// former content is lost. `None` when anything about the line is unusual.
pub(crate) fn scan<'a>(line: &'a str, body: &mut Vec<u8>) -> Option<Scanned<'a>> {
    let mut rest = Cursor { text: line, at: 0 };
    rest.skip(r#"{"receivedAt":""#)?;
    // JSON allows no control characters in strings. Checked for the whole line at once, in
    // a form that compiles to vector instructions.
    if line.bytes().fold(false, |found, byte| found | (byte < 0x20)) {
        return None;
    }
    let received_at = date::from_text(rest.plain()?);
    rest.skip(r#","method":""#)?;
    rest.plain()?;
    rest.skip(r#","path":""#)?;
    rest.plain()?;
    if rest.skip(r#","remote":""#).is_some() {
        rest.plain()?;
    }
    rest.skip(r#","headers":{"#)?;
    let (request_id, signature) = headers(&mut rest)?;
    content(&rest, body)?;
    Some(Scanned { received_at, request_id, signature })
}

/// The values of the two headers; repeated ones are unusual.
fn headers<'a>(rest: &mut Cursor<'a>) -> Option<(Option<&'a str>, Option<&'a str>)> {
    let (mut request_id, mut signature) = (None, None);
    if rest.skip("}").is_some() {
        return Some((None, None));
    }
    loop {
        rest.skip("\"")?;
        let name = rest.plain()?;
        rest.skip(":[")?;
        let slot = match name.len() {
            20 if name.eq_ignore_ascii_case("x-perfectgym-request") => Some(&mut request_id),
            22 if name.eq_ignore_ascii_case("x-perfectgym-signature") => Some(&mut signature),
            _ => None,
        };
        match slot {
            None => values(rest)?,
            Some(slot) => {
                rest.skip("\"")?;
                if slot.replace(rest.plain()?).is_some() {
                    return None;
                }
                rest.skip("]")?;
            }
        }
        if rest.skip(",").is_none() {
            rest.skip("}")?;
            return Some((request_id, signature));
        }
    }
}

/// Over the values of a header that does not matter, and the bracket behind them.
fn values(rest: &mut Cursor<'_>) -> Option<()> {
    if rest.skip("]").is_some() {
        return Some(());
    }
    loop {
        rest.skip("\"")?;
        rest.plain()?;
        if rest.skip(",").is_none() {
            return rest.skip("]");
        }
    }
}

/// The last member: the body, as text or base64.
fn content(rest: &Cursor<'_>, body: &mut Vec<u8>) -> Option<()> {
    body.clear();
    let tail = rest.text.get(rest.at..)?.strip_suffix("\"}")?;
    if let Some(text) = tail.strip_prefix(r#","body":""#) {
        return text_body(text.as_bytes(), body);
    }
    let base64 = tail.strip_prefix(r#","bodyBase64":""#)?;
    BASE64_STANDARD.decode_vec(base64, body).ok()
}

/// Copies the text between its escapes. Those of quotes and backslashes, nearly all there are,
/// are done here; from any other one on, the general way takes over.
fn text_body(text: &[u8], body: &mut Vec<u8>) -> Option<()> {
    let mut from = 0;
    loop {
        let at = special(text, from);
        append(&text[from..], at - from, body);
        match text.get(at..) {
            None | Some([]) => return Some(()),
            Some([b'\\', escaped @ (b'"' | b'\\'), ..]) => body.push(*escaped),
            // A quote that nothing escapes: the body ends before the line does.
            Some([b'"', ..]) => return None,
            Some(_) => {
                let rest = &text[at..];
                return (!has_bare_quote(rest) && unescape(rest, body)).then_some(());
            }
        }
        from = at + 2;
    }
}

fn has_bare_quote(text: &[u8]) -> bool {
    let mut at = 0;
    loop {
        at = special(text, at);
        match text.get(at) {
            None => return false,
            Some(b'"') => return true,
            // A backslash at the very end would escape the closing quote.
            Some(_) if at + 1 == text.len() => return true,
            Some(_) => at += 2,
        }
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Over `expected`, if that is what stands here.
    fn skip(&mut self, expected: &str) -> Option<()> {
        let here = self.text.as_bytes().get(self.at..)?;
        here.starts_with(expected.as_bytes()).then(|| self.at += expected.len())
    }

    /// A string without escapes up to its closing quote, and over that.
    fn plain(&mut self) -> Option<&'a str> {
        let end = special(self.text.as_bytes(), self.at);
        let text = self.text.get(self.at..end)?;
        (self.text.as_bytes().get(end) == Some(&b'"')).then(|| self.at = end + 1)?;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    const LINE: &str = r#"{"receivedAt":"2026-03-01T17:42:09.500Z","method":"POST","path":"/pgm","remote":"127.0.0.1:9","headers":{"host":["h"],"accept":[],"x-perfectgym-request":["1"],"x-a":["1","2"],"x-perfectgym-signature":["ab"]},"body":"{\"a\":\"ż\\n\\\"\"}"}"#;

    #[test]
    fn reads_what_the_plain_reader_reads() {
        let mut body = Vec::new();
        let scanned = scan(LINE, &mut body).unwrap();
        let plain = read(LINE.as_bytes()).unwrap();
        assert_eq!(scanned.received_at, plain.received_at);
        assert_eq!(scanned.request_id, plain.values("x-perfectgym-request").next());
        assert_eq!(scanned.signature, Some("ab"));
        assert_eq!(body, plain.body.unwrap().bytes);
        assert_eq!(body, "{\"a\":\"ż\\n\\\"\"}".as_bytes());
    }

    #[test]
    fn every_change_of_one_byte_is_read_like_the_plain_reader_or_left_to_it() {
        let mut body = Vec::new();
        for at in 0..LINE.len() {
            for byte in [b'"', b'\\', b'u', b' ', b',', b'}', b']', b'[', b'{', b'\n', b'0', b'A'] {
                let mut line = LINE.as_bytes().to_vec();
                line[at] = byte;
                let Ok(line) = std::str::from_utf8(&line) else { continue };
                let Some(scanned) = scan(line, &mut body) else { continue };
                let plain = read(line.as_bytes()).unwrap_or_else(|e| panic!("{line}: {e:?}"));
                assert_eq!(scanned.request_id, plain.values("x-perfectgym-request").next());
                assert_eq!(scanned.signature, plain.values("x-perfectgym-signature").next());
                assert_eq!(scanned.received_at, plain.received_at);
                assert_eq!(Some(&body), plain.body.map(|body| body.bytes).as_ref());
            }
        }
    }

    #[test]
    fn the_unusual_is_left_to_the_plain_reader() {
        let mut body = Vec::new();
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
            assert_eq!(scan(&line, &mut body), None, "{line}");
        }
    }
}
