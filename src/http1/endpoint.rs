//! A target, prepared once: addresses, TLS settings and what the URL puts into every request;
//! connecting to it, and a request to it as it goes over the wire.

use std::borrow::Cow;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::select_ok;
use http::Uri;
use percent_encoding::percent_decode_str;
use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;
use url::{Host, Position, Url};

use super::tls::{TargetVerifier, TlsConfigError, client_config};
use super::{DnsError, Network, Resolve, has_token, lookup, static_addresses};
use crate::pgm::{self, HeaderText, SignedRequest};

/// The one protocol that is offered in TLS (ALPN).
const PROTOCOL: &[u8] = b"http/1.1";

/// A target.
#[derive(Clone)]
pub struct Endpoint {
    address: Address,
    tls: Option<Tls>,
    /// The path and query of the request line.
    path: String,
    /// Headers that the URL asks for: `Host`, and `Authorization` if it has a user or a password.
    headers: Vec<(&'static str, String)>,
    timeout: Duration,
}

#[derive(Clone)]
struct Tls {
    config: Arc<ClientConfig>,
    verifier: Arc<TargetVerifier>,
    name: ServerName<'static>,
}

#[derive(Debug, Clone)]
enum Address {
    Known(Vec<SocketAddr>),
    /// Looked up for each connection.
    Name(String, u16),
}

/// Why a URL cannot be called.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The TLS settings cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsConfigError),
    /// The host's name has no address.
    #[error(transparent)]
    Dns(#[from] DnsError),
    /// The URL has no host, or one that has no place in a certificate.
    #[error("this URL has no host that could be called")]
    NoHost,
    /// The URL is too long, or has a character that no host has.
    #[error("this URL cannot be sent: {0}")]
    Unsendable(String),
}

impl Endpoint {
    /// A target whose host is looked up for each connection and where no TLS session is resumed:
    /// each connection is as the first.
    ///
    /// # Errors
    /// When the URL cannot be called or the CA file cannot be used.
    pub fn new(url: &Url, network: &Network) -> Result<Self, EndpointError> {
        Self::build(url, network, !network.insecure, Resumption::disabled())
    }

    /// The same, which knows whom to trust even where any certificate is accepted, so that
    /// [`Endpoint::watched`] can say what is wrong with it.
    ///
    /// # Errors
    /// When the URL cannot be called or the CA file cannot be used.
    pub fn for_probes(url: &Url, network: &Network) -> Result<Self, EndpointError> {
        Self::build(url, network, true, Resumption::disabled())
    }

    /// A target for many connections: its host is looked up now, and TLS sessions are resumed.
    ///
    /// # Errors
    /// When the URL cannot be called, its host has no address or the CA file cannot be used.
    pub async fn resolve(url: &Url, network: &Network) -> Result<Self, EndpointError> {
        let mut endpoint = Self::build(url, network, !network.insecure, Resumption::default())?;
        endpoint.address = Address::Known(endpoint.lookup().await?.into_owned());
        Ok(endpoint)
    }

    fn build(
        url: &Url,
        network: &Network,
        needs_roots: bool,
        resumption: Resumption,
    ) -> Result<Self, EndpointError> {
        let host = url.host().ok_or(EndpointError::NoHost)?;
        check_uri(url)?;
        let is_https = url.scheme() == "https";
        // Also without TLS, so that a CA file that cannot be used is reported.
        let verifier = Arc::new(TargetVerifier::new(network, is_https && needs_roots)?);
        let tls = if is_https {
            let mut config = client_config(verifier.clone(), PROTOCOL)?;
            config.resumption = resumption;
            Some(Tls { config: Arc::new(config), verifier, name: server_name(&host)? })
        } else {
            None
        };
        Ok(Self {
            address: address(url, &host, &network.resolve),
            tls,
            // Plain ASCII without white space in every URL that was parsed.
            path: url[Position::BeforePath..Position::AfterQuery].to_owned(),
            headers: headers(url),
            timeout: network.timeout,
        })
    }

