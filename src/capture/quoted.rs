//! Strings in quotes, with the escapes of JSON, JavaScript, Python, Ruby, PHP, Go and Rust.

use std::borrow::Cow;

/// Reads the string whose opening quote a text starts with, and returns how many bytes it takes. A
/// lone surrogate and an unknown byte become U+FFFD.
///
/// # Errors
/// How many bytes were looked at, when the string is not closed.
pub(super) fn quoted(text: &str) -> Result<(Cow<'_, str>, usize), usize> {
    let quote = *text.as_bytes().first().ok_or(0_usize)?;
    let inside = text.get(1..).ok_or(1_usize)?;
    let end = memchr::memchr2(quote, b'\\', inside.as_bytes()).ok_or(text.len())?;
    if inside.as_bytes()[end] == quote {
        return Ok((inside[..end].into(), end + 2));
    }
    let mut bytes = Vec::new();
    let mut rest = inside;
    loop {
        let end = memchr::memchr2(quote, b'\\', rest.as_bytes()).ok_or(text.len())?;
        bytes.extend_from_slice(&rest.as_bytes()[..end]);
        let escaped = rest.as_bytes()[end] != quote;
        rest = &rest[end + 1..];
        if !escaped {
            break;
        }
        rest = escape(rest, &mut bytes).ok_or(text.len() - rest.len())?;
    }
    let string = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    };
    Ok((string.into(), text.len() - rest.len()))
}

/// Appends what an escape stands for, without its backslash, and returns what follows.
fn escape<'a>(rest: &'a str, bytes: &mut Vec<u8>) -> Option<&'a str> {
    let c = rest.chars().next()?;
    let behind = &rest[c.len_utf8()..];
    let plain = match c {
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'b' => 0x08,
        'f' => 0x0c,
        'e' => 0x1b,
        '\n' => return Some(behind),
        'x' => {
            let digits = behind.get(..2)?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            return Some(&behind[2..]);
        }
        'u' => return unicode(behind, bytes),
        c => {
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(behind);
        }
    };
    bytes.push(plain);
    Some(behind)
}

/// `XXXX`, a pair of them with `\u` between, or `{X…}`.
fn unicode<'a>(text: &'a str, bytes: &mut Vec<u8>) -> Option<&'a str> {
    let hex = |digits: &str| u32::from_str_radix(digits, 16).ok();
    let (code, rest) = match text.strip_prefix('{') {
        Some(braced) => {
            let (digits, rest) = braced.split_once('}')?;
            (hex(digits)?, rest)
        }
        None => {
            let first = hex(text.get(..4)?)?;
            let rest = &text[4..];
            let second = rest.strip_prefix("\\u").and_then(|next| hex(next.get(..4)?));
            match (first, second) {
                (0xd800..0xdc00, Some(second @ 0xdc00..0xe000)) => {
                    (0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), &rest[6..])
                }
                _ => (first, rest),
            }
        }
    };
    let char = char::from_u32(code).unwrap_or('\u{fffd}');
    bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_many_languages() {
        for (text, string) in [
            (r#""plain" x"#, "plain"),
            (r"'it\'s \x41\n'", "it's A\n"),
            (r#""\u017c \ud83d\ude00 \u{1f600} \ud800""#, "ż 😀 😀 \u{fffd}"),
            (r#""\xc5\xbc""#, "ż"),
            ("`a\nb`", "a\nb"),
        ] {
            let (read, length) = quoted(text).unwrap();
            assert_eq!(read, string, "{text}");
            assert!(text[..length].ends_with(&text[..1]));
        }
        for torn in ["", "'", "'a", r"'\", r"'\x4'", r"'\u12'", r"'\u{12'"] {
            assert!(quoted(torn).is_err(), "{torn}");
        }
    }
}
