//! A body in chunks (RFC 9112, 7.1), piece by piece in constant memory, but for the trailers.

use httparse::{EMPTY_HEADER, Status, parse_headers};

use super::NotHttp;
use super::head::MOST_HEADERS;

/// Bytes of extensions and of trailers at most, in a whole body.
const MOST_BYTES: usize = 16 * 1024;

/// Where the reader of chunks is.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    at: At,
    /// Bytes of the chunk that are still to come.
    left: u64,
    /// Bytes of extensions so far.
    extensions: usize,
    trailers: Vec<u8>,
    lines: usize,
}

/// What comes next.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum At {
    /// The first digit of a size.
    #[default]
    Start,
    Size,
    /// White space after a size.
    Space,
    Extension,
    SizeLf,
    Content,
    ContentCr,
    ContentLf,
    /// A line of trailers, or the empty one that is the last.
    Line,
    Trailer,
    TrailerLf,
    EndLf,
    End,
}

impl Chunks {
    /// Whether all has come.
    pub(super) fn is_complete(&self) -> bool {
        self.at == At::End
    }

    /// What is said of a body that ends here.
    pub(super) fn cut(&self) -> NotHttp {
        NotHttp(match self.at {
            At::Content => super::body::CUT,
            _ => "unexpected EOF during chunk size line",
        })
    }

    /// Takes bytes up to the end of the next piece of content: how many, and the piece, which is
    /// empty when there is none.
    pub(super) fn next<'a>(&mut self, bytes: &'a [u8]) -> Result<(usize, &'a [u8]), NotHttp> {
        for (n, byte) in bytes.iter().enumerate() {
            match self.at {
                At::End => return Ok((n, &[])),
                At::Content => return Ok(self.content(bytes, n)),
                _ => self.at = self.step(*byte)?,
            }
        }
        Ok((bytes.len(), &[]))
    }

    fn content<'a>(&mut self, bytes: &'a [u8], start: usize) -> (usize, &'a [u8]) {
        let rest = &bytes[start..];
        let here = usize::try_from(self.left).map_or(rest.len(), |left| left.min(rest.len()));
        self.left -= here as u64;
        if self.left == 0 {
            self.at = At::ContentCr;
        }
        (start + here, &rest[..here])
    }

    fn step(&mut self, byte: u8) -> Result<At, NotHttp> {
        match (self.at, byte) {
            (At::Start | At::Size, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => self.digit(byte),
            (At::Size | At::Space, b'\t' | b' ') => Ok(At::Space),
            (At::Size | At::Space, b';') => Ok(At::Extension),
            (At::Size | At::Space | At::Extension, b'\r') => Ok(At::SizeLf),
            (At::Extension, byte) if byte != b'\n' => self.extension(),
            (At::SizeLf, b'\n') if self.left == 0 => Ok(At::Line),
            (At::SizeLf, b'\n') => Ok(At::Content),
            (At::ContentCr, b'\r') => Ok(At::ContentLf),
            (At::ContentLf, b'\n') => Ok(At::Start),
            (At::Line, b'\r') if self.trailers.is_empty() => Ok(At::EndLf),
            (At::Line, b'\r') => self.keep(byte, At::EndLf),
            (At::Line | At::Trailer, byte) => {
                self.keep(byte, if byte == b'\r' { At::TrailerLf } else { At::Trailer })
            }
            (At::TrailerLf, b'\n') => self.line(),
            (At::EndLf, b'\n') => self.end(),
            (At::Start, _) => Err(NotHttp("Invalid chunk size line: missing size digit")),
            (At::Size, _) => Err(NotHttp("Invalid chunk size line: Invalid Size")),
            (At::Space, _) => Err(NotHttp("Invalid chunk size linear white space")),
            (At::Extension, _) => Err(NotHttp("invalid chunk extension contains newline")),
            (At::SizeLf, _) => Err(NotHttp("Invalid chunk size LF")),
            (At::ContentCr, _) => Err(NotHttp("Invalid chunk body CR")),
            (At::ContentLf, _) => Err(NotHttp("Invalid chunk body LF")),
            (At::TrailerLf, _) => Err(NotHttp("Invalid trailer end LF")),
            (At::EndLf, _) => Err(NotHttp("Invalid chunk end LF")),
            // Not asked about.
            (At::Content | At::End, _) => Ok(self.at),
        }
    }

    fn digit(&mut self, byte: u8) -> Result<At, NotHttp> {
        let digit = char::from(byte).to_digit(16).unwrap_or_default();
        let size = self.left.checked_mul(16).and_then(|left| left.checked_add(digit.into()));
        self.left = size.ok_or(NotHttp("invalid chunk size: overflow"))?;
        Ok(At::Size)
    }

    fn extension(&mut self) -> Result<At, NotHttp> {
        self.extensions += 1;
        match self.extensions < MOST_BYTES {
            true => Ok(At::Extension),
            false => Err(NotHttp("chunk extensions over limit")),
        }
    }

    fn keep(&mut self, byte: u8, then: At) -> Result<At, NotHttp> {
        self.trailers.push(byte);
        match self.trailers.len() < MOST_BYTES {
            true => Ok(then),
            false => Err(NotHttp("chunk trailers bytes over limit")),
        }
    }

    fn line(&mut self) -> Result<At, NotHttp> {
        self.lines += 1;
        match self.lines <= MOST_HEADERS {
            true => self.keep(b'\n', At::Line),
            false => Err(NotHttp("chunk trailers count overflow")),
        }
    }

    /// Nothing is made of trailers, but they must be ones.
    fn end(&mut self) -> Result<At, NotHttp> {
        if self.trailers.is_empty() {
            return Ok(At::End);
        }
        self.keep(b'\n', At::End)?;
        let mut room = [EMPTY_HEADER; MOST_HEADERS];
        match parse_headers(&self.trailers, &mut room[..self.lines]) {
            Ok(Status::Complete(_)) => Ok(At::End),
            Ok(Status::Partial) | Err(_) => Err(NotHttp("invalid trailers parsed")),
        }
    }
}
