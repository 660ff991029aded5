//! Base64, gzip, UTF-16 and times, and the limits within which untrusted input is followed.

use std::io::Read;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chrono::{DateTime, NaiveDateTime, Utc};
use encoding_rs::{UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;

/// Levels of nesting that are walked in search of requests. Tools use up to ten.
pub(super) const MAX_DEPTH: usize = 32;

/// Bytes that one gzipped body may become. PGM's bodies are a few kilobytes.
const MAX_BODY: usize = 4 << 20;

/// Bytes that all gzipped bodies of one file may become together, so that a file of thousands
/// of bombs costs a fraction of a second.
const MAX_BODIES: usize = 256 << 20;

/// Bytes of one line of a file that is read line by line. A longer line is reported and
/// skipped, so that memory does not grow with it.
pub const MAX_LINE: usize = 16 << 20;

/// What gzipped bodies of one file may still become, in bytes.
pub(super) struct InflateBudget(usize);

impl Default for InflateBudget {
    fn default() -> Self {
        Self(MAX_BODIES)
    }
}

impl InflateBudget {
    /// Decompresses a gzipped body. Returns `None` for anything else, for what is broken or too
    /// large, and once the budget is used up.
    pub(super) fn gunzip(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        if !is_gzip(bytes) {
            return None;
        }
        let limit = MAX_BODY.min(self.0);
        let plain = inflate(bytes, limit);
        self.0 -= plain.as_ref().map_or(limit, Vec::len);
        plain
    }
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// Decodes base64 of either alphabet, with or without padding and white space. What is not
/// `declared` to be base64 has to look like that of a body, or of a message.
pub(super) fn base64(text: &str, declared: bool) -> Option<Vec<u8>> {
    let start = text.trim_start().as_bytes();
    // `{"`, `{` and a line break or a space; gzip; `POST`; a byte order mark.
    let starts = [&b"ey"[..], b"ew", b"H4sI", b"UE9TV", b"77u/"];
    let is_likely = || text.len() >= 8 && starts.iter().any(|known| start.starts_with(known));
    (declared || is_likely()).then_some(())?;
    let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let url_safe = packed.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let alphabet = if url_safe { &URL_SAFE } else { &STANDARD };
    GeneralPurpose::new(alphabet, LENIENT).decode(packed).ok()
}

/// Decodes the hex digits of a JSON object, with or without colons between the bytes.
pub(super) fn hex(text: &str) -> Option<Vec<u8>> {
    text.starts_with("7b").then_some(())?;
    ::hex::decode(text.replace(':', "")).ok()
}

/// Whether the bytes start with the magic number of gzip.
pub(super) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b\x08")
}

/// Decompresses gzip into at most `limit` bytes.
pub(super) fn inflate(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let room = u64::try_from(limit).ok()?.checked_add(1)?;
    MultiGzDecoder::new(bytes).take(room).read_to_end(&mut plain).ok()?;
    (plain.len() <= limit).then_some(plain)
}

/// The text of UTF-16, recognised by its byte order mark, or by the zeros beside the first two
/// characters, which are ASCII in every known format. `None` when it is not UTF-16.
pub(super) fn utf16(bytes: &[u8]) -> Option<String> {
    let encoding = match bytes {
        [0xff, 0xfe, ..] | [1..=0x7f, 0, 1..=0x7f, 0, ..] => UTF_16LE,
        [0xfe, 0xff, ..] | [0, 1..=0x7f, 0, 1..=0x7f, ..] => UTF_16BE,
        _ => return None,
    };
    Some(encoding.decode_with_bom_removal(bytes).0.into_owned())
}

/// Parses RFC 3339, `YYYY-MM-DD hh:mm:ss` taken as UTC and a few other forms, or a number of
/// seconds, milliseconds, microseconds or nanoseconds since 1970.
pub(super) fn date(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Some(date.to_utc());
    }
    let text = text.trim();
    let naive = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%d/%b/%Y:%H:%M:%S +0000"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let zoned = || DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f %z").ok();
    let mail = || DateTime::parse_from_rfc2822(text).ok();
    naive
        .map(|date| date.and_utc())
        .or_else(|| zoned().or_else(mail).map(|date| date.to_utc()))
        .or_else(|| since_1970(text))
}

