//! Reads one response, however its bytes are cut. Bytes in, events out; no I/O.

use std::mem::MaybeUninit;

use httparse::{Error, ParserConfig, Response, Status};

use super::framing::{
    BodyFraming, CLOSED, ChunkedDecoder, InvalidResponse, MAX_HEAD_BYTES, MAX_HEADERS, TOO_LARGE,
};
use crate::pgm;

/// Most interim (1xx) responses before the real one.
pub(super) const MAX_INTERIM: u32 = 100;
/// Most bytes of a header's name.
const MAX_NAME_BYTES: usize = 0xffff;
/// The longest body that can be counted.
const MAX_BODY_BYTES: u64 = u64::MAX - 2;

/// A head that is longer than this is parsed again only where it may be complete: parsing it with
/// each piece would take time that grows with the square of its length.
const SHORT_HEAD: usize = 4096;

/// The status after which the connection speaks another protocol.
const SWITCHING_PROTOCOLS: u16 = 101;

/// The head of a response, up to the empty line.
#[derive(Debug)]
pub struct ResponseHead {
    /// HTTP status.
    pub status: u16,
    /// `HTTP/1.1` or `HTTP/1.0`.
    pub version: &'static str,
    /// In the order they came, names as they came, values with replacement characters for broken
    /// UTF-8. Empty where they are not wanted.
    pub headers: Vec<(String, String)>,
}

/// What is wanted of a successful response. Of all others everything is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyPolicy {
    /// Status and size: nobody looks at more when there are many.
    StatusOnly,
    /// Headers and body, too.
    Full,
}

/// What the next bytes of a response are.
#[derive(Debug)]
pub(super) enum ResponseEvent<'a> {
    /// More bytes are needed.
    NeedsMore,
    /// An interim response, or a part of the framing.
    Skipped,
    Head(ResponseHead),
    /// Bytes of the body.
    Content(&'a [u8]),
    /// The response is complete.
    End,
}

/// Reads one response.
#[derive(Debug)]
pub(super) struct ResponseReader {
    policy: BodyPolicy,
    /// Once the head has come.
    body: Option<BodyFraming>,
    keeps_connection: bool,
    /// Bytes of the head that were parsed in vain.
    parsed: usize,
    interim: u32,
}

impl ResponseReader {
    pub(super) fn new(policy: BodyPolicy) -> Self {
        Self { policy, body: None, keeps_connection: false, parsed: 0, interim: 0 }
    }

    /// Reads the next event from the start of `bytes`, and returns how many of them it took. The
    /// others are passed again, after [`ResponseEvent::NeedsMore`] with more behind them.
    pub(super) fn next<'a>(
        &mut self,
        bytes: &'a [u8],
    ) -> Result<(usize, ResponseEvent<'a>), InvalidResponse> {
        let Some(body) = &mut self.body else { return self.head(bytes) };
        if body.is_complete() {
            return Ok((0, ResponseEvent::End));
        }
        if bytes.is_empty() {
            return Ok((0, ResponseEvent::NeedsMore));
        }
        let (used, content) = body.next(bytes)?;
        Ok((
            used,
            if content.is_empty() {
                ResponseEvent::Skipped
            } else {
                ResponseEvent::Content(content)
            },
        ))
    }

    fn head<'a>(&mut self, bytes: &'a [u8]) -> Result<(usize, ResponseEvent<'a>), InvalidResponse> {
        let parsed = match self.may_be_complete(bytes) {
            true => parse(bytes, self.policy)?,
            false => None,
        };
        let Some(parsed) = parsed else {
            self.parsed = bytes.len();
            let is_too_long = bytes.len() >= MAX_HEAD_BYTES;
            return if is_too_long {
                Err(InvalidResponse(TOO_LARGE))
            } else {
                Ok((0, ResponseEvent::NeedsMore))
            };
        };
        self.parsed = 0;
        if parsed.is_interim {
            self.interim += 1;
            return match self.interim <= MAX_INTERIM {
                true => Ok((parsed.length, ResponseEvent::Skipped)),
                false => Err(InvalidResponse("more than 100 interim (1xx) responses")),
            };
        }
        (self.body, self.keeps_connection) = (Some(parsed.body), parsed.keeps_connection);
        Ok((parsed.length, ResponseEvent::Head(parsed.head)))
    }

    /// Whether there may be a whole head, or so few bytes that it costs little to try.
    fn may_be_complete(&self, bytes: &[u8]) -> bool {
        let new = &bytes[self.parsed.saturating_sub(3).min(bytes.len())..];
        let ends_at = |at: usize| {
            let rest = &new[at + 1..];
            rest.starts_with(b"\n") || rest.starts_with(b"\r\n")
        };
        !bytes.is_empty()
            && (self.parsed == 0
                || bytes.len() <= SHORT_HEAD
                || memchr::memchr_iter(b'\n', new).any(ends_at))
    }

    /// The connection ended.
    ///
    /// # Errors
    /// When that is not how this response ends.
    pub(super) fn end(&mut self) -> Result<(), InvalidResponse> {
        self.keeps_connection = false;
        self.body.as_ref().map_or(Err(InvalidResponse(CLOSED)), BodyFraming::end)
    }

    /// Whether the connection can carry another request after this response.
    pub(super) fn keeps_connection(&self) -> bool {
        self.keeps_connection
    }
}

