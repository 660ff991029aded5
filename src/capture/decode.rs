//! Base64, gzip and other encodings of text, and the limits within which untrusted input is
//! followed.

use std::io::Read;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::{UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;

/// Members of one object that are looked at as a request. Real ones have a dozen, flattened
/// ones some sixty; an object beyond this is a collection, and is only walked through.
pub(super) const MAX_MEMBERS: usize = 512;

/// Levels of JSON inside a JSON string (`{"log":"{\"message\":\"{…`). Container logs have two.
pub(super) const MAX_NESTED_STRINGS: usize = 4;

/// Levels of nesting that are walked in search of requests. Tools use up to ten.
pub(super) const MAX_DEPTH: usize = 32;

/// Bytes that one gzipped body may become. PGM's bodies are a few kilobytes.
const MAX_BODY: usize = 4 << 20;

/// Bytes that all gzipped bodies of one file may become together, so that a file of thousands
/// of bombs costs a fraction of a second.
const MAX_BODIES: usize = 256 << 20;

/// Bytes that a gzipped file may become. It is held in memory as a whole.
pub(super) const MAX_FILE: usize = 64 << 20;

/// Bytes of one line of a file that is read line by line. A longer line is reported and
/// skipped, so that memory does not grow with it.
pub const MAX_LINE: usize = 16 << 20;

/// What gzipped bodies of one file may still become, in bytes.
pub(super) struct InflateBudget(usize);

impl InflateBudget {
    pub(super) fn new() -> Self {
        Self(MAX_BODIES)
    }
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// Decodes base64 of either alphabet, with or without padding and white space.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let url_safe = packed.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let alphabet = if url_safe { &URL_SAFE } else { &STANDARD };
    GeneralPurpose::new(alphabet, LENIENT).decode(packed).ok()
}

/// Decompresses a gzipped body. Returns `None` for anything else, for what is broken or too
/// large, and once the budget is used up.
pub(super) fn gunzip(bytes: &[u8], budget: &mut InflateBudget) -> Option<Vec<u8>> {
    if !is_gzip(bytes) {
        return None;
    }
    let limit = MAX_BODY.min(budget.0);
    let plain = inflate(bytes, limit);
    budget.0 -= plain.as_ref().map_or(limit, Vec::len);
    plain
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn base64_in_all_spellings() {
        // printf '\373\377{' | base64
        for text in ["+/97", "-_97", "+/\r\n97", " +/97 "] {
            assert_eq!(base64(text).unwrap(), b"\xfb\xff{");
        }
        assert_eq!(base64("ew==").unwrap(), base64("ew").unwrap());
        assert_eq!(base64("{}"), None);
    }

    #[test]
    fn gzip_bombs_are_refused() {
        let mut budget = InflateBudget::new();
        assert_eq!(gunzip(&gzip(b"{}"), &mut budget).unwrap(), b"{}");
        let bomb = gzip(&vec![0; MAX_BODY + 1]);
        for _ in 0..=MAX_BODIES / MAX_BODY {
            assert_eq!(gunzip(&bomb, &mut budget), None);
        }
        // The budget is used up: now even a small one is refused.
        assert_eq!(gunzip(&gzip(b"{}"), &mut budget), None);
        assert_eq!(gunzip(b"\x1f\x8b\x08torn", &mut InflateBudget::new()), None);
        assert_eq!(gunzip(b"plain", &mut InflateBudget::new()), None);
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
}
