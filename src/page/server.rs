//! Serves the page: who may use it, within which limits, and what is where.
//!
//! Every request is checked before it is routed, whatever its method:
//!
//! - Against DNS rebinding, `Host` is one of an exact list of names.
//! - Against forms and scripts of other sites, those of other local ports included, a browser's
//!   `Sec-Fetch-Site` is `same-origin` or `none`, and its `Origin` is the page's own.
//! - Against other users of this machine, a cookie proves the key from the URL that pgwh printed.
//!
//! Connections are limited in number; heads and bodies are of a modest size; nobody is waited for who
//! does not send or does not read.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, ORIGIN,
    REFERRER_POLICY, REFRESH, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use hmac::{Hmac, KeyInit, Mac};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_io_timeout::TimeoutStream;

use super::received::ReceivedLog;
use super::{Environment, PageState, Problem, actions, documents, live};

/// Connections at a time. A browser has six, and one for each open page.
const MAX_CONNECTIONS: usize = 256;
/// Bytes of a head.
const MAX_HEAD: usize = 32 * 1024;
/// Time for a head to arrive, and for a connection to be idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a client is waited for.
const TIMEOUTS: Timeouts =
    Timeouts { body: Duration::from_secs(60), write: Duration::from_secs(20) };
/// Pause after an accept error such as EMFILE.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(50);
/// Ports that are tried after the first.
const MORE_PORTS: u16 = 20;

/// Bytes of a form: a payload that is edited.
const MAX_FORM: usize = 8 * 1024 * 1024;
/// Names that lead to this machine and nowhere else.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Nothing but what the page itself serves; no inline script, no inline style, no frames.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How a page is served.
#[derive(Debug)]
pub struct PageOptions {
    /// Where to listen.
    pub address: SocketAddr,
    /// Whether the next free port will do.
    pub or_next_port: bool,
    /// Names besides the loopback ones under which the page is opened.
    pub hosts: Vec<String>,
    /// The key that opens it.
    pub key: String,
    /// What was received.
    pub received: ReceivedLog,
}

/// A page that is served until this is dropped.
#[derive(Debug)]
pub struct PageServer {
    url: String,
    server: JoinHandle<()>,
    watcher: JoinHandle<()>,
}

impl PageServer {
    /// Starts to serve. It needs a tokio runtime.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(options: PageOptions, environment: impl Environment) -> io::Result<Self> {
        let listener = bind(options.address, options.or_next_port).await?;
        let address = listener.local_addr()?;
        let url = format!("http://{}/?key={}", shown_address(address), options.key);
        let access = AccessControl::new(options.key, address.ip(), &options.hosts);
        let state = Arc::new(PageState::new(environment, options.received));
        let watcher = tokio::spawn(live::watch(state.clone()));
        let server = tokio::spawn(serve(listener, access.into(), router(state), TIMEOUTS));
        Ok(Self { url, server, watcher })
    }

    /// The URL that opens it, with the key.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for PageServer {
    fn drop(&mut self) {
        self.server.abort();
        self.watcher.abort();
    }
}

/// The address as it is opened: all addresses of this machine include the loopback one.
fn shown_address(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn router(state: Arc<PageState>) -> Router {
    Router::new()
        .route("/", get(async || Redirect::to("/requests")))
        .route("/page.css", get(async || asset("text/css", include_str!("assets/page.css"))))
        .route("/page.js", get(async || asset("text/javascript", include_str!("assets/page.js"))))
        .route(
            "/favicon.ico",
            get(async || asset("image/svg+xml", include_str!("assets/icon.svg"))),
        )
        .merge(live::routes())
        .merge(documents::routes())
        .merge(actions::routes())
        .fallback(async || Problem::not_found())
        // The size of a body is limited where it is read.
        .layer(DefaultBodyLimit::disable())
        .with_state(state)
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, format!("{kind}; charset=utf-8"))], text)
}

/// Listens on an address. With `or_next`, a port in use makes it take the next free one.
///
/// # Errors
/// When the address cannot be listened on.
async fn bind(mut address: SocketAddr, or_next: bool) -> io::Result<TcpListener> {
    let last = if or_next { address.port().saturating_add(MORE_PORTS) } else { address.port() };
    loop {
        match TcpListener::bind(address).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && address.port() < last => {
                address.set_port(address.port() + 1);
            }
            bound => return bound,
        }
    }
}

/// How long a client is waited for.
#[derive(Debug, Clone, Copy)]
struct Timeouts {
    /// For the body of a request to arrive.
    body: Duration,
    /// For a write to make progress.
    write: Duration,
}

