//! Settings and limits, and how what arrives becomes a request, is refused, or gets a response.

use std::borrow::Cow;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ALLOW, CONNECTION, HOST, HeaderValue, ORIGIN};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, Request, StatusCode, Version};
use percent_encoding::percent_decode_str;
use rustls::ServerConfig;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::{Position, Url};

use super::response::ResponseBody;
use super::{Reply, Response};

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
    body: Bytes,
    peer: SocketAddr,
    received_at: DateTime<Utc>,
    started: Instant,
}

/// A body, and its share of the memory that all bodies in flight may take.
struct ReservedBody {
    bytes: Bytes,
    _reservation: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for ReservedBody {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl IncomingRequest {
    fn new(
        head: Parts,
        body: Bytes,
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

    /// The exact bytes of the body. They count as memory in use until the last copy is dropped.
    pub fn body(&self) -> &Bytes {
        &self.body
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

/// Bytes of request bodies that are in memory at a time.
const MAX_BODIES: usize = 64 * 1024 * 1024;

/// What a client may ask for. One that exceeds a limit gets a response that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body; more is a 413.
    pub body: usize,
    /// Bytes of a head, request line included; more is a 431.
    pub head: usize,
    /// Time for a head to arrive, and for an idle connection to send something. Then a 408, or
    /// the end of the connection if nothing arrived at all.
    pub head_time: Duration,
    /// Time for a body to arrive; then a 408. Also the time in which a client has to read
    /// something of its response.
    pub body_time: Duration,
    /// Open connections; the next one waits until one of them ends.
    pub connections: usize,
}

impl Default for Limits {
    /// Far above what PGM sends: its bodies have some hundred bytes.
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            head: 64 * 1024,
            head_time: Duration::from_secs(5),
            body_time: Duration::from_secs(30),
            connections: 1024,
        }
    }
}

/// How to receive.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What a client may ask for.
    pub limits: Limits,
    /// Serve https with this configuration.
    pub tls: Option<Arc<ServerConfig>>,
    /// Accept what web pages of other sites make a browser send.
    pub allow_browser: bool,
    /// Reads the clock.
    pub now: fn() -> DateTime<Utc>,
}

impl Settings {
    /// Plain HTTP within the default limits.
    pub fn plain(now: fn() -> DateTime<Utc>) -> Self {
        Self { limits: Limits::default(), tls: None, allow_browser: false, now }
    }
}

/// Makes requests of what arrives and has them handled, within the limits.
pub(super) struct Service {
    handler: Arc<dyn Handler>,
    limits: Limits,
    allow_browser: bool,
    now: fn() -> DateTime<Utc>,
    /// One permit for each byte of body that may be in memory.
    body_budget: Arc<Semaphore>,
}

impl Service {
    pub(super) fn new(settings: &Settings, handler: Arc<dyn Handler>) -> Self {
        let Settings { limits, allow_browser, now, .. } = *settings;
        Self {
            handler,
            limits,
            allow_browser,
            now,
            body_budget: Arc::new(Semaphore::new(MAX_BODIES)),
        }
    }

