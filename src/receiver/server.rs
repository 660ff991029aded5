//! Accepts connections and serves each from its first byte to its end: what arrives becomes a request,
//! is refused, or gets a response.
//!
//! hyper-util's builder that finds the HTTP version out by itself is not used: it has no time limit
//! while it does, no limit for the size of a head, and does not return the stream at the end.

use std::borrow::Cow;
use std::error::Error;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ALLOW, CONNECTION, HOST, HeaderValue, ORIGIN};
use hyper::http::request::Parts;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode, Version};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use percent_encoding::percent_decode_str;
use rustls::ServerConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;
use tokio_util::sync::CancellationToken;
use url::{Position, Url};

use super::{
    Handler, IncomingRequest, Limits, Refusal, RefusalReason, Reply, Response, ResponseBody,
    Settings,
};

/// Pause after an accept error such as EMFILE.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(50);

/// Bytes of request bodies that are in memory at a time.
const MAX_BODIES: usize = 64 * 1024 * 1024;

/// What all connections share.
struct Server {
    settings: Settings,
    handler: Arc<dyn Handler>,
    /// One permit for each byte of body that may be in memory.
    body_budget: Arc<Semaphore>,
    stop: CancellationToken,
}

impl Server {
    fn limits(&self) -> &Limits {
        &self.settings.limits
    }

    /// Reports what was refused before it became a request.
    fn refuse(&self, peer: SocketAddr, reason: RefusalReason, target: Option<(String, String)>) {
        self.handler.refused(Refusal { peer, at: (self.settings.now)(), reason, target });
    }
}

/// A receiver that runs until it is stopped or dropped. It needs a tokio runtime.
pub struct Receiver {
    address: SocketAddr,
    server: Arc<Server>,
    slots: Arc<Semaphore>,
    accept: JoinHandle<()>,
}

impl Receiver {
    /// Starts to listen. With port 0 the system picks a free one: see [`Self::address`].
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(
        address: SocketAddr,
        settings: Settings,
        handler: Arc<dyn Handler>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let slots = Arc::new(Semaphore::new(settings.limits.connections));
        let server = Arc::new(Server {
            settings,
            handler,
            body_budget: Arc::new(Semaphore::new(MAX_BODIES)),
            stop: CancellationToken::new(),
        });
        let accept = tokio::spawn(accept(listener, server.clone(), slots.clone()));
        Ok(Self { address, server, slots, accept })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts no more connections, and waits until the requests in flight have their responses,
    /// for at most `timeout`.
    pub async fn stop(self, timeout: Duration) {
        self.accept.abort();
        self.server.stop.cancel();
        let all = u32::try_from(self.server.limits().connections).unwrap_or(u32::MAX);
        // Every connection holds a slot until it ends.
        let _ = tokio::time::timeout(timeout, self.slots.acquire_many(all)).await;
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.accept.abort();
        self.server.stop.cancel();
    }
}

async fn accept(listener: TcpListener, server: Arc<Server>, slots: Arc<Semaphore>) {
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        let (stream, peer) = next_connection(&listener).await;
        let server = server.clone();
        tokio::spawn(async move {
            serve(stream, peer, server).await;
            drop(slot);
        });
    }
}

/// The next connection. Transient errors (ECONNABORTED, EMFILE) are retried.
async fn next_connection(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(_) => tokio::time::sleep(ACCEPT_BACKOFF).await,
        }
    }
}

/// A connection, encrypted on the right. A write that makes no progress in time fails.
type ClientStream = Pin<Box<TimeoutStream<Either<TcpStream, TlsStream<TcpStream>>>>>;

/// How a client starts that knows beforehand that it may use HTTP/2.
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2";

/// Time for a client to read a response that it got before it had sent everything.
const LINGER_TIMEOUT: Duration = Duration::from_secs(2);

