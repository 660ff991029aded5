//! Between the HTTP library's types and ours.

use std::time::Instant;

use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue};
use reqwest::{StatusCode, Version};

use super::Response;
use super::response::BodyReader;
use crate::pgm::SignedRequest;

/// As much of an answer as has come.
pub(super) struct Received {
    /// When its head was in.
    pub(super) at: Instant,
    head: Response,
    body: BodyReader,
}

impl Received {
    /// The head has come, just now.
    pub(super) fn new(status: StatusCode, version: Version, headers: &HeaderMap) -> Self {
        let lossy = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let encoding = headers.get(CONTENT_ENCODING).map(lossy);
        let headers = headers.iter().map(|(name, value)| (name.to_string(), lossy(value)));
        let head = Response { headers: headers.collect(), ..bare(status, version) };
        Self { at: Instant::now(), head, body: BodyReader::new(encoding.as_deref()) }
    }

    /// The same, of which only status and size are of interest.
    pub(super) fn counted(status: StatusCode, version: Version) -> Self {
        Self { at: Instant::now(), head: bare(status, version), body: BodyReader::counting() }
    }

    /// The next piece of the body has come.
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.body.push(piece);
    }

    /// The answer, or what there is of it.
    pub(super) fn into_answer(self) -> Response {
        let (text, truncated) = self.body.text();
        Response { text, truncated, bytes: self.body.bytes(), ..self.head }
    }
}

fn bare(status: StatusCode, version: Version) -> Response {
    Response {
        status: status.as_u16(),
        version: words(version),
        headers: Vec::new(),
        text: String::new(),
        bytes: 0,
        truncated: false,
    }
}

/// `HTTP/1.1`
fn words(version: Version) -> String {
    match version {
        // Written out for load, where formatting would be felt.
        Version::HTTP_11 => "HTTP/1.1".to_owned(),
        other => format!("{other:?}"),
    }
}

/// The headers as the HTTP client wants them. Those that no header could carry are refused
/// where they are typed, so none is lost here.
pub(super) fn header_map(request: &SignedRequest) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in request.headers() {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            map.append(name, value);
        }
    }
    map
}
