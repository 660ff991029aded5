//! How to get to the target.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use url::{Host, Url};

use crate::pgm;

/// Settings for reaching a target.
#[derive(Debug, Clone)]
pub struct Network {
    /// From the start of an attempt to the last byte of its answer.
    pub timeout: Duration,
    /// PEM file with the only authorities to trust, in place of the system's.
    pub ca_cert: Option<PathBuf>,
    /// Trust any certificate.
    pub insecure: bool,
    /// Addresses to use in place of a lookup.
    pub resolve: Vec<Resolve>,
}

impl Default for Network {
    /// As PGM calls: its own limit, the system's authorities and names.
    fn default() -> Self {
        Self { timeout: pgm::TIMEOUT, ca_cert: None, insecure: false, resolve: Vec::new() }
    }
}

/// `HOST:PORT:ADDR`: use this address for this host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolve {
    /// Host name as it stands in a parsed URL: lower case, ASCII. An address needs no lookup.
    pub host: String,
    /// Port as it stands in the URL.
    pub port: u16,
    /// Where to connect to.
    pub address: IpAddr,
}

/// A text that is no `HOST:PORT:ADDR`.
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
    /// Whether this is about the host and port of a URL.
    pub fn applies_to(&self, url: &Url) -> bool {
        url.host_str() == Some(&self.host) && url.port_or_known_default() == Some(self.port)
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