/// hyper closes a connection whose head is late without a response.
const REQUEST_TIMEOUT: &[u8] = b"HTTP/1.1 408 Request Timeout\r\n\
    content-type: text/plain; charset=utf-8\r\ncontent-length: 32\r\nconnection: close\r\n\r\n\
    the head did not arrive in time\n";

/// Serves a connection until it ends.
async fn serve(stream: TcpStream, peer: SocketAddr, server: Arc<Server>) {
    let _ = stream.set_nodelay(true);
    let Some(preface) = first_bytes(&stream, &server).await else { return };
    let (stream, is_http2) = match &server.settings.tls {
        None => (Either::Left(stream), preface),
        Some(tls) => match handshake(tls.clone(), stream, &server).await {
            Some(stream) => {
                let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                (Either::Right(stream), is_http2)
            }
            None => return server.refuse(peer, RefusalReason::Tls, None),
        },
    };
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(server.limits().body_time));
    if is_http2 {
        serve_http2(Box::pin(stream), peer, server).await;
    } else {
        serve_http1(Box::pin(stream), peer, &server).await;
    }
}

/// Waits for the first bytes: whether they are those of HTTP/2, or `None` when none arrive.
async fn first_bytes(stream: &TcpStream, server: &Server) -> Option<bool> {
    let mut head = [0; HTTP2_PREFACE.len()];
    let length = tokio::select! {
        length = timeout(server.limits().head_time, stream.peek(&mut head)) => length.ok()?.ok()?,
        () = server.stop.cancelled() => return None,
    };
    (length > 0).then_some(head == HTTP2_PREFACE)
}

async fn handshake(
    tls: Arc<ServerConfig>,
    stream: TcpStream,
    server: &Server,
) -> Option<TlsStream<TcpStream>> {
    let accepted = TlsAcceptor::from(tls).accept(stream);
    timeout(server.limits().head_time, accepted).await.ok()?.ok()
}

async fn serve_http1(stream: ClientStream, peer: SocketAddr, server: &Arc<Server>) {
    let service = service_fn(|request| Box::pin(respond(server, peer, request)));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(server.limits().head_time)
        .max_header_size(server.limits().head)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        biased;
        ended = poll_fn(|context| connection.poll_without_shutdown(context)) => ended,
        () = server.stop.cancelled() => {
            Pin::new(&mut connection).graceful_shutdown();
            poll_fn(|context| connection.poll_without_shutdown(context)).await
        }
    };
    let parts = connection.into_parts();
    let mut stream = parts.io.into_inner();
    if let Err(error) = ended {
        let Some(reason) = reason(&error, parts.read_buf.is_empty()) else { return };
        server.refuse(peer, reason, None);
        if reason == RefusalReason::HeadTooSlow {
            let _ = stream.write_all(REQUEST_TIMEOUT).await;
        }
    }
    close(stream, server).await;
}

/// Why a connection ended; `None` when there is nothing to report.
fn reason(error: &hyper::Error, nothing_arrived: bool) -> Option<RefusalReason> {
    if error.is_timeout() {
        return (!nothing_arrived).then_some(RefusalReason::HeadTooSlow);
    }
    if error.is_parse_too_large() {
        return Some(RefusalReason::HeadTooLarge);
    }
    error.is_parse().then_some(RefusalReason::NotHttp)
}

/// Ends the writing side and reads on for a moment: closing while bytes still arrive resets the
/// connection, and the client could lose the response.
async fn close(mut stream: ClientStream, server: &Server) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let drain = async {
        let mut discarded = [0; 4096];
        while stream.read(&mut discarded).await.is_ok_and(|length| length > 0) {}
    };
    tokio::select! {
        _ = timeout(LINGER_TIMEOUT, drain) => {}
        () = server.stop.cancelled() => {}
    }
}

