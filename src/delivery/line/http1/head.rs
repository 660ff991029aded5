//! The head of an answer.

use std::mem::MaybeUninit;

use httparse::{Error, ParserConfig, Response, Status};
use hyper::header::{HeaderName, HeaderValue};
use hyper::{HeaderMap, StatusCode, Version};

use super::NotHttp;
use super::body::Body;
use super::rest::Rest;
use crate::pgm;

/// Headers of an answer at most, and lines of its trailers.
pub(super) const MOST_HEADERS: usize = 100;
/// What is said of a head that has more than it may.
pub(super) const TOO_LARGE: &str = "message head is too large";
/// The status after which the connection speaks something else.
const SWITCHING_PROTOCOLS: u16 = 101;

/// The head of an answer, to the empty line.
#[derive(Debug)]
pub(in super::super) struct Head {
    pub(in super::super) status: StatusCode,
    pub(in super::super) version: Version,
    /// None where they are not wanted.
    pub(in super::super) headers: HeaderMap,
}

/// What is wanted of an answer that is a success. Of all others everything is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum OfSuccess {
    /// As nobody looks at more when there are many.
    StatusAndSize,
    Everything,
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

/// Reads a head from the start of `bytes`; gives nothing as long as it has no end.
pub(super) fn parse(bytes: &[u8], of_success: OfSuccess) -> Result<Option<Parsed>, NotHttp> {
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
    let headers = match of_success {
        OfSuccess::StatusAndSize if pgm::is_success(status.as_u16()) => HeaderMap::new(),
        _ => header_map(found.headers),
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
