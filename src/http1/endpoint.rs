//! A target, prepared once: addresses, TLS settings, and what the URL puts into every request.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::Uri;
use percent_encoding::percent_decode_str;
use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use tokio_rustls::TlsConnector;
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

    pub(super) async fn lookup(&self) -> Result<Cow<'_, [SocketAddr]>, DnsError> {
        match &self.address {
            Address::Known(addresses) => Ok(Cow::Borrowed(addresses)),
            Address::Name(name, port) => lookup(name, *port).await.map(Cow::Owned),
        }
    }

    pub(super) fn tls(&self) -> Option<(TlsConnector, ServerName<'static>)> {
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
