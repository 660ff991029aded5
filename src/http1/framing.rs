//! Where a response's body ends: its length, its chunks (RFC 9112, 7.1) or its connection's end. Reads
//! piece by piece; only trailers are buffered. Also the limits and errors of a whole response.

use httparse::{EMPTY_HEADER, Status, parse_headers};

/// Most headers of a response, and most lines of its trailers.
pub(super) const MAX_HEADERS: usize = 100;
/// Most bytes of a head.
pub(super) const MAX_HEAD_BYTES: usize = 8192 + 4096 * 100;
/// The error of a connection that ends before a response.
pub(super) const CLOSED: &str = "connection closed before message completed";
/// The error of a head that is larger than it may be.
pub(super) const TOO_LARGE: &str = "message head is too large";
/// The error of a body that is shorter than its length.
const CUT_SHORT: &str = "end of file before message length reached";

/// What is wrong with the bytes of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidResponse(pub(super) &'static str);

/// What of a body is still to come.
#[derive(Debug)]
pub(super) enum BodyFraming {
    /// This many bytes.
    Length(u64),
    Chunked(ChunkedDecoder),
    /// Everything until the connection ends.
    UntilClose,
}

impl BodyFraming {
    pub(super) fn is_complete(&self) -> bool {
        match self {
            Self::Length(remaining) => *remaining == 0,
            Self::Chunked(decoder) => decoder.is_complete(),
            Self::UntilClose => false,
        }
    }

    /// Takes some of `bytes`; returns how many, and the content in them.
    pub(super) fn next<'a>(
        &mut self,
        bytes: &'a [u8],
    ) -> Result<(usize, &'a [u8]), InvalidResponse> {
        match self {
            Self::Length(remaining) => {
                let here = usize::try_from(*remaining).map_or(bytes.len(), |n| n.min(bytes.len()));
                *remaining -= here as u64;
                Ok((here, &bytes[..here]))
            }
            Self::Chunked(decoder) => decoder.next(bytes),
            Self::UntilClose => Ok((bytes.len(), bytes)),
        }
    }

    /// The connection ended.
    pub(super) fn end(&self) -> Result<(), InvalidResponse> {
        match self {
            Self::Length(0) | Self::UntilClose => Ok(()),
            Self::Length(_) => Err(InvalidResponse(CUT_SHORT)),
            Self::Chunked(decoder) => Err(decoder.cut_short()),
        }
    }
}

/// Most bytes of extensions, and of trailers, in a whole body.
const MAX_BYTES: usize = 16 * 1024;

/// Decodes one chunked body.
#[derive(Debug, Default)]
pub(super) struct ChunkedDecoder {
    state: State,
    /// Bytes of the chunk that are still to come, or its size so far.
    remaining: u64,
    /// Bytes of extensions so far.
    extensions: usize,
    trailers: Vec<u8>,
    lines: usize,
}

/// What comes next.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
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
    /// The start of a line of trailers, or of the last, empty line.
    Line,
    Trailer,
    TrailerLf,
    EndLf,
    End,
}

impl ChunkedDecoder {
    fn is_complete(&self) -> bool {
        self.state == State::End
    }

    /// The error of a body that ends here.
    fn cut_short(&self) -> InvalidResponse {
        InvalidResponse(match self.state {
            State::Content => CUT_SHORT,
            _ => "unexpected EOF during chunk size line",
        })
    }

