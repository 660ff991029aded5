//! What tools pack bytes and texts into: gzip, zip, base64, UTF-16; dates; and the kinds of files
//! that are not read, recognised by their first bytes.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chrono::{DateTime, NaiveDateTime, Utc};
use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::ReadError;

/// Bytes that one gzipped body may become. PGM's bodies are a few kilobytes.
const MAX_BODY: usize = 4 << 20;

/// Bytes that all gzipped bodies of one file may become together, so that a file of thousands
/// of bombs costs a fraction of a second.
const MAX_BODIES: usize = 256 << 20;

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
    let is_likely = match start {
        // `{"`, `{` and a line break or a space; gzip; `POST`; a byte order mark.
        [b'e', b'y' | b'w', ..] => true,
        [b'H', ..] => start.starts_with(b"H4sI"),
        [b'U', ..] => start.starts_with(b"UE9TV"),
        [b'7', ..] => start.starts_with(b"77u/"),
        _ => false,
    };
    (declared || is_likely && text.len() >= 8).then_some(())?;
    let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let url_safe = packed.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let alphabet = if url_safe { &URL_SAFE } else { &STANDARD };
    GeneralPurpose::new(alphabet, LENIENT).decode(packed).ok()
}

/// Whether the bytes start with the magic number of gzip.
pub(super) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b\x08")
}

/// Decompresses gzip into at most `limit` bytes.
fn inflate(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let room = u64::try_from(limit).ok()?.checked_add(1)?;
    MultiGzDecoder::new(bytes).take(room).read_to_end(&mut plain).ok()?;
    (plain.len() <= limit).then_some(plain)
}

/// The text of UTF-16, recognised by its byte order mark, or by the zeros beside the first two
/// characters, which are ASCII in every known format. `None` when it is not UTF-16.
fn utf16(bytes: &[u8]) -> Option<String> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] | [1..=0x7f, 0, 1..=0x7f, 0, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] | [0, 1..=0x7f, 0, 1..=0x7f, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let (pairs, half) = bytes.as_chunks();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    let mut text = String::from_utf16_lossy(units.strip_prefix(&[0xfeff]).unwrap_or(&units));
    if !half.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    Some(text)
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

/// What a file holds.
pub(super) enum Unpacked<'b> {
    /// The bytes of a text.
    Text(Cow<'b, [u8]>),
    /// The files of an archive with their names.
    Files(Vec<(String, Vec<u8>)>),
}

/// Unpacks a file: decompresses gzip, opens zip archives, and brings texts to UTF-8 without a byte
/// order mark.
///
/// # Errors
/// When it is of a kind that is not read, or becomes larger than `limit` bytes.
pub(super) fn unpack(bytes: &[u8], limit: usize) -> Result<Unpacked<'_>, ReadError> {
    let bytes = match is_gzip(bytes) {
        true => Cow::Owned(inflate(bytes, limit).ok_or(ReadError::Gzip)?),
        false => Cow::Borrowed(bytes),
    };
    if let Some((kind, help)) = unsupported(&bytes) {
        return Err(ReadError::Unsupported(kind, help));
    }
    if let Some(files) = unzip(&bytes, limit) {
        return Ok(Unpacked::Files(files));
    }
    Ok(Unpacked::Text(match utf16(&bytes) {
        Some(text) => text.into_bytes().into(),
        None => bytes,
    }))
}

/// Files of an archive, or parts of a mail, that are looked at. Fiddler's `.saz` has three for each request.
pub(super) const MAX_FILES: usize = 10_000;

const IMAGE: &str = "type what it shows: pgwh verify --request-id ID --signature HEX";
const PACKETS: &str = "export it: tshark -r FILE -T json > requests.json, or in Wireshark Follow > HTTP \
                       Stream, and save it as text";
const SHEET: &str = "save the table as CSV";
const DOCUMENT: &str = "save it as plain text, or copy the request into a text file";
const DATABASE: &str = "export the table of the requests: sqlite3 -json FILE 'select * from TABLE'";
const PACKED: &str = "unpack it first";
const TABLE: &str = "export the table as CSV or JSON";