/// A connection that is served.
struct ServedConnection {
    task: JoinHandle<()>,
    /// Whether a request came over it that was let through.
    is_admitted: Arc<AtomicBool>,
}

/// Serves connections until the future is dropped.
async fn serve(
    listener: TcpListener,
    access: Arc<AccessControl>,
    router: Router,
    timeouts: Timeouts,
) {
    let mut connections: Vec<ServedConnection> = Vec::new();
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(_) => {
                tokio::time::sleep(ACCEPT_BACKOFF).await;
                continue;
            }
        };
        connections.retain(|connection| !connection.task.is_finished());
        if connections.len() >= MAX_CONNECTIONS {
            // The oldest one of a stranger makes room: nobody without the key keeps the user out.
            let is_stranger = |one: &ServedConnection| !one.is_admitted.load(Ordering::Relaxed);
            let Some(oldest) = connections.iter().position(is_stranger) else { continue };
            connections.remove(oldest).task.abort();
        }
        let is_admitted = Arc::new(AtomicBool::new(false));
        let (access, router, admitted) = (access.clone(), router.clone(), is_admitted.clone());
        let task = tokio::spawn(async move {
            serve_connection(stream, &access, router, timeouts, &admitted).await;
        });
        connections.push(ServedConnection { task, is_admitted });
    }
}

async fn serve_connection(
    stream: TcpStream,
    access: &AccessControl,
    router: Router,
    timeouts: Timeouts,
    is_admitted: &AtomicBool,
) {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(timeouts.write));
    let router = TowerToHyperService::new(router);
    let service = service_fn(async |request: Request<Incoming>| {
        let (parts, body) = request.into_parts();
        let mut response = match access.check(&parts) {
            Some(response) => response,
            None => {
                is_admitted.store(true, Ordering::Relaxed);
                let body = axum::body::to_bytes(Body::new(body), MAX_FORM);
                match tokio::time::timeout(timeouts.body, body).await {
                    Ok(Ok(body)) => {
                        router.call(Request::from_parts(parts, Body::from(body))).await?
                    }
                    Ok(Err(_)) => text(StatusCode::PAYLOAD_TOO_LARGE, "This form is too large."),
                    Err(_) => text(StatusCode::REQUEST_TIMEOUT, "This form takes too long."),
                }
            }
        };
        protect(&mut response);
        Ok::<_, Infallible>(response)
    });
    // An error is the client's: it went away, was too slow, or did not speak HTTP.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_header_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
        .await;
}

/// Decides which requests are answered.
#[derive(Debug)]
struct AccessControl {
    key: String,
    hosts: Vec<String>,
}

impl AccessControl {
    /// Admits those who know `key`, under the loopback names, the address that is listened on, and
    /// `hosts`.
    fn new(key: String, address: IpAddr, hosts: &[String]) -> Self {
        let own = match address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        let names = LOOPBACK.iter().map(|name| (*name).to_owned());
        let hosts = hosts.iter().map(|host| host.to_ascii_lowercase());
        Self { key, hosts: names.chain([own]).chain(hosts).collect() }
    }

    /// The response to a request that goes no further: one that is refused, or one that brings the
    /// key. `None` lets it through.
    fn check(&self, request: &Parts) -> Option<Response<Body>> {
        let Some((host, port)) = self.host(request) else {
            return Some(text(
                StatusCode::MISDIRECTED_REQUEST,
                "This host name is not served. Open the URL that pgwh printed; --page-host adds a \
                 name.",
            ));
        };
        let (name, value) = self.cookie(&port);
        if let Some(given) = key_in_query(request) {
            return Some(match is_equal(given, &self.key) {
                true => welcome(&name, &value),
                false => text(StatusCode::FORBIDDEN, WRONG_KEY),
            });
        }
        if !is_same_origin(&request.headers, &format!("{host}{port}")) {
            return Some(text(
                StatusCode::FORBIDDEN,
                "This request comes from another site. Open the URL that pgwh printed.",
            ));
        }
        if cookies(&request.headers, &name).any(|given| is_equal(given, &value)) {
            return None;
        }
        Some(text(StatusCode::FORBIDDEN, WRONG_KEY))
    }