/// A head, and what it says about what follows.
struct ParsedHead {
    length: usize,
    head: ResponseHead,
    is_interim: bool,
    body: BodyFraming,
    keeps_connection: bool,
}

/// Reads a head from the start of `bytes`; `None` as long as it has no end.
fn parse(bytes: &[u8], policy: BodyPolicy) -> Result<Option<ParsedHead>, InvalidResponse> {
    let mut room = [const { MaybeUninit::uninit() }; MAX_HEADERS];
    let mut found = Response::new(&mut []);
    let parsed = ParserConfig::default()
        .parse_response_with_uninit_headers(&mut found, bytes, &mut room)
        .map_err(invalid)?;
    let Status::Complete(length) = parsed else { return Ok(None) };
    let status = found.code.unwrap_or_default();
    if status < 100 {
        return Err(InvalidResponse("invalid HTTP status-code parsed"));
    }
    let is_1_0 = found.version == Some(0);
    let framing = Framing::read(found.headers)?;
    let headers = match policy {
        BodyPolicy::StatusOnly if pgm::is_success(status) => Vec::new(),
        _ => found.headers.iter().map(owned).collect(),
    };
    let version = if is_1_0 { "HTTP/1.0" } else { "HTTP/1.1" };
    Ok(Some(ParsedHead {
        length,
        head: ResponseHead { status, version, headers },
        is_interim: status < 200 && status != SWITCHING_PROTOCOLS,
        body: framing.body(status, is_1_0)?,
        keeps_connection: framing.keeps_connection(is_1_0) && status != SWITCHING_PROTOCOLS,
    }))
}

fn owned(header: &httparse::Header<'_>) -> (String, String) {
    (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned())
}

fn invalid(error: Error) -> InvalidResponse {
    InvalidResponse(match error {
        Error::HeaderName | Error::HeaderValue | Error::NewLine | Error::Token => {
            "invalid HTTP header parsed"
        }
        Error::Status => "invalid HTTP status-code parsed",
        Error::TooManyHeaders => TOO_LARGE,
        Error::Version => "invalid HTTP version parsed",
    })
}

/// What the headers say about what follows them.
#[derive(Default)]
struct Framing {
    /// `None` within for a length that is no number, or two that differ.
    length: Option<Option<u64>>,
    /// Whether the last of the encodings is `chunked`, if there are any.
    is_chunked: Option<bool>,
    asks_to_close: bool,
    asks_to_keep: bool,
}

