//! A request as it arrived, or why it was refused, and the trait of those that handle requests.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use hyper::body::Bytes;
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method};
use tokio::sync::OwnedSemaphorePermit;

use super::Reply;

/// Characters of an event's name that are kept: PGM's longest has 38.
pub(super) const MAX_NAME: usize = 100;
/// Characters of any other text from a request that are kept.
pub(super) const MAX_TEXT: usize = 1000;

/// Decides how to respond to requests. One value serves all connections.
pub trait Handler: Send + Sync + 'static {
    /// Handles a request. The future is dropped half-way when the client goes away.
    fn handle(&self, request: IncomingRequest) -> BoxFuture<'_, Reply>;

    /// Learns of what was refused before it became a request.
    fn refused(&self, _refusal: Refusal) {}
}

/// A whole request. All of it comes from outside: escape it before it is shown.
#[derive(Debug)]
pub struct IncomingRequest {
    head: Parts,
    body: IncomingBody,
    peer: SocketAddr,
    received_at: DateTime<Utc>,
    started: Instant,
}

/// A body, and its share of the memory that all bodies in flight may take.
#[derive(Debug, Clone)]
pub(super) struct IncomingBody {
    pub(super) bytes: Bytes,
    pub(super) _reservation: Arc<OwnedSemaphorePermit>,
}

impl IncomingRequest {
    pub(super) fn new(
        head: Parts,
        body: IncomingBody,
        peer: SocketAddr,
        (received_at, started): (DateTime<Utc>, Instant),
    ) -> Self {
        Self { head, body, peer, received_at, started }
    }

    /// HTTP method.
    pub fn method(&self) -> &Method {
        &self.head.method
    }

    /// Path and query, as they were sent.
    pub fn path(&self) -> &str {
        self.head.uri.path_and_query().map_or("/", |path| path.as_str())
    }

    /// All headers.
    pub fn header_map(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Names in lower case and values, in the order they came; repeats of a name follow its first
    /// value. Bytes that are not UTF-8 become replacement characters.
    pub fn headers(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let headers = self.head.headers.iter();
        headers.map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
    }

    /// The first value of a header, its name in any case, if it is UTF-8.
    pub fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.head.headers.get(name)?.as_bytes()).ok()
    }

    /// The exact bytes of the body.
    pub fn body(&self) -> &Bytes {
        &self.body.bytes
    }

    /// The body with its reservation, for whoever keeps it longer than the request.
    pub(super) fn shared_body(&self) -> IncomingBody {
        self.body.clone()
    }

    /// Address and port of the client.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// When its head had arrived.
    pub fn received_at(&self) -> DateTime<Utc> {
        self.received_at
    }

    /// The same moment, to measure from.
    pub(super) fn started(&self) -> Instant {
        self.started
    }
}

/// A connection or a message that did not become a request. All text in it comes from outside.
#[derive(Debug)]
pub struct Refusal {
    /// Address and port of the client.
    pub peer: SocketAddr,
    /// When it was refused.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: RefusalReason,
    /// Method and request target, as far as they arrived.
    pub target: Option<(String, String)>,
}

/// Why something was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum RefusalReason {
    /// PGM only ever sends `POST`.
    #[error("only POST is accepted")]
    Method,
    /// The request target is not a plain path: it has dot segments, a host, or is `*`.
    #[error("the request target must be a plain path")]
    Target,
    /// A web page of another site made the browser send it.
    #[error("a web page sent this from a browser (--allow-browser accepts it)")]
    Browser,
    /// The request went through this receiver before.
    #[error("this receiver forwards to itself")]
    Loop,
    /// The body is larger than the limit.
    #[error("the body is larger than the limit")]
    BodyTooLarge,
    /// The head is larger than the limit.
    #[error("the head is larger than the limit")]
    HeadTooLarge,
    /// The head did not arrive in time.
    #[error("the head did not arrive in time")]
    HeadTooSlow,
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    BodyTooSlow,
    /// The client went away before its body was complete.
    #[error("the client went away before its request was complete")]
    Incomplete,
    /// The bytes are not HTTP.
    #[error("the bytes are not HTTP")]
    NotHttp,
    /// The TLS handshake failed.
    #[error("the TLS handshake failed")]
    Tls,
}

impl RefusalReason {
    /// The status that is sent; `None` where nobody is left to read it.
    pub fn status(self) -> Option<u16> {
        match self {
            Self::Method => Some(405),
            Self::Target | Self::NotHttp => Some(400),
            Self::Browser => Some(403),
            Self::Loop => Some(508),
            Self::BodyTooLarge => Some(413),
            Self::HeadTooLarge => Some(431),
            Self::HeadTooSlow | Self::BodyTooSlow => Some(408),
            Self::Incomplete | Self::Tls => None,
        }
    }
}
