//! Settings for reaching a target, and the addresses of its host.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use url::{Host, Url};

use crate::pgm;

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
pub fn static_addresses(name: &str, port: u16, resolve: &[Resolve]) -> Vec<SocketAddr> {
    const LOCALHOST: [IpAddr; 2] =
        [IpAddr::V6(Ipv6Addr::LOCALHOST), IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let own = resolve.iter().filter(|resolve| resolve.host.eq_ignore_ascii_case(name));
    let mut addresses: Vec<_> = own.map(|resolve| resolve.address).collect();
    if addresses.is_empty() && pgm::is_localhost(name) {
        addresses = LOCALHOST.to_vec();
    }
    addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect()
}

/// Asks the system for a name's addresses.
///
/// # Errors
/// When it has none.
pub async fn lookup(name: &str, port: u16) -> Result<Vec<SocketAddr>, DnsError> {
    match tokio::net::lookup_host((name, port)).await {
        Ok(found) => Ok(found.collect()),
        Err(error) => Err(DnsError(format!("{name} has no address: {error}"))),
    }
}

#[cfg(test)]
mod tests {
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
