//! The local receiver: accepts requests as PGM's target does, within limits, and responds as it is
//! configured to. Does network and file I/O, never prints.
//!
//! [`Receiver`] accepts connections and speaks HTTP; a [`Handler`] decides how to respond.
//! [`ListenHandler`] is the one behind `pgwh listen`.

mod event;
mod forward;
mod handler;
mod policy;
mod saver;
mod server;
mod settings;

use std::borrow::Cow;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use crate::pgm::RESPONSE_CHARS;
use crate::text::lossy;

pub use event::{
    EventDetail, EventSink, ListenEvent, ListenStats, RequestEvent, RequestOutcome, RequestReport,
};
pub use forward::{ForwardConfig, ForwardError, Forwarded, Forwarder, headers_by_name};
pub use handler::{ListenConfig, ListenHandler, StopCondition};
pub use policy::{
    PlanSource, ResponsePlan, ResponsePolicy, ResponseRule, default_text, parse_delay,
    parse_script, parse_status,
};
pub use saver::{SaveError, Saver};
pub use server::Receiver;
pub use settings::{Limits, Settings, TlsError, from_files, self_signed};

/// Characters of an event's name that are kept: PGM's longest has 38.
const MAX_NAME: usize = 100;
/// Characters of any other text from a request that are kept.
const MAX_TEXT: usize = 1000;

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
    body: Bytes,
    /// Address and port of the client.
    peer: SocketAddr,
    received_at: DateTime<Utc>,
    /// The same moment, to measure from.
    started: Instant,
}

impl IncomingRequest {
    /// HTTP method.
    pub fn method(&self) -> &Method {
        &self.head.method
    }

    /// Path and query, as they were sent.
    pub fn path(&self) -> &str {
        self.head.uri.path_and_query().map_or("/", |path| path.as_str())
    }

    /// Names in lower case and values, in the order they came; repeats of a name follow its first
    /// value. Bytes that are not UTF-8 become replacement characters.
    pub fn headers(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let headers = self.head.headers.iter();
        headers.map(|(name, value)| (name.as_str(), lossy(value.as_bytes())))
    }

    /// The first value of a header, its name in any case, if it is UTF-8.
    pub fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.head.headers.get(name)?.as_bytes()).ok()
    }

    /// The exact bytes of the body. They count as memory in use until the last copy is dropped.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// When its head had arrived.
    pub fn received_at(&self) -> DateTime<Utc> {
        self.received_at
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
    /// The head is larger than the limit, or names a length that no body can have.
    #[error("the head is larger than the limit, or its Content-Length is")]
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

/// The body of a response as hyper sends it.
type ResponseBody = UnsyncBoxBody<Bytes, Infallible>;

/// The shortest pause between two pieces of a slow body: timers are not much finer.
const MIN_PAUSE: Duration = Duration::from_millis(5);

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It gets this response.
    Respond(Response),
    /// The connection is closed without a response.
    Drop,
}

/// A response that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers; length and date are added to them.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Bytes,
    /// Spread the body over this time.
    pub drip: Option<Duration>,
}

impl Response {
    /// A status with a plain text.
    pub fn text(status: StatusCode, text: impl Into<Bytes>) -> Self {
        let plain = (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        Self { status, headers: vec![plain], body: text.into(), drip: None }
    }

    /// 200 and `Ok`: what PGM's help page suggests.
    pub fn ok() -> Self {
        Self::text(StatusCode::OK, "Ok")
    }

    /// Sets a header, in place of one of that name.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value));
        self
    }

    /// The start of the body as text: as much as PGM keeps of a response.
    pub fn first_characters(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(RESPONSE_CHARS).collect()
    }

    fn into_hyper(self) -> hyper::Response<ResponseBody> {
        let length = self.body.len();
        let body = match self.drip {
            Some(time) => drip(self.body, time),
            None => Full::new(self.body).boxed_unsync(),
        };
        let mut response = hyper::Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if self.drip.is_some() && self.status != StatusCode::NO_CONTENT {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        response
    }
}

/// A body that is sent byte by byte over this time, or in larger pieces where the pauses would be
/// too short.
fn drip(body: Bytes, time: Duration) -> ResponseBody {
    let most = usize::try_from(time.as_millis() / MIN_PAUSE.as_millis()).unwrap_or(usize::MAX);
    let count = body.len().clamp(1, most.max(1));
    let pause = time / u32::try_from(count).unwrap_or(u32::MAX);
    let size = body.len().div_ceil(count);
    let pieces = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok(Frame::data(piece)), rest))
    });
    StreamBody::new(pieces).boxed_unsync()
}