    /// The name and `:PORT` that a request is for, if the name is one of ours.
    fn host(&self, request: &Parts) -> Option<(String, String)> {
        // A target with a host of its own would make two of them.
        if request.uri.authority().is_some() {
            return None;
        }
        let host = only(&request.headers, HOST)?.to_ascii_lowercase();
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if port.parse::<u16>().is_ok() => (name, format!(":{port}")),
            _ => (host.as_str(), String::new()),
        };
        self.hosts.iter().any(|known| known == name).then(|| (name.to_owned(), port))
    }

    /// The name and value of the cookie at a `:PORT`, the one that the browser sees. Browsers send a
    /// cookie to every port of a host, so it has the port in its name: two pages of one host keep
    /// apart. Its value is not the key: whoever gets hold of it opens no other page.
    fn cookie(&self, port: &str) -> (String, String) {
        let port = port.trim_start_matches(':');
        // A key of any length will do.
        let mac = Hmac::<Sha256>::new_from_slice(self.key.as_bytes());
        let value = mac.map(|mac| mac.chain_update(port).finalize().into_bytes());
        (format!("pgwh-page-{port}"), value.map(hex::encode).unwrap_or_default())
    }
}

fn is_equal(given: &str, secret: &str) -> bool {
    !secret.is_empty() && bool::from(given.as_bytes().ct_eq(secret.as_bytes()))
}

/// Turns the key of the URL into a cookie, and leads to the page without it. A redirect would not do:
/// a browser that comes from elsewhere does not send the new cookie along with it.
fn welcome(name: &str, value: &str) -> Response<Body> {
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict");
    let headers = [(REFRESH, "0; url=/"), (SET_COOKIE, cookie.as_str())];
    (headers, text(StatusCode::OK, "Opening the page …")).into_response()
}

const WRONG_KEY: &str =
    "The key is missing or wrong. Open the URL that pgwh printed in its terminal.";

fn text(status: StatusCode, line: &str) -> Response<Body> {
    // A client that is refused does not keep a connection.
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CONNECTION, "close")];
    (status, headers, format!("{line}\n")).into_response()
}

/// Sets the headers that every response has.
fn protect(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// The value of a header that is there exactly once.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).into_iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whether a request was made by the page itself, by its user, or by no browser at all.
fn is_same_origin(headers: &HeaderMap, host: &str) -> bool {
    let site = headers.get_all("sec-fetch-site").into_iter();
    let own_site = site.into_iter().all(|site| site == "same-origin" || site == "none");
    let own_origin = |origin: &HeaderValue| {
        origin.to_str().is_ok_and(|origin| {
            ["http://", "https://"].iter().any(|scheme| {
                origin.strip_prefix(scheme).is_some_and(|rest| rest.eq_ignore_ascii_case(host))
            })
        })
    };
    own_site && headers.get_all(ORIGIN).into_iter().all(own_origin)
}

fn cookies<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(known, _)| *known == name).map(|(_, value)| value)
}

