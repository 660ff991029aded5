//! The head of an answer: what it says, and how long its body is.

use std::mem::MaybeUninit;

use httparse::{Error, ParserConfig, Response, Status};
use hyper::header::{HeaderName, HeaderValue};
use hyper::{HeaderMap, StatusCode, Version};

use super::NotHttp;
use super::body::Body;
use super::chunks::Chunks;
use crate::pgm;

/// Headers of an answer at most, and lines of its trailers.
pub(super) const MOST_HEADERS: usize = 100;
/// Bytes of a header's name at most: more do not fit the type of names.
const LONGEST_NAME: usize = 0xffff;
/// The longest body that can be counted.
const LONGEST_BODY: u64 = u64::MAX - 2;
/// The status after which the connection speaks something else.
const SWITCHING_PROTOCOLS: u16 = 101;

/// The head of an answer, to the empty line.
#[derive(Debug)]
pub(in super::super) struct Head {
    pub(in super::super) status: StatusCode,
    pub(in super::super) version: Version,
    /// Those of an answer that is no success: nobody looks at the others.
    pub(in super::super) headers: HeaderMap,
}

/// A head, and what it means for what follows.
pub(super) struct Parsed {
    /// Bytes that it takes up.
    pub(super) length: usize,
    pub(super) head: Head,
    pub(super) body: Body,
    /// Whether the connection may be used again after it.
    pub(super) keeps: bool,
}

/// What the headers say about the rest of the answer.
#[derive(Default)]
struct Rest {
    /// `None` within for one that is no number, or two that differ.
    length: Option<Option<u64>>,
    /// Whether the last of the encodings is `chunked`, if there are any.
    is_chunked: Option<bool>,
    asks_to_close: bool,
    asks_to_keep: bool,
}

/// Reads a head from the start of `bytes`; gives nothing as long as it has no end.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<Parsed>, NotHttp> {
    let mut room = [const { MaybeUninit::uninit() }; MOST_HEADERS];
    let mut found = Response::new(&mut []);
    let parsed = ParserConfig::default()
        .parse_response_with_uninit_headers(&mut found, bytes, &mut room)
        .map_err(not_http)?;
    let Status::Complete(length) = parsed else { return Ok(None) };
    let status = StatusCode::from_u16(found.code.unwrap_or_default())
        .map_err(|_| NotHttp("invalid HTTP status-code parsed"))?;
    let is_1_0 = found.version == Some(0);
    let rest = Rest::of(found.headers)?;
    let body = rest.body(status, is_1_0)?;
    let headers = match pgm::is_success(status.as_u16()) {
        true => HeaderMap::new(),
        false => header_map(found.headers),
    };
    let version = if is_1_0 { Version::HTTP_10 } else { Version::HTTP_11 };
    let keeps = rest.keeps(is_1_0) && status.as_u16() != SWITCHING_PROTOCOLS;
    Ok(Some(Parsed { length, head: Head { status, version, headers }, body, keeps }))
}

impl Head {
    /// Whether the real answer is still to come.
    pub(super) fn is_informational(&self) -> bool {
        self.status.is_informational() && self.status.as_u16() != SWITCHING_PROTOCOLS
    }
}

impl Rest {
    fn of(headers: &[httparse::Header<'_>]) -> Result<Self, NotHttp> {
        let mut rest = Self::default();
        for header in headers {
            if header.name.len() > LONGEST_NAME {
                return Err(NotHttp(TOO_LARGE));
            }
            rest.take(header.name, header.value);
        }
        Ok(rest)
    }

    fn take(&mut self, name: &str, value: &[u8]) {
        // The lengths differ, so that most headers are passed over at a glance.
        if name.eq_ignore_ascii_case("content-length") {
            for length in value.split(|byte| *byte == b',') {
                let length = digits(length.trim_ascii());
                let is_same = self.length.is_none_or(|before| before == length);
                self.length = Some(length.filter(|_| is_same));
            }
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            let last = value.rsplit(|byte| *byte == b',').next().unwrap_or_default();
            self.is_chunked = Some(last.trim_ascii().eq_ignore_ascii_case(b"chunked"));
        } else if name.eq_ignore_ascii_case("connection") {
            self.asks_to_close |= has_token(value, b"close");
            self.asks_to_keep |= has_token(value, b"keep-alive");
        }
    }

    /// RFC 9112, 9.3.
    fn keeps(&self, is_1_0: bool) -> bool {
        !self.asks_to_close && (!is_1_0 || self.asks_to_keep)
    }

    /// RFC 9112, 6.3.
    fn body(&self, status: StatusCode, is_1_0: bool) -> Result<Body, NotHttp> {
        if status.is_informational() || matches!(status.as_u16(), 204 | 304) {
            return Ok(Body::Length(0));
        }
        match (self.is_chunked, self.length) {
            (Some(_), _) if is_1_0 => Err(NotHttp("unexpected transfer-encoding parsed")),
            (Some(true), _) => Ok(Body::Chunked(Chunks::default())),
            (Some(false), _) | (None, None) => Ok(Body::ToEnd),
            (None, Some(None)) => Err(NotHttp("invalid content-length parsed")),
            (None, Some(Some(length))) if length > LONGEST_BODY => Err(NotHttp(TOO_LARGE)),
            (None, Some(Some(length))) => Ok(Body::Length(length)),
        }
    }
}

pub(super) const TOO_LARGE: &str = "message head is too large";

/// Whether a list names this, in any case.
pub(super) fn has_token(list: &[u8], token: &[u8]) -> bool {
    list.split(|byte| *byte == b',').any(|part| part.trim_ascii().eq_ignore_ascii_case(token))
}

/// A number of nothing but digits.
fn digits(text: &[u8]) -> Option<u64> {
    let number = |so_far: u64, digit: &u8| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        so_far.checked_mul(10)?.checked_add(digit)
    };
    if text.is_empty() { None } else { text.iter().try_fold(0, number) }
}

/// The headers as the rest of the house has them. The parser lets no other names or values pass
/// than these types take.
fn header_map(headers: &[httparse::Header<'_>]) -> HeaderMap {
    let mut map = HeaderMap::with_capacity(headers.len());
    for header in headers {
        let name = HeaderName::from_bytes(header.name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(header.value)) {
            map.append(name, value);
        }
    }
    map
}

fn not_http(error: Error) -> NotHttp {
    NotHttp(match error {
        Error::HeaderName | Error::HeaderValue | Error::NewLine | Error::Token => {
            "invalid HTTP header parsed"
        }
        Error::Status => "invalid HTTP status-code parsed",
        Error::TooManyHeaders => TOO_LARGE,
        Error::Version => "invalid HTTP version parsed",
    })
}
