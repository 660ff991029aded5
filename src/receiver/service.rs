//! Settings and limits, and how one request becomes a response.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::header::{ALLOW, CONNECTION, HOST, HeaderValue, ORIGIN};
use hyper::http::request::Parts;
use hyper::{Method, Request, StatusCode, Version};
use percent_encoding::percent_decode_str;
use rustls::ServerConfig;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use url::{Position, Url};

use super::request::IncomingBody;
use super::response::ResponseBody;
use super::{Handler, IncomingRequest, Refusal, RefusalReason, Reply, Response};

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

/// What all connections share.
pub(super) struct Server {
    handler: Arc<dyn Handler>,
    pub(super) limits: Limits,
    pub(super) tls: Option<TlsAcceptor>,
    allow_browser: bool,
    now: fn() -> DateTime<Utc>,
    /// One permit for each byte of body that may be in memory.
    body_budget: Arc<Semaphore>,
    pub(super) stop: CancellationToken,
}

impl Server {
    /// Reports what was refused before it became a request.
    pub(super) fn refuse(
        &self,
        peer: SocketAddr,
        reason: RefusalReason,
        target: Option<(String, String)>,
    ) {
        self.handler.refused(Refusal { peer, at: (self.now)(), reason, target });
    }

    pub(super) fn new(settings: Settings, handler: Arc<dyn Handler>) -> Self {
        let Settings { limits, tls, allow_browser, now } = settings;
        Self {
            handler,
            limits,
            tls: tls.map(TlsAcceptor::from),
            allow_browser,
            now,
            body_budget: Arc::new(Semaphore::new(MAX_BODIES)),
            stop: CancellationToken::new(),
        }
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
    server: &Server,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<hyper::Response<ResponseBody>, Dropped> {
    let arrived = ((server.now)(), Instant::now());
    let (head, body) = request.into_parts();
    if matches!(head.method, Method::GET | Method::HEAD) && head.uri.path() == "/" {
        return Ok(Response::text(StatusCode::OK, PAGE).into_hyper());
    }
    let body = match check(&head, server) {
        Ok(()) => read(body, server).await,
        Err(reason) => Err(reason),
    };
    match body {
        Ok(body) => {
            let request = IncomingRequest::new(head, body, peer, arrived);
            match server.handler.handle(request).await {
                Reply::Respond(response) => Ok(response.into_hyper()),
                Reply::Drop => Err(Dropped),
            }
        }
        Err(reason) => refuse(server, peer, &head, reason),
    }
}

/// Whether the head is that of a request that may be handled.
fn check(head: &Parts, server: &Server) -> Result<(), RefusalReason> {
    if head.method != Method::POST {
        return Err(RefusalReason::Method);
    }
    if !is_plain_path(head) {
        return Err(RefusalReason::Target);
    }
    if !server.allow_browser && is_cross_site(head) {
        return Err(RefusalReason::Browser);
    }
    Ok(())
}

/// Whether the request target is a path without dot segments: others mean different things to
/// different servers, and could leave the folder of a URL that requests are forwarded to.
fn is_plain_path(head: &Parts) -> bool {
    let is_absolute = head.version < Version::HTTP_2 && head.uri.authority().is_some();
    let path = head.uri.path();
    let is_dots = |segment: &str| {
        let segment: Vec<u8> = percent_decode_str(segment).collect();
        segment == b"." || segment == b".."
    };
    !is_absolute && path.starts_with('/') && !path.split(['/', '\\']).any(is_dots)
}

/// Whether a browser says that a page of another site makes the request.
fn is_cross_site(head: &Parts) -> bool {
    let text = |name| head.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if head.headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return true;
    }
    let Some(origin) = head.headers.get(ORIGIN) else { return false };
    let host = text(HOST).or(head.uri.authority().map(|authority| authority.as_str()));
    let origin = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok());
    origin.is_none_or(|origin| Some(&origin[Position::BeforeHost..Position::AfterPort]) != host)
}

/// Reads the whole body within the limits of size and time. Its share of the memory for bodies is
/// reserved before; a body that is larger than all of it is read alone.
async fn read(body: Incoming, server: &Server) -> Result<IncomingBody, RefusalReason> {
    let limit = server.limits.body;
    let size = body.size_hint();
    if size.lower() > limit as u64 {
        return Err(RefusalReason::BodyTooLarge);
    }
    let size = size.exact().map_or(limit, |exact| usize::try_from(exact).unwrap_or(limit));
    let share = u32::try_from(size.min(MAX_BODIES)).unwrap_or(u32::MAX);
    let reservation = server.body_budget.clone().acquire_many_owned(share).await;
    let reservation = reservation.map_err(|_| RefusalReason::Incomplete)?;
    let whole = Limited::new(body, limit).collect();
    match tokio::time::timeout(server.limits.body_time, whole).await {
        Ok(Ok(whole)) => {
            Ok(IncomingBody { bytes: whole.to_bytes(), _reservation: Arc::new(reservation) })
        }
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
    server: &Server,
    peer: SocketAddr,
    head: &Parts,
    reason: RefusalReason,
) -> Result<hyper::Response<ResponseBody>, Dropped> {
    let target = Some((head.method.to_string(), head.uri.to_string()));
    server.refuse(peer, reason, target);
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