    /// Reports what was refused before it became a request.
    pub(super) fn refuse(
        &self,
        peer: SocketAddr,
        reason: RefusalReason,
        target: Option<(String, String)>,
    ) {
        self.handler.refused(Refusal { peer, at: (self.now)(), reason, target });
    }
}

/// What `GET /` shows in a browser.
const PAGE: &str = "pgwh listen is running: it receives webhooks of Perfect Gym (PGM) here, \
                    as POST requests.\n";

/// Closes the connection without a response.
#[derive(Debug, thiserror::Error)]
#[error("dropped on purpose")]
pub(super) struct Dropped;

/// Responds to one request.
pub(super) async fn respond(
    service: &Service,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<hyper::Response<ResponseBody>, Dropped> {
    let arrived = ((service.now)(), Instant::now());
    let (head, body) = request.into_parts();
    if matches!(head.method, Method::GET | Method::HEAD) && head.uri.path() == "/" {
        return Ok(Response::text(StatusCode::OK, PAGE).into_hyper());
    }
    let body = match check(&head, service) {
        Ok(()) => read_body(body, service).await,
        Err(reason) => Err(reason),
    };
    match body {
        Ok(body) => {
            let request = IncomingRequest::new(head, body, peer, arrived);
            match service.handler.handle(request).await {
                Reply::Respond(response) => Ok(response.into_hyper()),
                Reply::Drop => Err(Dropped),
            }
        }
        Err(reason) => refuse(service, peer, &head, reason),
    }
}

/// Whether the head is that of a request that may be handled.
fn check(head: &Parts, service: &Service) -> Result<(), RefusalReason> {
    if head.method != Method::POST {
        return Err(RefusalReason::Method);
    }
    if !is_plain_path(head) {
        return Err(RefusalReason::Target);
    }
    if !service.allow_browser && is_cross_site(head) {
        return Err(RefusalReason::Browser);
    }
    Ok(())
}

/// Whether the request target is a path without dot segments: others mean different things to
/// different servers, and could leave the folder of a URL that requests are forwarded to. Some servers
/// decode separators, too, and some ignore what follows a semicolon in a segment.
fn is_plain_path(head: &Parts) -> bool {
    let is_absolute = head.version < Version::HTTP_2 && head.uri.authority().is_some();
    let path: Vec<u8> = percent_decode_str(head.uri.path()).collect();
    let mut segments = path.split(|byte| matches!(byte, b'/' | b'\\'));
    let is_dots = |segment: &[u8]| {
        let name = segment.split(|byte| *byte == b';').next();
        matches!(name, Some(b"." | b".."))
    };
    !is_absolute && path.starts_with(b"/") && !segments.any(is_dots)
}

/// Whether a browser says that a page of another site makes the request.
fn is_cross_site(head: &Parts) -> bool {
    let host = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.or(head.uri.authority().map(|authority| authority.as_str()));
    let is_foreign = |origin: &HeaderValue| {
        let origin = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok());
        origin.is_none_or(|origin| Some(&origin[Position::BeforeHost..Position::AfterPort]) != host)
    };
    head.headers.get_all("sec-fetch-site").iter().any(|site| site == "cross-site")
        || head.headers.get_all(ORIGIN).iter().any(is_foreign)
}

/// Reads the whole body within the limits of size and time. Its share of the memory for bodies is
/// reserved before; a body that is larger than all of it is read alone.
async fn read_body(body: Incoming, service: &Service) -> Result<Bytes, RefusalReason> {
    let limit = service.limits.body;
    let size = body.size_hint();
    if size.lower() > limit as u64 {
        return Err(RefusalReason::BodyTooLarge);
    }
    let size = size.exact().map_or(limit, |exact| usize::try_from(exact).unwrap_or(limit));
    let share = u32::try_from(size.min(MAX_BODIES)).unwrap_or(u32::MAX);
    let reservation = service.body_budget.clone().acquire_many_owned(share).await;
    let reservation = reservation.map_err(|_| RefusalReason::Incomplete)?;
    let whole = Limited::new(body, limit).collect();
    match tokio::time::timeout(service.limits.body_time, whole).await {
        Ok(Ok(whole)) => Ok(Bytes::from_owner(ReservedBody {
            bytes: whole.to_bytes(),
            _reservation: reservation,
        })),
        Ok(Err(error)) => Err(broken(&*error)),
        Err(_) => Err(RefusalReason::BodyTooSlow),
    }
}

/// Why a body cannot be read to its end.
fn broken(error: &(dyn Error + 'static)) -> RefusalReason {
    if error.is::<LengthLimitError>() {
        return RefusalReason::BodyTooLarge;
    }
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    match cause.map(io::Error::kind) {
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => RefusalReason::NotHttp,
        _ => RefusalReason::Incomplete,
    }
}

fn refuse(
    service: &Service,
    peer: SocketAddr,
    head: &Parts,
    reason: RefusalReason,
) -> Result<hyper::Response<ResponseBody>, Dropped> {
    let target = Some((head.method.to_string(), head.uri.to_string()));
    service.refuse(peer, reason, target);
    let status = reason.status().and_then(|status| StatusCode::from_u16(status).ok());
    let Some(status) = status else { return Err(Dropped) };
    let mut response = Response::text(status, format!("{reason}\n"));
    if reason == RefusalReason::Method {
        response = response.header(ALLOW, HeaderValue::from_static("POST"));
    } else if head.version < Version::HTTP_2 {
        // The rest of the body would be read as the next request.
        response = response.header(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.into_hyper())
}