/// The first bytes of a kind, what it is called, and what to do instead of reading it.
const UNSUPPORTED: [(&[u8], &str, &str); 26] = [
    (b"\xd4\xc3\xb2\xa1", "a packet capture (pcap)", PACKETS),
    (b"\xa1\xb2\xc3\xd4", "a packet capture (pcap)", PACKETS),
    (b"\x4d\x3c\xb2\xa1", "a packet capture (pcap)", PACKETS),
    (b"\xa1\xb2\x3c\x4d", "a packet capture (pcap)", PACKETS),
    (b"\x0a\x0d\x0d\x0a", "a packet capture (pcapng)", PACKETS),
    (b"\x89PNG", "an image (PNG)", IMAGE),
    (b"\xff\xd8\xff", "an image (JPEG)", IMAGE),
    (b"GIF8", "an image (GIF)", IMAGE),
    (b"RIFF", "an image (WebP)", IMAGE),
    (b"BM", "an image (BMP)", IMAGE),
    (b"\0\0\0\x18ftyp", "an image (HEIC) or a video", IMAGE),
    (b"\0\0\0\x1cftyp", "an image (HEIC) or a video", IMAGE),
    (b"\0\0\0\x20ftyp", "an image (AVIF) or a video", IMAGE),
    (b"%PDF-", "a PDF document", DOCUMENT),
    (b"{\\rtf", "an RTF document", DOCUMENT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of an older Microsoft Office", DOCUMENT),
    (b"SQLite format 3\0", "an SQLite database", DATABASE),
    (b"PAR1", "a Parquet table", TABLE),
    (b"Obj\x01", "an Avro file", TABLE),
    (b"ElfFile\0", "a Windows event log", "export it as XML: wevtutil qe FILE /lf /f:xml"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", PACKED),
    (b"BZh", "compressed with bzip2", PACKED),
    (b"\xfd7zXZ\0", "compressed with xz", PACKED),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", PACKED),
    (b"Rar!\x1a\x07", "a RAR archive", PACKED),
    (b"\x04\x22\x4d\x18", "compressed with LZ4", PACKED),
];

/// Whether a file is known not to be text by how it starts.
pub(super) fn is_binary(head: &[u8]) -> bool {
    is_zip(head) || unsupported(head).is_some()
}

/// What a file is called that is of a kind that is not read, and what to do instead.
fn unsupported(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(("a tar archive", PACKED));
    }
    // Two letters may also start a text.
    let fits = |start: &[u8]| {
        bytes.starts_with(start) && (start.len() > 4 || !bytes.iter().take(64).all(is_text))
    };
    let found = UNSUPPORTED.iter().find(|(start, ..)| fits(start));
    found.map(|(_, kind, help)| (*kind, *help)).or_else(|| office(bytes))
}

fn is_text(byte: &u8) -> bool {
    !byte.is_ascii_control() || matches!(byte, b'\n' | b'\r' | b'\t')
}

/// A zip archive that is a document of an office program.
fn office(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let archive = is_zip(bytes).then(|| ZipArchive::new(Cursor::new(bytes)).ok())??;
    let has = |start: &str| {
        let mut names = archive.file_names().take(MAX_FILES).flatten();
        names.any(|name| name.starts_with(start))
    };
    [
        ("xl/", "an Excel workbook", SHEET),
        ("word/", "a Word document", DOCUMENT),
        ("ppt/", "a PowerPoint document", DOCUMENT),
        ("META-INF/manifest.xml", "an OpenDocument file", DOCUMENT),
    ]
    .into_iter()
    .find(|(start, ..)| has(start))
    .map(|(_, kind, help)| (kind, help))
}

/// Whether the bytes start with the magic number of zip.
fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The files of a zip archive with their names, in order, as many as fit in `limit` bytes together;
/// without those that are encrypted or broken. `None` if it is not a zip archive.
fn unzip(bytes: &[u8], limit: usize) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = is_zip(bytes).then(|| ZipArchive::new(Cursor::new(bytes)).ok())??;
    let (mut files, mut left) = (Vec::new(), u64::try_from(limit).unwrap_or(u64::MAX));
    for index in 0..archive.len().min(MAX_FILES) {
        let Ok(file) = archive.by_index(index) else { continue };
        if !file.is_file() {
            continue;
        }
        let (name, mut content) =
            (String::from_utf8_lossy(file.name_raw()).into_owned(), Vec::new());
        let is_whole = file.take(left + 1).read_to_end(&mut content).is_ok();
        // One that is too large is not read in part.
        let Some(rest) = left.checked_sub(content.len() as u64) else { break };
        left = rest;
        // An archive within an archive is passed over.
        if is_whole && !is_zip(&content) {
            files.push((name, content));
        }
    }
    Some(files)
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
