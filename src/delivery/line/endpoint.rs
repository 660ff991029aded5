//! Where lines go, found out once: address, certificate, the parts of the URL.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio_rustls::TlsConnector;
use url::{Host, Position, Url};

use crate::delivery::credentials::authorization;
use crate::delivery::http::proxy_of;
use crate::delivery::names::{DnsError, known, look_up};
use crate::delivery::tls::client_config;
use crate::delivery::{Network, Resolve, SetupError};

/// A target whose address is known: all lines of a run go to the same.
#[derive(Clone)]
pub struct Endpoint {
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) tls: Option<(TlsConnector, ServerName<'static>)>,
    /// What stands in the request line.
    pub(super) path: String,
    /// Headers that are put beside a request's own.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) timeout: Duration,
}

/// Why there is no endpoint.
#[derive(Debug, thiserror::Error)]
pub enum NoEndpoint {
    /// The settings cannot be used.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The host's name has no address.
    #[error("{0}")]
    Dns(String),
    /// A line goes straight to its target.
    #[error(
        "the environment names the proxy {0} for this URL, but load goes straight to its target"
    )]
    Proxied(String),
    /// The URL has no host, or one that cannot be sent.
    #[error("this URL has no host that could be called")]
    NoHost,
}

impl Endpoint {
    /// Looks the host up and makes TLS ready. HTTP/1.1 only: a line carries one request at a
    /// time, as PGM's calls were seen to be.
    ///
    /// # Errors
    /// When the host has no address, or the CA file cannot be used.
    pub async fn find(url: &Url, network: &Network) -> Result<Self, NoEndpoint> {
        if let Some(proxy) = proxy_of(url) {
            return Err(NoEndpoint::Proxied(proxy));
        }
        let host = url.host().ok_or(NoEndpoint::NoHost)?;
        let tls = match url.scheme() {
            "https" => Some((connector(network)?, server_name(&host)?)),
            _ => None,
        };
        Ok(Self {
            addresses: addresses(url, &host, &network.resolve).await?,
            tls,
            // Of a URL that was parsed this is plain ASCII, with no white space in it.
            path: url[Position::BeforePath..Position::AfterQuery].to_owned(),
            headers: headers(url),
            timeout: network.timeout,
        })
    }

    /// The addresses that are called, the first of them first.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }
}

/// What the URL makes of every request.
fn headers(url: &Url) -> Vec<(&'static str, String)> {
    let credentials = authorization(url).map(|value| ("authorization", value));
    let host = url[Position::BeforeHost..Position::AfterPort].to_owned();
    credentials.into_iter().chain([("host", host)]).collect()
}

fn connector(network: &Network) -> Result<TlsConnector, SetupError> {
    let mut config = client_config(network, true)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

fn server_name(host: &Host<&str>) -> Result<ServerName<'static>, NoEndpoint> {
    match host {
        Host::Domain(name) => {
            ServerName::try_from((*name).to_owned()).map_err(|_| NoEndpoint::NoHost)
        }
        Host::Ipv4(address) => Ok(ServerName::IpAddress((*address).into())),
        Host::Ipv6(address) => Ok(ServerName::IpAddress((*address).into())),
    }
}

/// What the URL's host stands for.
async fn addresses(
    url: &Url,
    host: &Host<&str>,
    own: &[Resolve],
) -> Result<Vec<SocketAddr>, NoEndpoint> {
    let mut addresses = match host {
        Host::Ipv4(address) => vec![SocketAddr::new((*address).into(), 0)],
        Host::Ipv6(address) => vec![SocketAddr::new((*address).into(), 0)],
        Host::Domain(name) => {
            let own: Vec<_> = own.iter().filter(|own| own.applies_to(url)).cloned().collect();
            match known(name, &own) {
                known if known.is_empty() => {
                    look_up(name).await.map_err(|DnsError(words)| NoEndpoint::Dns(words))?
                }
                known => known,
            }
        }
    };
    let port = url.port_or_known_default().unwrap_or_default();
    addresses.iter_mut().for_each(|address| address.set_port(port));
    Ok(addresses)
}