    /// The same target, and a verifier that records what its next handshake shows; `None` without
    /// TLS.
    pub fn watched(&self) -> (Self, Option<Arc<TargetVerifier>>) {
        let mut endpoint = self.clone();
        let verifier = endpoint.tls.as_mut().map(|tls| {
            let verifier = Arc::new(tls.verifier.fresh());
            let mut config = (*tls.config).clone();
            config.dangerous().set_certificate_verifier(verifier.clone());
            (tls.config, tls.verifier) = (Arc::new(config), verifier.clone());
            verifier
        });
        (endpoint, verifier)
    }

    /// Sends to the URL without its query.
    pub fn remove_query(&mut self) {
        self.path.truncate(self.path.find('?').unwrap_or(self.path.len()));
    }

    /// The addresses that are called, the first of them first; none before they are looked up.
    pub fn addresses(&self) -> &[SocketAddr] {
        match &self.address {
            Address::Known(addresses) => addresses,
            Address::Name(..) => &[],
        }
    }

    /// The time limit of an attempt.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    async fn lookup(&self) -> Result<Cow<'_, [SocketAddr]>, DnsError> {
        match &self.address {
            Address::Known(addresses) => Ok(Cow::Borrowed(addresses)),
            Address::Name(name, port) => lookup(name, *port).await.map(Cow::Owned),
        }
    }

    fn tls(&self) -> Option<(TlsConnector, ServerName<'static>)> {
        let tls = self.tls.as_ref()?;
        Some((TlsConnector::from(tls.config.clone()), tls.name.clone()))
    }
}

/// Whether the URL, without what is not sent, can be put into a request.
fn check_uri(url: &Url) -> Result<(), EndpointError> {
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let path = &url[Position::BeforePath..Position::AfterQuery];
    let uri = format!("{}://{host}{path}", url.scheme()).parse::<Uri>();
    uri.map(drop).map_err(|error| EndpointError::Unsendable(error.to_string()))
}

fn headers(url: &Url) -> Vec<(&'static str, String)> {
    let host = url[Position::BeforeHost..Position::AfterPort].to_owned();
    let credentials = authorization(url).map(|value| ("Authorization", value));
    [("Host", host)].into_iter().chain(credentials).collect()
}

/// `Basic …` for a URL with a user or a password in it, as in `https://user:password@host/`.
fn authorization(url: &Url) -> Option<String> {
    let (user, password) = (url.username(), url.password());
    if user.is_empty() && password.is_none() {
        return None;
    }
    let mut pair: Vec<u8> = percent_decode_str(user).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(password.unwrap_or_default()));
    Some(format!("Basic {}", BASE64_STANDARD.encode(pair)))
}

fn server_name(host: &Host<&str>) -> Result<ServerName<'static>, EndpointError> {
    match host {
        Host::Domain(name) => {
            ServerName::try_from((*name).to_owned()).map_err(|_| EndpointError::NoHost)
        }
        Host::Ipv4(address) => Ok(ServerName::IpAddress((*address).into())),
        Host::Ipv6(address) => Ok(ServerName::IpAddress((*address).into())),
    }
}

fn address(url: &Url, host: &Host<&str>, resolve: &[Resolve]) -> Address {
    let port = url.port_or_known_default().unwrap_or_default();
    let name = match host {
        Host::Ipv4(address) => return Address::Known(vec![(*address, port).into()]),
        Host::Ipv6(address) => return Address::Known(vec![(*address, port).into()]),
        Host::Domain(name) => *name,
    };
    let own: Vec<_> = resolve.iter().filter(|own| own.applies_to(url)).cloned().collect();
    match static_addresses(name, port, &own) {
        known if known.is_empty() => Address::Name(name.to_owned(), port),
        known => Address::Known(known),
    }
}

