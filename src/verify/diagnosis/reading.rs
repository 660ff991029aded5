//! The digest in a signature, however it is written.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::hash::Hash;
use crate::verify::{FindingKind, findings};

/// A digest that a text can be read as, and what is unusual in the way it is written.
#[derive(Debug)]
pub(super) struct Reading {
    pub hash: Hash,
    pub digest: Vec<u8>,
    pub kinds: Vec<&'static FindingKind>,
}

/// A wrapping to take off: gives what is inside, if the text has it.
struct Wrapping {
    kind: &'static FindingKind,
    inside: fn(&str) -> Option<String>,
}

/// Tried from the outside to the inside.
static WRAPPINGS: &[Wrapping] = &[
    Wrapping { kind: &findings::SIGNATURE_WHITESPACE, inside: trimmed },
    Wrapping { kind: &findings::SIGNATURE_QUOTED, inside: unquoted },
    Wrapping { kind: &findings::SIGNATURE_ESCAPED, inside: unescaped },
    Wrapping { kind: &findings::SIGNATURE_PREFIXED, inside: unprefixed },
];

/// A way to write bytes as text.
struct Spelling {
    kind: Option<&'static FindingKind>,
    bytes: fn(&str) -> Option<Vec<u8>>,
}

static SPELLINGS: &[Spelling] = &[
    Spelling { kind: None, bytes: from_hex },
    Spelling { kind: Some(&findings::SIGNATURE_DASHES), bytes: from_separated },
    Spelling { kind: Some(&findings::SIGNATURE_BASE64), bytes: from_base64 },
];

/// No digest is longer than this in any spelling, wrapping included.
const LONGEST: usize = 512;

/// Every way to read `text` as a digest. Mostly one, or none.
pub(super) fn readings(text: &str) -> Vec<Reading> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let mut readings = Vec::new();
    let mut text = text.to_owned();
    let mut taken_off: Vec<&'static FindingKind> = Vec::new();
    read(&text, &taken_off, &mut readings);
    for wrapping in WRAPPINGS {
        if let Some(inside) = (wrapping.inside)(&text) {
            text = inside;
            taken_off.push(wrapping.kind);
            read(&text, &taken_off, &mut readings);
        }
    }
    readings
}

fn read(text: &str, taken_off: &[&'static FindingKind], readings: &mut Vec<Reading>) {
    for spelling in SPELLINGS {
        let Some(digest) = (spelling.bytes)(text) else { continue };
        let Some(hash) = Hash::of_length(digest.len()) else { continue };
        if readings.iter().any(|known| known.digest == digest) {
            continue;
        }
        let kinds = taken_off.iter().copied().chain(spelling.kind).collect();
        readings.push(Reading { hash, digest, kinds });
    }
}

fn trimmed(text: &str) -> Option<String> {
    let inside = text.trim();
    (inside.len() < text.len()).then(|| inside.to_owned())
}

fn unquoted(text: &str) -> Option<String> {
    let inside = ['"', '\'', '`']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))?;
    Some(inside.trim().to_owned())
}

fn unescaped(text: &str) -> Option<String> {
    super::escapes::url_decoded(text.as_bytes()).and_then(|bytes| String::from_utf8(bytes).ok())
}

/// `md5=…`, `sha256:…`, `Signature …`, `0x…`, `v1,…`.
fn unprefixed(text: &str) -> Option<String> {
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return Some(digits.to_owned());
    }
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')?;
    let (name, rest) = text.split_at_checked(end)?;
    let rest = rest.strip_prefix(['=', ':', ' ', ','])?.trim_start();
    (!name.is_empty() && name.len() <= 24 && !rest.is_empty()).then(|| rest.to_owned())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    hex::decode(text).ok()
}

/// `AB-CD-EF`, `ab:cd:ef`, `ab cd ef`, and the dashes of a GUID.
fn from_separated(text: &str) -> Option<Vec<u8>> {
    let separator = |letter: char| matches!(letter, '-' | ':' | ' ' | '_');
    text.contains(separator).then(|| hex::decode(text.replace(separator, "")).ok())?
}

/// Base64 of the bytes, or of their hex digits, which no digest is by chance.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let standard = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
    let for_urls = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
    let bytes = standard.decode(text).or_else(|_| for_urls.decode(text)).ok()?;
    Some(hex::decode(bytes.trim_ascii()).unwrap_or(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<Vec<&'static str>> {
        let of = |reading: Reading| reading.kinds.iter().map(|kind| kind.id).collect();
        readings(text).into_iter().map(of).collect()
    }

    #[test]
    fn every_spelling_of_a_digest_is_read() {
        for (text, expected) in [
            ("b814e8a178517eeb9b0da8eeb20a0df2", vec![]),
            (" B814E8A178517EEB9B0DA8EEB20A0DF2\n", vec!["signature-whitespace"]),
            ("\"b814e8a178517eeb9b0da8eeb20a0df2\"", vec!["signature-quoted"]),
            ("md5=b814e8a178517eeb9b0da8eeb20a0df2", vec!["signature-prefixed"]),
            ("B8-14-E8-A1-78-51-7E-EB-9B-0D-A8-EE-B2-0A-0D-F2", vec!["signature-dashes"]),
            ("uBTooXhRfuubDajusgoN8g==", vec!["signature-base64"]),
            ("uBTooXhRfuubDajusgoN8g", vec!["signature-base64"]),
            ("uBTooXhRfuubDajusgoN8g%3D%3D", vec!["signature-escaped", "signature-base64"]),
            (
                "' MD5 uBTooXhRfuubDajusgoN8g== '",
                vec!["signature-quoted", "signature-prefixed", "signature-base64"],
            ),
            ("YjgxNGU4YTE3ODUxN2VlYjliMGRhOGVlYjIwYTBkZjI=", vec!["signature-base64"]),
        ] {
            let read = readings(text);
            assert_eq!(
                read.first().map(|it| hex::encode(&it.digest)).as_deref(),
                Some("b814e8a178517eeb9b0da8eeb20a0df2"),
                "{text}"
            );
            assert_eq!(ids(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_is_no_digest_is_not_read() {
        for text in ["", "hello", "b814", "eyJhbGciOiJIUzI1NiJ9.e30.abc", &"a".repeat(10_000)] {
            assert!(readings(text).is_empty(), "{text}");
        }
    }
}
