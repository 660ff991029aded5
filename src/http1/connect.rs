//! From an endpoint to a connected stream of bytes, encrypted or not.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::select_ok;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use super::{DnsError, Endpoint};

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