/// The unit of the number shows in its size: now is ten digits of seconds.
fn since_1970(text: &str) -> Option<DateTime<Utc>> {
    let number: f64 = text.parse().ok()?;
    let seconds = match number {
        1e8..1e11 => number,
        1e11..1e14 => number / 1e3,
        1e14..1e17 => number / 1e6,
        1e17..1e20 => number / 1e9,
        _ => return None,
    };
    // Milliseconds are as exact as a float of this size is.
    DateTime::from_timestamp_millis((seconds * 1e3).round() as i64)
}

/// Counts bytes that a reader looks at, and returns how many there were on this thread: for the
/// test that all readers are linear. Outside of tests nothing is counted.
#[inline]
pub(super) fn count_work(bytes: usize) -> usize {
    #[cfg(test)]
    thread_local!(static WORK: std::cell::Cell<usize> = const { std::cell::Cell::new(0) });
    #[cfg(test)]
    let bytes = WORK.replace(WORK.get() + bytes) + bytes;
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn base64_in_all_spellings() {
        // printf '\373\377{' | base64
        for text in ["+/97", "-_97", "+/\r\n97", " +/97 "] {
            assert_eq!(base64(text, true).unwrap(), b"\xfb\xff{");
        }
        assert_eq!(base64("ew==", true).unwrap(), base64("ew", true).unwrap());
        assert_eq!(base64("{}", true), None);
    }

    #[test]
    fn gzip_bombs_are_refused() {
        let mut budget = InflateBudget::default();
        assert_eq!(budget.gunzip(&gzip(b"{}")).unwrap(), b"{}");
        let bomb = gzip(&vec![0; MAX_BODY + 1]);
        for _ in 0..=MAX_BODIES / MAX_BODY {
            assert_eq!(budget.gunzip(&bomb), None);
        }
        // The budget is used up: now even a small one is refused.
        assert_eq!(budget.gunzip(&gzip(b"{}")), None);
        assert_eq!(InflateBudget::default().gunzip(b"\x1f\x8b\x08torn"), None);
        assert_eq!(InflateBudget::default().gunzip(b"plain"), None);
    }

    #[test]
    fn utf16_with_and_without_its_mark() {
        for bytes in [&b"\xff\xfe{\0}\0"[..], b"\xfe\xff\0{\0}", b"{\0}\0", b"\0{\0}"] {
            assert_eq!(utf16(bytes).unwrap(), "{}");
        }
        assert_eq!(utf16(b"\xff\xfe\x00\xd8{\0").unwrap(), "\u{fffd}{");
        assert_eq!(utf16(b"{}  "), None);
        assert_eq!(utf16(b""), None);
    }

    #[test]
    fn forms_that_tools_write() {
        for (text, expected) in [
            ("2026-03-01T17:42:09.5Z", "2026-03-01T17:42:09.500Z"),
            ("2026-03-01T18:42:09+01:00", "2026-03-01T17:42:09.000Z"),
            ("2026-03-01 17:42:09", "2026-03-01T17:42:09.000Z"),
            ("2026-03-01T17:42:09.1234567", "2026-03-01T17:42:09.123Z"),
            ("2026-03-01 17:42:09 +0000", "2026-03-01T17:42:09.000Z"),
            ("01/Mar/2026:17:42:09 +0000", "2026-03-01T17:42:09.000Z"),
            ("Sun, 01 Mar 2026 17:42:09 GMT", "2026-03-01T17:42:09.000Z"),
            // date -ud 2026-03-01T17:42:09Z +%s
            ("1772386929", "2026-03-01T17:42:09.000Z"),
            ("1772386929.25", "2026-03-01T17:42:09.250Z"),
            ("1772386929250", "2026-03-01T17:42:09.250Z"),
            ("1772386929250000", "2026-03-01T17:42:09.250Z"),
        ] {
            let expected: DateTime<Utc> = expected.parse().unwrap();
            let read = date(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(read.timestamp_millis(), expected.timestamp_millis(), "{text}");
        }
        for other in ["", "12", "today", "NaN", "1e300", "2026-02-29T00:00:00.000Z"] {
            assert_eq!(date(other), None, "{other}");
        }
    }
}