/// How long one family of addresses is tried before the other is tried beside it (RFC 8305, 5,
/// recommends 250 ms; this is what reqwest takes).
const FAMILY_HEAD_START: Duration = Duration::from_millis(300);

/// What a connection runs over; the right side is encrypted.
pub type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// Why there is no connection.
#[derive(Debug)]
pub enum ConnectError {
    /// The host's name has no address.
    Dns(DnsError),
    /// No address accepted the connection.
    Tcp(io::Error),
    /// TLS could not be agreed on.
    Tls(io::Error),
}

/// When each phase of connecting began and ended.
#[derive(Debug, Clone, Copy, Default)]
pub struct PhaseTimestamps {
    /// The first step was taken.
    pub started: Option<Instant>,
    /// The lookup of the host's name ended, if there was one.
    pub resolved: Option<Instant>,
    /// The TLS handshake began.
    pub tls_started: Option<Instant>,
    /// The connection was established, TLS included.
    pub connected: Option<Instant>,
    /// The host's name had to be looked up.
    pub looks_up: bool,
}

impl Endpoint {
    /// Connects. `phases` says how far it came, whatever comes of it.
    ///
    /// # Errors
    /// When the lookup, the connection or the handshake fails.
    pub async fn connect(&self, phases: &mut PhaseTimestamps) -> Result<Stream, ConnectError> {
        phases.started = Some(Instant::now());
        phases.looks_up = self.addresses().is_empty();
        let addresses = self.lookup().await.map_err(ConnectError::Dns)?;
        phases.resolved = phases.looks_up.then(Instant::now);
        let stream = connect_any(&addresses).await.map_err(ConnectError::Tcp)?;
        let stream = match self.tls() {
            None => Either::Left(stream),
            Some((connector, name)) => {
                phases.tls_started = Some(Instant::now());
                let stream = connector.connect(name, stream).await;
                Either::Right(Box::new(stream.map_err(ConnectError::Tls)?))
            }
        };
        phases.connected = Some(Instant::now());
        Ok(stream)
    }
}

/// Connects to the first address that accepts. Where there are addresses of both families, one
/// that leads nowhere does not delay the other for long.
async fn connect_any(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let is_v4 = addresses.first().is_some_and(SocketAddr::is_ipv4);
    let (first, other): (Vec<_>, Vec<_>) =
        addresses.iter().copied().partition(|to| to.is_ipv4() == is_v4);
    let mut first = pin!(TcpStream::connect(&first[..]));
    let stream = match other.is_empty() {
        true => first.await?,
        false => match timeout(FAMILY_HEAD_START, &mut first).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(_)) => TcpStream::connect(&other[..]).await?,
            Err(_) => select_ok([first, pin!(TcpStream::connect(&other[..]))]).await?.0,
        },
    };
    // Requests go out in one write, so Nagle's algorithm can only delay them.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

/// Bodies up to this size are copied, to go out in one write with the head.
const MAX_COPIED_BODY: usize = 16 * 1024;

impl Endpoint {
    /// Writes a request's head over what is in `out`, and its body if it is small; returns what is
    /// to be sent after that. Header names go out as they are spelt. Those that the URL asks for
    /// stand first, unless the request has its own.
    pub fn write_request<'r>(&self, out: &mut Vec<u8>, request: &'r SignedRequest) -> &'r [u8] {
        out.clear();
        for part in [pgm::METHOD, " ", &self.path, " HTTP/1.1\r\n"] {
            out.extend_from_slice(part.as_bytes());
        }
        let headers = request.headers();
        for (name, value) in &self.headers {
            if values(headers, name).next().is_none() {
                write_header(out, name, value);
            }
        }
        for (name, value) in headers {
            // Only the body itself says how long it is.
            if !name.eq_ignore_ascii_case("content-length") {
                write_header(out, name, value);
            }
        }
        // Writing to a Vec is infallible.
        let _ = write!(out, "Content-Length: {}\r\n\r\n", request.body().len());
        if request.body().len() > MAX_COPIED_BODY {
            return request.body();
        }
        out.extend_from_slice(request.body());
        &[]
    }
}

