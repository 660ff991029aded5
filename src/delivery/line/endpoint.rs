//! Where lines go, found out once: address, certificate, the parts of the URL.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::Uri;
use hyper::http::uri::InvalidUri;
use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use tokio_rustls::TlsConnector;
use url::{Host, Position, Url};

use crate::delivery::credentials::authorization;
use crate::delivery::names::{DnsError, known, look_up};
use crate::delivery::proxy::proxy_of;
use crate::delivery::tls::client_config;
use crate::delivery::{Network, Resolve, TlsConfigError};

/// A target.
#[derive(Clone)]
pub struct Endpoint {
    pub(super) at: At,
    pub(super) tls: Option<(TlsConnector, ServerName<'static>)>,
    /// What stands in the request line.
    pub(super) path: String,
    /// The whole of it, for HTTP/2.
    pub(super) uri: Uri,
    /// Headers that are put beside a request's own.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) timeout: Duration,
}

/// Where a target is.
#[derive(Debug, Clone)]
pub(super) enum At {
    Known(Vec<SocketAddr>),
    /// Where this name leads, at this port.
    Name(String, u16),
}

/// Why there is no endpoint.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The settings cannot be used.
    #[error(transparent)]
    Setup(#[from] TlsConfigError),
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
    /// It is longer than the HTTP library takes, or has a character that no host has.
    #[error("this URL cannot be sent: {0}")]
    Unsendable(String),
}

impl Endpoint {
    /// Looks the host up and makes TLS ready, so that all lines of a run go to the same.
    ///
    /// # Errors
    /// When the host has no address, when there is a proxy on the way, or when the CA file cannot
    /// be used.
    pub async fn find(url: &Url, network: &Network) -> Result<Self, EndpointError> {
        if let Some(proxy) = proxy_of(url) {
            return Err(EndpointError::Proxied(proxy));
        }
        let mut found = Self::new(url, network, |config| {
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
        })?;
        if let At::Name(name, port) = &found.at {
            let addresses = look_up(name, *port).await;
            found.at = At::Known(addresses.map_err(|DnsError(words)| EndpointError::Dns(words))?);
        }
        Ok(found)
    }

    /// A target whose host is looked up anew for each connection, if it has to be, and where none
    /// profits from the one before. TLS may agree on HTTP/2.
    ///
    /// # Errors
    /// When there is no host in the URL, or the CA file cannot be used.
    pub(in crate::delivery) fn of_single_sends(
        url: &Url,
        network: &Network,
    ) -> Result<Self, EndpointError> {
        Self::new(url, network, |config| {
            config.resumption = Resumption::disabled();
        })
    }

    fn new(
        url: &Url,
        network: &Network,
        adapt: impl FnOnce(&mut ClientConfig),
    ) -> Result<Self, EndpointError> {
        let host = url.host().ok_or(EndpointError::NoHost)?;
        let tls = match url.scheme() {
            "https" => {
                let mut config = client_config(network, true)?;
                adapt(&mut config);
                Some((TlsConnector::from(Arc::new(config)), server_name(&host)?))
            }
            _ => None,
        };
        Ok(Self {
            at: at(url, &host, &network.resolve),
            uri: uri(url)?,
            tls,
            // Of a URL that was parsed this is plain ASCII, with no white space in it.
            path: url[Position::BeforePath..Position::AfterQuery].to_owned(),
            headers: headers(url),
            timeout: network.timeout,
        })
    }

    /// The addresses that are called, the first of them first; none before they are looked up.
    pub fn addresses(&self) -> &[SocketAddr] {
        match &self.at {
            At::Known(addresses) => addresses,
            At::Name(..) => &[],
        }
    }
}

/// The URL without what is not sent.
fn uri(url: &Url) -> Result<Uri, EndpointError> {
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let path = &url[Position::BeforePath..Position::AfterQuery];
    let uri = format!("{}://{host}{path}", url.scheme()).parse();
    uri.map_err(|error: InvalidUri| EndpointError::Unsendable(error.to_string()))
}

/// What the URL makes of every request.
fn headers(url: &Url) -> Vec<(&'static str, String)> {
    let credentials = authorization(url).map(|value| ("authorization", value));
    let host = url[Position::BeforeHost..Position::AfterPort].to_owned();
    credentials.into_iter().chain([("host", host)]).collect()
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

/// What the URL's host stands for.
fn at(url: &Url, host: &Host<&str>, own: &[Resolve]) -> At {
    let port = url.port_or_known_default().unwrap_or_default();
    let name = match host {
        Host::Ipv4(address) => return At::Known(vec![SocketAddr::new((*address).into(), port)]),
        Host::Ipv6(address) => return At::Known(vec![SocketAddr::new((*address).into(), port)]),
        Host::Domain(name) => *name,
    };
    let own: Vec<_> = own.iter().filter(|own| own.applies_to(url)).cloned().collect();
    match known(name, port, &own) {
        known if known.is_empty() => At::Name(name.to_owned(), port),
        known => At::Known(known),
    }
}
