//! The part of a response that has come so far. Of its body no more is kept than PGM would show.

use std::io::Read;
use std::time::Instant;

use flate2::read::{MultiGzDecoder, ZlibDecoder};

use super::Response;
use crate::pgm::RESPONSE_CHARS;

/// Bytes that hold the characters PGM keeps and one more, to tell whether there are more:
/// UTF-8 needs at most 4 bytes each.
const TEXT_BYTES: usize = (RESPONSE_CHARS + 1) * 4;

/// How much of a compressed body is kept. Text that compresses to more than this is cut; what
/// it could decompress to is bounded by [`TEXT_BYTES`].
const COMPRESSED_BYTES: usize = 64 * 1024;

/// As much of a response as has come.
pub(super) struct PartialResponse {
    /// When its head came.
    pub(super) at: Instant,
    head: Response,
    body: BodyReader,
}

impl PartialResponse {
    /// A head that came just now.
    pub(super) fn new(status: u16, version: &str, headers: Vec<(String, String)>) -> Self {
        let head = Response {
            status,
            version: version.to_owned(),
            headers,
            text: String::new(),
            bytes: 0,
            truncated: false,
        };
        let body = BodyReader::new(head.header("content-encoding"));
        Self { at: Instant::now(), head, body }
    }

    /// Keeps no more of the body than its size.
    pub(super) fn count_only(mut self) -> Self {
        self.body.room = 0;
        self.body.encoding = Encoding::Plain;
        self
    }

    /// The next bytes of the body.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.body.push(bytes);
    }

    /// The response, or what there is of it.
    pub(super) fn into_response(self) -> Response {
        let (text, truncated) = self.body.text();
        Response { text, truncated, bytes: self.body.bytes, ..self.head }
    }
}

/// Reads a body piece by piece, in constant memory.
struct BodyReader {
    encoding: Encoding,
    /// How many more bytes are kept.
    room: usize,
    kept: Vec<u8>,
    bytes: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Plain,
    Gzip,
    Deflate,
}

impl BodyReader {
    /// For a body with this `Content-Encoding`. pgwh asks for none, but some targets compress
    /// all the same.
    fn new(content_encoding: Option<&str>) -> Self {
        let encoding = match content_encoding.map(str::trim) {
            Some(name) if ["gzip", "x-gzip"].iter().any(|gzip| name.eq_ignore_ascii_case(gzip)) => {
                Encoding::Gzip
            }
            Some(name) if name.eq_ignore_ascii_case("deflate") => Encoding::Deflate,
            _ => Encoding::Plain,
        };
        let room = if encoding == Encoding::Plain { TEXT_BYTES } else { COMPRESSED_BYTES };
        Self { encoding, room, kept: Vec::new(), bytes: 0 }
    }

    /// Takes the next piece.
    fn push(&mut self, piece: &[u8]) {
        let kept = &piece[..self.room.min(piece.len())];
        self.kept.extend_from_slice(kept);
        self.room -= kept.len();
        self.bytes += piece.len() as u64;
    }

    /// The first [`RESPONSE_CHARS`] characters, and whether there are more.
    fn text(&self) -> (String, bool) {
        let decoded = match self.encoding {
            Encoding::Plain => None,
            Encoding::Gzip => decode(MultiGzDecoder::new(&self.kept[..])),
            Encoding::Deflate => decode(ZlibDecoder::new(&self.kept[..])),
        };
        let whole = self.kept.len() as u64 == self.bytes;
        let (head, whole) = match &decoded {
            Some(decoded) => (&decoded[..], whole && decoded.len() < TEXT_BYTES),
            None => (&self.kept[..], whole),
        };
        let text = String::from_utf8_lossy(&head[..head.len().min(TEXT_BYTES)]);
        match text.char_indices().nth(RESPONSE_CHARS) {
            Some((end, _)) => (text[..end].to_owned(), true),
            None => (text.into_owned(), !whole),
        }
    }
}

/// As much as can be decompressed of what came; `None` when it is not what it says it is.
fn decode(decoder: impl Read) -> Option<Vec<u8>> {
    let mut decoded = Vec::new();
    // A body that was cut off, or kept in part, ends in an error after its good part.
    let whole = decoder.take(TEXT_BYTES as u64).read_to_end(&mut decoded).is_ok();
    (whole || !decoded.is_empty()).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(encoding: Option<&str>, body: &[u8]) -> (String, bool, u64) {
        let mut reader = BodyReader::new(encoding);
        body.chunks(7).for_each(|piece| reader.push(piece));
        let (text, truncated) = reader.text();
        (text, truncated, reader.bytes)
    }

    #[test]
    fn keeps_characters_not_bytes() {
        let (text, truncated, bytes) = read(None, "ż".repeat(1000).as_bytes());
        assert_eq!((text.chars().count(), truncated, bytes), (1000, false, 2000));
        let (text, truncated, bytes) = read(None, "ż".repeat(5000).as_bytes());
        assert_eq!((text.chars().count(), truncated, bytes), (1000, true, 10_000));
        let (text, truncated, _) = read(None, "🏋".repeat(1001).as_bytes());
        assert_eq!((text.chars().count(), truncated), (1000, true));
    }

    #[test]
    fn broken_utf8_is_shown_as_replacement_characters() {
        assert_eq!(read(None, b"a\xffb").0, "a\u{fffd}b");
        let (text, truncated, _) = read(None, &[0xff; 5000]);
        assert_eq!((text.chars().count(), truncated), (1000, true));
    }

    #[test]
    fn compressed_bodies_are_shown_as_text_in_bounded_memory() {
        // python3 -c "import gzip;print(gzip.compress(b'Ok',mtime=0).hex())"
        let gzip = hex::decode("1f8b0800000000000203f3cf0600e5f958ec02000000").unwrap();

        let shown = read(Some("gzip"), &gzip);
        assert_eq!((shown.0.as_str(), shown.1), ("Ok", false));
        // python3 -c "import gzip;print(gzip.compress(b'',mtime=0).hex())"
        let nothing = hex::decode("1f8b080000000000020303000000000000000000").unwrap();
        assert_eq!(read(Some("x-gzip"), &nothing).0, "");
        assert_eq!(read(Some("gzip"), b"not gzip at all").0, "not gzip at all");
    }
}
