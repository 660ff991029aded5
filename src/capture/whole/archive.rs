//! Zip archives, and kinds of files that are not read, recognised by their first bytes.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// Files of an archive that are looked at. Fiddler's `.saz` has three for each request.
const MAX_FILES: usize = 10_000;

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

/// What a file is called that is of a kind that is not read, and what to do instead.
pub(super) fn unsupported(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
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
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The files of a zip archive with their names, in order, as many as fit in `limit` bytes together;
/// without those that are encrypted or broken. `None` if it is not a zip archive.
pub(super) fn unzip(bytes: &[u8], limit: usize) -> Option<Vec<(String, Vec<u8>)>> {
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
        if is_whole {
            files.push((name, content));
        }
    }
    Some(files)
}
