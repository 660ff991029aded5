//! One attempt, by the shortest way that does it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use super::client::ClientTransport;
use super::line::{Endpoint, EndpointError, Line};
use super::proxy::proxy_of;
use super::tls::client_config;
use super::{Attempt, Network, TlsConfigError, Transport};
use crate::pgm::SignedRequest;

/// Makes attempts at one URL, each on a connection of its own: each shows all its phases, and
/// none profits from the one before. Redirects are not followed: to PGM they are failures.
#[derive(Clone)]
pub struct HttpTransport(Way);

#[derive(Clone)]
enum Way {
    /// Straight to the target.
    Line(Arc<Endpoint>),
    /// Through a proxy, or to an answer of why not at all.
    Client(Box<ClientTransport>),
}

impl HttpTransport {
    /// Prepares attempts at `url`, which is `http` or `https`.
    ///
    /// # Errors
    /// When the CA file cannot be used.
    pub fn new(url: Url, network: &Network) -> Result<Self, TlsConfigError> {
        if proxy_of(&url).is_none() {
            // A file of authorities that is named must be good, also where it is not needed.
            if network.ca_cert.is_some() && url.scheme() != "https" {
                client_config(network, false)?;
            }
            match Endpoint::of_single_sends(&url, network) {
                Ok(endpoint) => return Ok(Self(Way::Line(Arc::new(endpoint)))),
                Err(EndpointError::Setup(error)) => return Err(error),
                // The client has words for what is wrong with such a URL.
                Err(_) => {}
            }
        }
        Ok(Self(Way::Client(Box::new(ClientTransport::new(url, network)?))))
    }
}

impl Transport for HttpTransport {
    async fn attempt(&self, request: &SignedRequest, n: u32, started_at: DateTime<Utc>) -> Attempt {
        match &self.0 {
            Way::Line(endpoint) => {
                Line::showing_all(endpoint.clone()).attempt(request, n, started_at).await
            }
            Way::Client(client) => client.attempt(request, n, started_at).await,
        }
    }
}
