//! Base64, gzip and UTF-16, within limits.

use std::io::Read;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::MultiGzDecoder;

use super::limits;

/// What gzipped bodies may still become in this reading.
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn new() -> Self {
        Self(limits::INFLATED_TOTAL)
    }
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// Base64 of either alphabet, with or without padding and white space.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let url_safe = packed.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let alphabet = if url_safe { &URL_SAFE } else { &STANDARD };
    GeneralPurpose::new(alphabet, LENIENT).decode(packed).ok()
}

/// What gzip holds, told by its magic bytes; `None` for anything else, for what is broken or
/// too large, and once the budget is used up.
pub(super) fn gunzip(bytes: &[u8], budget: &mut Budget) -> Option<Vec<u8>> {
    if !is_gzip(bytes) {
        return None;
    }
    let limit = limits::INFLATED_BODY.min(budget.0);
    let plain = inflate(bytes, limit);
    budget.0 -= plain.as_ref().map_or(limit, Vec::len);
    plain
}

/// Whether the bytes start as gzip's deflate streams do.
pub(super) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b\x08")
}

/// Unpacks gzip into at most `limit` bytes.
pub(super) fn inflate(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let room = u64::try_from(limit).ok()?.checked_add(1)?;
    MultiGzDecoder::new(bytes).take(room).read_to_end(&mut plain).ok()?;
    (plain.len() <= limit).then_some(plain)
}

/// The text of UTF-16, told by its byte order mark, or by the zeros beside its first
/// character, which is ASCII in every shape we know. `None` when it is not UTF-16.
pub(super) fn utf16(bytes: &[u8]) -> Option<String> {
    let (big_endian, text) = match bytes {
        [0xff, 0xfe, rest @ ..] => (false, rest),
        [0xfe, 0xff, rest @ ..] => (true, rest),
        [1..=0x7f, 0, 1..=0x7f, 0, ..] => (false, bytes),
        [0, 1..=0x7f, 0, 1..=0x7f, ..] => (true, bytes),
        _ => return None,
    };
    let unit = |two: &[u8]| {
        if big_endian {
            u16::from_be_bytes([two[0], two[1]])
        } else {
            u16::from_le_bytes([two[0], two[1]])
        }
    };
    let units = text.chunks_exact(2).map(unit);
    Some(char::decode_utf16(units).map(|char| char.unwrap_or('\u{fffd}')).collect())
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
    fn bombs_do_not_go_off() {
        let mut budget = Budget::new();
        assert_eq!(gunzip(&gzip(b"{}"), &mut budget).unwrap(), b"{}");
        let bomb = gzip(&vec![0; limits::INFLATED_BODY + 1]);
        let most = limits::INFLATED_TOTAL / limits::INFLATED_BODY;
        for _ in 0..=most {
            assert_eq!(gunzip(&bomb, &mut budget), None);
        }
        // The budget is used up: now not even a small one.
        assert_eq!(gunzip(&gzip(b"{}"), &mut budget), None);
        assert_eq!(gunzip(b"\x1f\x8b\x08torn", &mut Budget::new()), None);
        assert_eq!(gunzip(b"plain", &mut Budget::new()), None);
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
