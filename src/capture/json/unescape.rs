//! What a JSON string stands for.

use crate::marks::Marks;

/// Appends what the inside of a JSON string stands for. A lone surrogate becomes U+FFFD.
///
/// `false` when a lone surrogate or an escape that JSON does not know was met.
pub(crate) fn unescape(inside: &str, out: &mut Vec<u8>) -> bool {
    let (mut marks, inside) = (Marks::new(inside), inside.as_bytes());
    let mut clean = true;
    let mut at = 0;
    loop {
        let next = marks.next(at);
        append(&inside[at..], next - at, out);
        let Some(byte) = inside.get(next) else { return clean };
        at = next + 1;
        if *byte == b'\\' {
            let (known, used) = escape(&inside[at..], out);
            clean &= known;
            at += used;
        } else {
            // Not within a JSON string; kept, so that nothing is lost.
            clean &= *byte != b'"';
            out.push(*byte);
        }
    }
}

/// Appends the first bytes of a text. Between the escapes of JSON in a string they are few:
/// copying a fixed number and dropping the rest is faster than a call to copy them.
fn append(text: &[u8], length: usize, out: &mut Vec<u8>) {
    match text.first_chunk::<16>() {
        Some(chunk) if length <= chunk.len() => {
            let end = out.len() + length;
            out.extend_from_slice(chunk);
            out.truncate(end);
        }
        _ => out.extend_from_slice(&text[..length]),
    }
}

/// One escape behind its backslash; whether it was known, and how many bytes it took.
fn escape(rest: &[u8], out: &mut Vec<u8>) -> (bool, usize) {
    let plain = match rest.first() {
        Some(b'"') => b'"',
        Some(b'\\') => b'\\',
        Some(b'/') => b'/',
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(b'b') => 0x08,
        Some(b'f') => 0x0c,
        Some(b'u') => return unicode(&rest[1..], out),
        _ => return (false, 0),
    };
    out.push(plain);
    (true, 1)
}

/// `XXXX`, or `XXXX\uXXXX` for a pair of surrogates; counts the `u` as used.
fn unicode(rest: &[u8], out: &mut Vec<u8>) -> (bool, usize) {
    let Some(first) = hex4(rest) else { return (false, 1) };
    let (code, used) = match first {
        0xd800..0xdc00 => match rest[4..].strip_prefix(b"\\u").and_then(hex4) {
            Some(second @ 0xdc00..0xe000) => {
                (Some(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)), 11)
            }
            _ => (None, 5),
        },
        code => (Some(code), 5),
    };
    let char = code.and_then(char::from_u32);
    let mut buffer = [0; 4];
    out.extend_from_slice(char.unwrap_or('\u{fffd}').encode_utf8(&mut buffer).as_bytes());
    (char.is_some(), used)
}

fn hex4(bytes: &[u8]) -> Option<u32> {
    let digit = |code: u32, byte: &u8| Some(code << 4 | char::from(*byte).to_digit(16)?);
    bytes.get(..4)?.iter().try_fold(0, digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(inside: &str) -> (String, bool) {
        let mut out = Vec::new();
        let clean = unescape(inside, &mut out);
        (String::from_utf8(out).unwrap(), clean)
    }

    #[test]
    fn agrees_with_serde_json() {
        for text in [r#"{\"a\":1}"#, r"\\\/\b\f\n\r\t", r"\u017c\uD83D\uDE00!", "ż", ""] {
            let expected: String = serde_json::from_str(&format!("\"{text}\"")).unwrap();
            assert_eq!(read(text), (expected, true));
        }
    }

    #[test]
    fn what_json_does_not_know_is_told() {
        for text in [r"\ud83d", r"\udc00x", r"\ud83d\u0041", r"\q", r"\", r"\u12", "\""] {
            assert!(!read(text).1, "{text}");
        }
        assert_eq!(read(r"\ud83d\u0041").0, "\u{fffd}A");
    }
}
