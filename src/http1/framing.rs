//! What a response's head says about its body, and where the body ends (RFC 9112, 6 and 7): at its
//! length, after its chunks, or with its connection. Reads piece by piece; only trailers are buffered.

use httparse::{EMPTY_HEADER, Header, Status, parse_headers};

use super::{InvalidResponse, MAX_HEADERS, has_token};

/// The longest body that can be counted.
const MAX_BODY_BYTES: u64 = u64::MAX - 2;

/// What the headers say about what follows them.
#[derive(Default)]
pub(super) struct Framing {
    /// `None` within for a length that is no number, or two that differ.
    length: Option<Option<u64>>,
    /// Whether the last of the encodings is `chunked`, if there are any.
    is_chunked: Option<bool>,
    asks_to_close: bool,
    asks_to_keep: bool,
}

impl Framing {
    pub(super) fn read(headers: &[Header<'_>]) -> Self {
        let mut framing = Self::default();
        for header in headers {
            framing.add(header.name, header.value);
        }
        framing
    }

    fn add(&mut self, name: &str, value: &[u8]) {
        // The three names differ in length, so most headers are dismissed by it.
        if name.eq_ignore_ascii_case("content-length") {
            for length in value.split(|byte| *byte == b',') {
                let length = digits(length.trim_ascii());
                let is_same = self.length.is_none_or(|before| before == length);
                self.length = Some(length.filter(|_| is_same));
            }
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            let last = value.rsplit(|byte| *byte == b',').next().unwrap_or_default();
            let is_chunked = last.trim_ascii().eq_ignore_ascii_case(b"chunked");
            self.is_chunked = Some(value.is_ascii() && is_chunked);
        } else if name.eq_ignore_ascii_case("connection") {
            self.asks_to_close |= has_token(value, b"close");
            self.asks_to_keep |= has_token(value, b"keep-alive");
        }
    }

    /// Whether the connection stays (RFC 9112, 9.3).
    pub(super) fn keeps_connection(&self, is_1_0: bool) -> bool {
        !self.asks_to_close && (!is_1_0 || self.asks_to_keep)
    }

    /// How the body comes (RFC 9112, 6.3).
    pub(super) fn body(&self, status: u16, is_1_0: bool) -> Result<BodyFraming, InvalidResponse> {
        if status < 200 || matches!(status, 204 | 304) {
            return Ok(BodyFraming::Length(0));
        }
        match (self.is_chunked, self.length) {
            (Some(_), _) if is_1_0 => {
                Err(InvalidResponse("the response is HTTP/1.0, which has no Transfer-Encoding"))
            }
            (Some(true), _) => Ok(BodyFraming::Chunked(ChunkedDecoder::default())),
            (Some(false), _) | (None, None) => Ok(BodyFraming::UntilClose),
            (None, Some(None)) => {
                Err(InvalidResponse("the Content-Length of the response is not valid"))
            }
            (None, Some(Some(length))) if length > MAX_BODY_BYTES => {
                Err(InvalidResponse("the Content-Length of the response is too large"))
            }
            (None, Some(Some(length))) => Ok(BodyFraming::Length(length)),
        }
    }
}

/// A number of nothing but digits.
fn digits(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

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
            Self::Length(_) => Err(InvalidResponse("the body is shorter than its Content-Length")),
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
        InvalidResponse("the body ended before its last chunk")
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
            (State::Start, _) => Err(InvalidResponse("a chunk of the body has no size")),
            (State::Size, _) => {
                Err(InvalidResponse("the size of a chunk is not a hexadecimal number"))
            }
            (State::Space, _) => {
                Err(InvalidResponse("the size of a chunk is not a hexadecimal number"))
            }
            (State::Extension, _) => Err(InvalidResponse("a chunk extension has a line feed")),
            (State::SizeLf, _) => {
                Err(InvalidResponse("the line with the size of a chunk does not end in CR LF"))
            }
            (State::ContentCr, _) => Err(InvalidResponse("a chunk is longer than its size")),
            (State::ContentLf, _) => Err(InvalidResponse("a chunk does not end in CR LF")),
            (State::TrailerLf, _) => Err(InvalidResponse("a trailer does not end in CR LF")),
            (State::EndLf, _) => Err(InvalidResponse("the body does not end in CR LF")),
            // Handled by `next`.
            (State::Content | State::End, _) => Ok(self.state),
        }
    }

    fn digit(&mut self, byte: u8) -> Result<State, InvalidResponse> {
        let digit = char::from(byte).to_digit(16).unwrap_or_default();
        let size = self.remaining.checked_mul(16).and_then(|n| n.checked_add(digit.into()));
        self.remaining = size.ok_or(InvalidResponse("the size of a chunk is too large"))?;
        Ok(State::Size)
    }

    fn extension(&mut self) -> Result<State, InvalidResponse> {
        self.extensions += 1;
        match self.extensions < MAX_BYTES {
            true => Ok(State::Extension),
            false => Err(InvalidResponse("the chunk extensions are too large (more than 16 KiB)")),
        }
    }

    fn keep(&mut self, byte: u8, next: State) -> Result<State, InvalidResponse> {
        self.trailers.push(byte);
        match self.trailers.len() < MAX_BYTES {
            true => Ok(next),
            false => Err(InvalidResponse("the trailers are too large (more than 16 KiB)")),
        }
    }

    fn line(&mut self) -> Result<State, InvalidResponse> {
        self.lines += 1;
        match self.lines <= MAX_HEADERS {
            true => self.keep(b'\n', State::Line),
            false => Err(InvalidResponse("the response has more than 100 trailers")),
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
            Ok(Status::Partial) | Err(_) => {
                Err(InvalidResponse("a trailer of the response is not valid"))
            }
        }
    }
}
