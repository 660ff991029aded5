//! A target, prepared once: addresses, TLS settings and what the URL puts into every request; and
//! connecting to it.

use std::borrow::Cow;
use std::error::Error;
use std::io;
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

use super::network::{DnsError, Network, Resolve, lookup, static_addresses};
use super::tls::{TargetVerifier, TlsConfigError, client_config};

/// The one protocol that is offered in TLS (ALPN).
const PROTOCOL: &[u8] = b"http/1.1";

/// A target.
#[derive(Clone)]
pub struct Endpoint {
    address: Address,
    tls: Option<Tls>,
    path: String,
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

    /// The path and query of the request line.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Headers that the URL asks for: `Host`, and `Authorization` if it has a user or a password.
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.headers
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
pub fn authorization(url: &Url) -> Option<String> {
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

/// The innermost error's message, which says what happened (the outer ones only say where),
/// without the system's error number.
pub fn error_message(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(cause) = cause(innermost) {
        innermost = cause;
    }
    let text = innermost.to_string();
    text.split_once(" (os error ").map_or(&*text, |(text, _)| text).to_owned()
}

/// The error beneath this one. An `io::Error` hides the error that it wraps from `source()`.
pub fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(|error| error.get_ref()) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