/// The key of `/?key=…`, which a person opens.
fn key_in_query(request: &Parts) -> Option<&str> {
    let is_opened = request.method == Method::GET && request.uri.path() == "/";
    is_opened.then(|| request.uri.query()?.strip_prefix("key=")).flatten()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fn status(lines: &[(&str, &str)]) -> Option<u16> {
        status_of("/", lines)
    }

    fn status_of(target: &str, lines: &[(&str, &str)]) -> Option<u16> {
        let access =
            AccessControl::new(KEY.to_owned(), "127.0.0.1".parse().unwrap(), &["Box.test".into()]);
        let mut request = Request::builder().uri(target);
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        access.check(&parts).map(|response| response.status().as_u16())
    }

    /// The cookie that the key becomes at a port.
    fn cookie(port: &str) -> String {
        let access = AccessControl::new(KEY.to_owned(), "127.0.0.1".parse().unwrap(), &[]);
        let request = Request::builder().uri(format!("/?key={KEY}"));
        let request = request.header("host", format!("localhost:{port}")).body(()).unwrap();
        let welcome = access.check(&request.into_parts().0).unwrap();
        let cookie = welcome.headers()[SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    #[test]
    fn only_exact_host_names_are_served() {
        let cookie = |port: &str| format!("a=b; {}", cookie(port));
        for host in ["localhost:4180", "127.0.0.1:9", "[::1]:4180", "LOCALHOST:1", "box.test:80"] {
            let port = host.rsplit_once(':').unwrap().1;
            assert_eq!(status(&[("host", host), ("cookie", &cookie(port))]), None, "{host}");
        }
        for host in
            ["evil.test:4180", "localhost.evil.test", "127.0.0.1.nip.io:4180", "", "localhost:x"]
        {
            assert_eq!(status(&[("host", host), ("cookie", &cookie("4180"))]), Some(421), "{host}");
        }
        let twice = [("host", "localhost:1"), ("host", "localhost:1")];
        assert_eq!(status(&twice), Some(421));
        assert_eq!(status(&[]), Some(421));
        assert_eq!(status_of("http://localhost:1/", &[("host", "localhost:1")]), Some(421));
    }

    #[test]
    fn other_sites_and_other_ports_are_refused() {
        let cookie = cookie("1");
        let with =
            |line: (&str, &str)| status(&[("host", "localhost:1"), ("cookie", &cookie), line]);
        for line in [
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "none"),
            ("origin", "http://localhost:1"),
        ] {
            assert_eq!(with(line), None, "{line:?}");
        }
        for line in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "null"),
            ("origin", "http://localhost:2"),
            ("origin", "http://evil.test"),
        ] {
            assert_eq!(with(line), Some(403), "{line:?}");
        }
    }

    #[test]
    fn the_key_becomes_a_cookie_of_the_port() {
        let host = ("host", "localhost:7");
        assert_eq!(status_of(&format!("/?key={KEY}"), &[host]), Some(200));
        let elsewhere = ("sec-fetch-site", "cross-site");
        assert_eq!(status_of(&format!("/?key={KEY}"), &[host, elsewhere]), Some(200));
        assert_eq!(status_of("/?key=0", &[host]), Some(403));
        assert_eq!(status_of(&format!("/requests?key={KEY}"), &[host]), Some(403));
        assert_eq!(status(&[host]), Some(403));
        assert_eq!(status(&[host, ("cookie", &cookie("8"))]), Some(403));
        assert_eq!(status(&[host, ("cookie", &cookie("7"))]), None);
        // Whoever sees the cookie of one port opens no other, now or later.
        assert!(!cookie("7").contains(KEY));
        let renamed = cookie("7").replace("page-7", "page-8");
        assert_eq!(status(&[("host", "localhost:8"), ("cookie", &renamed)]), Some(403));
        assert_eq!(status(&[host, ("cookie", &format!("pgwh-page-7={KEY}"))]), Some(403));
    }

    /// Serves a router, and sends it a request with the cookie; `rest` is what follows on that.
    async fn send(
        method: &str,
        rest: &str,
        router: Router,
        timeouts: Timeouts,
    ) -> (TcpStream, JoinHandle<()>) {
        use tokio::io::AsyncWriteExt;

        let listener = bind(([127, 0, 0, 1], 0).into(), false).await.unwrap();
        let address = listener.local_addr().unwrap();
        let access = AccessControl::new(KEY.to_owned(), address.ip(), &[]);
        let server = tokio::spawn(serve(listener, access.into(), router, timeouts));
        let mut client = TcpStream::connect(address).await.unwrap();
        let cookie = cookie(&address.port().to_string());
        let request =
            format!("{method} / HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n{rest}");
        client.write_all(request.as_bytes()).await.unwrap();
        (client, server)
    }

    #[tokio::test]
    async fn a_client_that_never_reads_is_not_waited_for() {
        use futures_util::stream;
        use tokio::sync::oneshot;

        // Dropped with the response, which has no end.
        let (response, ended) = oneshot::channel::<()>();
        let response = Arc::new(std::sync::Mutex::new(Some(response)));
        let endless = move || {
            let response = response.lock().unwrap().take();
            let blocks = stream::repeat_with(move || {
                assert!(response.is_some(), "one request is made");
                Ok::<_, Infallible>(vec![b'x'; 64 * 1024])
            });
            async { Body::from_stream(blocks) }
        };
        let router = Router::new().route("/", get(endless));
        let timeouts = Timeouts { write: Duration::from_millis(50), ..TIMEOUTS };
        let (client, server) = send("GET", "\r\n", router, timeouts).await;
        let gave_up = tokio::time::timeout(Duration::from_secs(60), ended).await;
        assert!(gave_up.is_ok(), "the connection is still served");
        // Until here the client was there, and could have read.
        drop(client);
        server.abort();
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        use tokio::io::AsyncReadExt;

        let timeouts = Timeouts { body: Duration::from_millis(50), ..TIMEOUTS };
        let rest = "Content-Length: 9\r\n\r\n12345678";
        let (mut client, server) = send("POST", rest, Router::new(), timeouts).await;
        let mut response = String::new();
        let read = client.read_to_string(&mut response);
        tokio::time::timeout(Duration::from_secs(10), read).await.unwrap().unwrap();
        assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
        server.abort();
    }
}