async fn serve_http2(stream: ClientStream, peer: SocketAddr, server: Arc<Server>) {
    let (limits, stop) = (server.limits(), &server.stop);
    let (open, mut open_streams) = watch::channel(0_usize);
    let service = service_fn(|request| {
        let (server, open) = (server.clone(), open.clone());
        async move {
            open.send_modify(|count| *count += 1);
            let _done = Done(open);
            respond(&server, peer, request).await
        }
    });
    let mut connection = pin!(
        http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_header_list_size(u32::try_from(limits.head).unwrap_or(u32::MAX))
            .max_concurrent_streams(64)
            .keep_alive_interval(limits.head_time)
            .keep_alive_timeout(limits.head_time)
            .serve_connection(TokioIo::new(stream), service)
    );
    // A client that acknowledges PINGs and asks for nothing is idle all the same.
    let idle = async {
        loop {
            let _ = open_streams.wait_for(|count| *count == 0).await;
            let next = open_streams.wait_for(|count| *count > 0);
            if timeout(limits.head_time, next).await.is_err() {
                return;
            }
        }
    };
    let is_idle = tokio::select! {
        _ = &mut connection => return,
        () = idle => true,
        () = stop.cancelled() => false,
    };
    connection.as_mut().graceful_shutdown();
    if is_idle {
        let _ = timeout(limits.head_time, connection).await;
    } else {
        let _ = connection.await;
    }
}

/// Counts a stream as closed when its response is ready, or its client went away.
struct Done(watch::Sender<usize>);

impl Drop for Done {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

/// What `GET /` shows in a browser.
const PAGE: &str = "pgwh listen is running: it receives webhooks of Perfect Gym (PGM) here, \
                    as POST requests.\n";

/// Closes the connection without a response.
#[derive(Debug, thiserror::Error)]
#[error("dropped on purpose")]
struct Dropped;

/// Responds to one request. It is taken apart before the future begins, which would hold it twice.
fn respond(
    server: &Server,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> impl Future<Output = Result<hyper::Response<ResponseBody>, Dropped>> {
    let (received_at, started) = ((server.settings.now)(), Instant::now());
    let (head, body) = request.into_parts();
    async move {
        if matches!(head.method, Method::GET | Method::HEAD) && head.uri.path() == "/" {
            return Ok(Response::text(StatusCode::OK, PAGE).into_hyper());
        }
        let body = match check(&head, server) {
            Ok(()) => read_body(body, server).await,
            Err(reason) => Err(reason),
        };
        match body {
            Ok(body) => {
                let request = IncomingRequest { head, body, peer, received_at, started };
                match server.handler.handle(request).await {
                    Reply::Respond(response) => Ok(response.into_hyper()),
                    Reply::Drop => Err(Dropped),
                }
            }
            Err(reason) => refuse(server, peer, &head, reason),
        }
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
    if !server.settings.allow_browser && is_cross_site(head) {
        return Err(RefusalReason::Browser);
    }
    Ok(())
}

/// Whether the request target is a path without dot segments: others mean different things to
/// different servers, and could leave the folder of a URL that requests are forwarded to. Some servers
/// decode separators, too, and some ignore what follows a semicolon in a segment.
fn is_plain_path(head: &Parts) -> bool {
    let is_absolute = head.version < Version::HTTP_2 && head.uri.authority().is_some();
    let path: Cow<'_, [u8]> = percent_decode_str(head.uri.path()).into();
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

/// Reads the whole body within the limits of size and time. Its share of the memory for bodies is
/// reserved before; a body that is larger than all of it is read alone.
async fn read_body(body: Incoming, server: &Server) -> Result<Bytes, RefusalReason> {
    let limit = server.limits().body;
    let size = body.size_hint();
    if size.lower() > limit as u64 {
        return Err(RefusalReason::BodyTooLarge);
    }
    let size = size.exact().map_or(limit, |exact| usize::try_from(exact).unwrap_or(limit));
    let share = u32::try_from(size.min(MAX_BODIES)).unwrap_or(u32::MAX);
    let reservation = server.body_budget.clone().acquire_many_owned(share).await;
    let reservation = reservation.map_err(|_| RefusalReason::Incomplete)?;
    let whole = Limited::new(body, limit).collect();
    match timeout(server.limits().body_time, whole).await {
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