/// Whether the request asks for the connection to end after the response.
pub fn asks_to_close(request: &SignedRequest) -> bool {
    values(request.headers(), "connection").any(|value| has_token(value.as_bytes(), b"close"))
}

fn write_header(out: &mut Vec<u8>, name: &str, value: &str) {
    for part in [name, ": ", value, "\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
}

fn values<'a>(
    headers: &'a [(HeaderText, HeaderText)],
    name: &str,
) -> impl Iterator<Item = &'a str> {
    let named = move |(other, _): &&(HeaderText, HeaderText)| other.eq_ignore_ascii_case(name);
    headers.iter().filter(named).map(|(_, value)| &**value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgm::{RequestId, Secret};

    fn endpoint(url: &str) -> Endpoint {
        Endpoint::new(&url.parse().unwrap(), &Network::default()).unwrap()
    }

    fn request() -> SignedRequest {
        let secret = Secret::new("s").unwrap();
        SignedRequest::new(RequestId::new("1").unwrap(), &secret, &b"{}"[..])
    }

    fn written(request: &SignedRequest) -> String {
        let mut out = b"what was sent before".to_vec();
        let rest = endpoint("http://example.com:8080/a?b=c").write_request(&mut out, request);
        String::from_utf8([&out, rest].concat()).unwrap()
    }

    #[test]
    fn header_names_go_out_as_the_vendor_and_the_user_write_them() {
        let own = [("X-A", "1"), ("X-B", "2"), ("x-a", "3")];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let signature = request().signature().unwrap().to_owned();
        assert_eq!(
            written(&request().with(&own)),
            format!(
                "POST /a?b=c HTTP/1.1\r\nHost: example.com:8080\r\nAccept: */*\r\n\
                 Content-Type: application/json\r\nUser-Agent: {}\r\nX-PerfectGym-Request: 1\r\n\
                 X-PerfectGym-Signature: {signature}\r\nX-A: 1\r\nX-B: 2\r\nx-a: 3\r\n\
                 Content-Length: 2\r\n\r\n{{}}",
                pgm::USER_AGENT
            )
        );
    }

    #[test]
    fn the_users_own_host_is_used_and_the_length_is_always_the_bodys() {
        let text = written(&request().header("Host", "other").header("Content-Length", "99"));
        assert!(text.contains("Host: other\r\n") && !text.contains("example.com"), "{text}");
        assert!(text.contains("Content-Length: 2\r\n") && !text.contains("99"), "{text}");
    }

    #[test]
    fn a_large_body_is_not_copied() {
        let (secret, id) = (Secret::new("s").unwrap(), RequestId::new("1").unwrap());
        let large = SignedRequest::new(id, &secret, vec![b'x'; MAX_COPIED_BODY + 1]);
        let mut out = Vec::new();
        assert_eq!(endpoint("http://h/").write_request(&mut out, &large), large.body());
        assert!(out.ends_with(b"Content-Length: 16385\r\n\r\n"));
    }

    #[test]
    fn a_request_may_ask_to_close() {
        assert!(!asks_to_close(&request()));
        assert!(asks_to_close(&request().header("Connection", "upgrade, Close")));
    }

    #[test]
    fn user_and_password_are_decoded() {
        let of = |url: &str| authorization(&url.parse().unwrap());
        // printf '%s' 'ann:p@ss ż' | base64
        assert_eq!(of("http://ann:p%40ss%20%C5%BC@h/").unwrap(), "Basic YW5uOnBAc3Mgxbw=");
        // printf '%s' 'ann:' | base64
        assert_eq!(of("http://ann@h/").unwrap(), "Basic YW5uOg==");
        assert_eq!(of("http://h/"), None);
    }
}