impl Framing {
    fn read(headers: &[httparse::Header<'_>]) -> Result<Self, InvalidResponse> {
        let mut framing = Self::default();
        for header in headers {
            if header.name.len() > MAX_NAME_BYTES {
                return Err(InvalidResponse(TOO_LARGE));
            }
            framing.add(header.name, header.value);
        }
        Ok(framing)
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
    fn keeps_connection(&self, is_1_0: bool) -> bool {
        !self.asks_to_close && (!is_1_0 || self.asks_to_keep)
    }

    /// How the body comes (RFC 9112, 6.3).
    fn body(&self, status: u16, is_1_0: bool) -> Result<BodyFraming, InvalidResponse> {
        if status < 200 || matches!(status, 204 | 304) {
            return Ok(BodyFraming::Length(0));
        }
        match (self.is_chunked, self.length) {
            (Some(_), _) if is_1_0 => Err(InvalidResponse("unexpected transfer-encoding parsed")),
            (Some(true), _) => Ok(BodyFraming::Chunked(ChunkedDecoder::default())),
            (Some(false), _) | (None, None) => Ok(BodyFraming::UntilClose),
            (None, Some(None)) => Err(InvalidResponse("invalid content-length parsed")),
            (None, Some(Some(length))) if length > MAX_BODY_BYTES => {
                Err(InvalidResponse(TOO_LARGE))
            }
            (None, Some(Some(length))) => Ok(BodyFraming::Length(length)),
        }
    }
}

/// Whether a list has this token, in any case. A list that is not plain ASCII has none.
pub(super) fn has_token(list: &[u8], token: &[u8]) -> bool {
    let mut parts = list.split(|byte| *byte == b',');
    list.is_ascii() && parts.any(|part| part.trim_ascii().eq_ignore_ascii_case(token))
}

/// A number of nothing but digits.
fn digits(text: &[u8]) -> Option<u64> {
    let number = |so_far: u64, digit: &u8| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        so_far.checked_mul(10)?.checked_add(digit)
    };
    if text.is_empty() { None } else { text.iter().try_fold(0, number) }
}

/// The response reader as the fuzzer sees it.
#[cfg(fuzzing)]
pub mod fuzzing {
    use super::{BodyPolicy, ResponseEvent, ResponseReader};

    /// What the reader made of some bytes.
    #[derive(Debug, Default, PartialEq, Eq)]
    pub struct ParsedResponse {
        /// The status, once the head has come.
        pub status: Option<u16>,
        /// The content so far.
        pub body: Vec<u8>,
        /// How many bytes were used, unless they are not a response.
        pub used: usize,
        /// Whether the response is complete.
        pub is_complete: bool,
        /// Whether the bytes are not a response.
        pub is_broken: bool,
        /// Whether the end of the connection would complete it.
        may_end: bool,
    }

    /// Reads a response that comes in these pieces.
    ///
    /// # Panics
    /// When the reader breaks its contract.
    #[allow(clippy::panic, reason = "a fuzzer reports panics")]
    pub fn read_response<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> ParsedResponse {
        let mut reader = ResponseReader::new(BodyPolicy::Full);
        let mut parsed = ParsedResponse::default();
        let mut unread = Vec::new();
        for piece in pieces {
            unread.extend_from_slice(piece);
            loop {
                let Ok((used, event)) = reader.next(&unread) else {
                    return ParsedResponse { is_broken: true, used: 0, ..parsed };
                };
                match event {
                    ResponseEvent::NeedsMore if used == 0 => break,
                    ResponseEvent::End => {
                        assert_eq!(used, 0);
                        return ParsedResponse { is_complete: true, ..parsed };
                    }
                    ResponseEvent::Head(head) if parsed.status.is_none() => {
                        parsed.status = Some(head.status)
                    }
                    ResponseEvent::Content(content) if !content.is_empty() => {
                        parsed.body.extend_from_slice(content);
                    }
                    ResponseEvent::Skipped if used > 0 => {}
                    event => panic!("{event:?} of {used} bytes"),
                }
                unread.drain(..used);
                parsed.used += used;
            }
        }
        parsed.may_end = reader.end().is_ok();
        parsed
    }
}
