//! Reads one response, however its bytes are cut. Bytes in, events out; no I/O.

use std::mem::MaybeUninit;

use httparse::{Error, ParserConfig, Response, Status};

use super::framing::{BodyFraming, Framing};
use super::limits::{CLOSED, InvalidResponse, MAX_HEAD_BYTES, MAX_HEADERS, MAX_INTERIM, TOO_LARGE};
use crate::pgm;

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
