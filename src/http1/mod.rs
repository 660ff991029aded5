//! The HTTP/1.1 client that sends PGM's own requests straight to their target.
//!
//! It exists because the bytes on the wire are the product: header names go out as the vendor
//! writes them (`X-PerfectGym-Request`), which hyper and reqwest cannot do and which receivers
//! behind a gateway that keeps the case may depend on. It also gives the time of each phase and
//! control over the connection. A property test holds it against hyper.

mod connection;
mod endpoint;
mod framing;
#[cfg(test)]
mod tests;
mod tls;

use std::error::Error;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use url::{Host, Url};

use crate::files::error_text;
use crate::pgm;

pub use connection::{BodyPolicy, Connection, ResponseHead, ResponseSink, SendError};
pub use endpoint::{ConnectError, Endpoint, EndpointError, PhaseTimestamps, Stream, asks_to_close};
pub use tls::{ShownCertificate, TargetVerifier, TlsConfigError, client_config};

/// Settings for reaching a target.
#[derive(Debug, Clone)]
pub struct Network {
    /// Time limit from the start of an attempt to the last byte of its response.
    pub timeout: Duration,
    /// PEM file with the only authorities to trust, instead of the system's.
    pub ca_cert: Option<PathBuf>,
    /// Trust any certificate.
    pub insecure: bool,
    /// Addresses to use instead of a lookup.
    pub resolve: Vec<Resolve>,
}

impl Default for Network {
    /// PGM's own time limit, the system's authorities and names.
    fn default() -> Self {
        Self { timeout: pgm::TIMEOUT, ca_cert: None, insecure: false, resolve: Vec::new() }
    }
}

/// `HOST:PORT:ADDR`: use this address for this host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolve {
    /// Host name as a parsed URL has it: lower case, ASCII. Never an IP address.
    pub host: String,
    /// Port of the URL.
    pub port: u16,
    /// Where to connect to.
    pub address: IpAddr,
}

/// The text is not `HOST:PORT:ADDR`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected HOST:PORT:ADDR, as in staging.example.com:443:127.0.0.1")]
pub struct ResolveError;

impl FromStr for Resolve {
    type Err = ResolveError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (host, rest) = text.split_once(':').ok_or(ResolveError)?;
        let (port, address) = rest.split_once(':').ok_or(ResolveError)?;
        let address =
            address.strip_prefix('[').and_then(|a| a.strip_suffix(']')).unwrap_or(address);
        match (Host::parse(host), port.parse(), address.parse()) {
            (Ok(Host::Domain(host)), Ok(port), Ok(address)) => Ok(Self { host, port, address }),
            _ => Err(ResolveError),
        }
    }
}

impl Resolve {
    /// Whether it names the host and port of a URL.
    pub fn applies_to(&self, url: &Url) -> bool {
        url.host_str() == Some(&self.host) && url.port_or_known_default() == Some(self.port)
    }
}

/// The host's name has no address.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DnsError(pub String);

/// Addresses that need no lookup: those of `--resolve`, and both of `localhost`, for which a
/// lookup would start a thread and read half a dozen files.
fn static_addresses(name: &str, port: u16, resolve: &[Resolve]) -> Vec<SocketAddr> {
    const LOCALHOST: [IpAddr; 2] =
        [IpAddr::V6(Ipv6Addr::LOCALHOST), IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let own = resolve.iter().filter(|resolve| resolve.host.eq_ignore_ascii_case(name));
    let mut addresses: Vec<_> = own.map(|resolve| resolve.address).collect();
    if addresses.is_empty() && pgm::is_localhost(name) {
        addresses = LOCALHOST.to_vec();
    }
    addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect()
}

/// The addresses of a host's name: those of `resolve`, else what the system finds.
///
/// # Errors
/// When it has none.
pub async fn addresses(
    name: &str,
    port: u16,
    resolve: &[Resolve],
) -> Result<Vec<SocketAddr>, DnsError> {
    match static_addresses(name, port, resolve) {
        known if known.is_empty() => lookup(name, port).await,
        known => Ok(known),
    }
}

/// Asks the system for a name's addresses.
async fn lookup(name: &str, port: u16) -> Result<Vec<SocketAddr>, DnsError> {
    match tokio::net::lookup_host((name, port)).await {
        Ok(found) => Ok(found.collect()),
        Err(error) => Err(DnsError(format!("{name} has no address: {error}"))),
    }
}

/// Most bytes of a response's head.
const MAX_HEAD_BYTES: usize = 8192 + 4096 * 100;
/// Most headers of a response, and most lines of its trailers.
const MAX_HEADERS: usize = 100;
/// Most interim (1xx) responses before the real one.
const MAX_INTERIM: u32 = 100;

/// The error of a server that speaks TLS where plain HTTP is expected.
pub const SPEAKS_TLS: &str = "the target speaks TLS on this port";

/// The error of a connection that ends before a response.
pub const CLOSED: &str = "the target closed the connection before it sent a whole response";

/// What is wrong with the bytes of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
struct InvalidResponse(&'static str);

/// Whether a list has this token, in any case. A list that is not plain ASCII has none.
fn has_token(list: &[u8], token: &[u8]) -> bool {
    let mut parts = list.split(|byte| *byte == b',');
    list.is_ascii() && parts.any(|part| part.trim_ascii().eq_ignore_ascii_case(token))
}

/// The innermost error's message, which says what happened (the outer ones only say where),
/// without the system's error number.
pub fn error_message(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(cause) = cause(innermost) {
        innermost = cause;
    }
    error_text(innermost)
}

/// The error beneath this one. An `io::Error` hides the error that it wraps from `source()`.
pub fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(|error| error.get_ref()) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

#[cfg(test)]
mod resolve_tests {
    use super::*;

    #[test]
    fn reads_curls_form() {
        let resolve: Resolve = "Staging.example.com:443:[::1]".parse().unwrap();
        assert!(resolve.applies_to(&Url::parse("https://staging.example.com/x").unwrap()));
        assert!(!resolve.applies_to(&Url::parse("http://staging.example.com/x").unwrap()));
        assert_eq!(resolve.address, "::1".parse::<IpAddr>().unwrap());
        for bad in [
            "",
            "a",
            "a:1",
            "a:1:b",
            ":1:127.0.0.1",
            "127.0.0.1:1:127.0.0.2",
            "a:x:127.0.0.1",
            "a:99999:127.0.0.1",
        ] {
            assert_eq!(bad.parse::<Resolve>(), Err(ResolveError), "{bad}");
        }
    }
}