    /// Takes bytes up to the end of the next piece of content; returns how many, and the piece,
    /// which may be empty.
    fn next<'a>(&mut self, bytes: &'a [u8]) -> Result<(usize, &'a [u8]), InvalidResponse> {
        for (n, byte) in bytes.iter().enumerate() {
            match self.state {
                State::End => return Ok((n, &[])),
                State::Content => return Ok(self.content(bytes, n)),
                _ => self.state = self.step(*byte)?,
            }
        }
        Ok((bytes.len(), &[]))
    }

    fn content<'a>(&mut self, bytes: &'a [u8], start: usize) -> (usize, &'a [u8]) {
        let rest = &bytes[start..];
        let here = usize::try_from(self.remaining).map_or(rest.len(), |n| n.min(rest.len()));
        self.remaining -= here as u64;
        if self.remaining == 0 {
            self.state = State::ContentCr;
        }
        (start + here, &rest[..here])
    }

    fn step(&mut self, byte: u8) -> Result<State, InvalidResponse> {
        match (self.state, byte) {
            (State::Start | State::Size, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                self.digit(byte)
            }
            (State::Size | State::Space, b'\t' | b' ') => Ok(State::Space),
            (State::Size | State::Space, b';') => Ok(State::Extension),
            (State::Size | State::Space | State::Extension, b'\r') => Ok(State::SizeLf),
            (State::Extension, byte) if byte != b'\n' => self.extension(),
            (State::SizeLf, b'\n') if self.remaining == 0 => Ok(State::Line),
            (State::SizeLf, b'\n') => Ok(State::Content),
            (State::ContentCr, b'\r') => Ok(State::ContentLf),
            (State::ContentLf, b'\n') => Ok(State::Start),
            (State::Line, b'\r') if self.trailers.is_empty() => Ok(State::EndLf),
            (State::Line, b'\r') => self.keep(byte, State::EndLf),
            (State::Line | State::Trailer, byte) => {
                self.keep(byte, if byte == b'\r' { State::TrailerLf } else { State::Trailer })
            }
            (State::TrailerLf, b'\n') => self.line(),
            (State::EndLf, b'\n') => self.end(),
            (State::Start, _) => {
                Err(InvalidResponse("Invalid chunk size line: missing size digit"))
            }
            (State::Size, _) => Err(InvalidResponse("Invalid chunk size line: Invalid Size")),
            (State::Space, _) => Err(InvalidResponse("Invalid chunk size linear white space")),
            (State::Extension, _) => {
                Err(InvalidResponse("invalid chunk extension contains newline"))
            }
            (State::SizeLf, _) => Err(InvalidResponse("Invalid chunk size LF")),
            (State::ContentCr, _) => Err(InvalidResponse("Invalid chunk body CR")),
            (State::ContentLf, _) => Err(InvalidResponse("Invalid chunk body LF")),
            (State::TrailerLf, _) => Err(InvalidResponse("Invalid trailer end LF")),
            (State::EndLf, _) => Err(InvalidResponse("Invalid chunk end LF")),
            // Handled by `next`.
            (State::Content | State::End, _) => Ok(self.state),
        }
    }

    fn digit(&mut self, byte: u8) -> Result<State, InvalidResponse> {
        let digit = char::from(byte).to_digit(16).unwrap_or_default();
        let size = self.remaining.checked_mul(16).and_then(|n| n.checked_add(digit.into()));
        self.remaining = size.ok_or(InvalidResponse("invalid chunk size: overflow"))?;
        Ok(State::Size)
    }

    fn extension(&mut self) -> Result<State, InvalidResponse> {
        self.extensions += 1;
        match self.extensions < MAX_BYTES {
            true => Ok(State::Extension),
            false => Err(InvalidResponse("chunk extensions over limit")),
        }
    }

    fn keep(&mut self, byte: u8, next: State) -> Result<State, InvalidResponse> {
        self.trailers.push(byte);
        match self.trailers.len() < MAX_BYTES {
            true => Ok(next),
            false => Err(InvalidResponse("chunk trailers bytes over limit")),
        }
    }

    fn line(&mut self) -> Result<State, InvalidResponse> {
        self.lines += 1;
        match self.lines <= MAX_HEADERS {
            true => self.keep(b'\n', State::Line),
            false => Err(InvalidResponse("chunk trailers count overflow")),
        }
    }

    /// Trailers are validated and discarded.
    fn end(&mut self) -> Result<State, InvalidResponse> {
        if self.trailers.is_empty() {
            return Ok(State::End);
        }
        self.keep(b'\n', State::End)?;
        let mut room = [EMPTY_HEADER; MAX_HEADERS];
        match parse_headers(&self.trailers, &mut room[..self.lines]) {
            Ok(Status::Complete(_)) => Ok(State::End),
            Ok(Status::Partial) | Err(_) => Err(InvalidResponse("invalid trailers parsed")),
        }
    }
}
