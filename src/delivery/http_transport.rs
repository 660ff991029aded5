//! Attempts at one URL, each by the shortest way that does it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::direct::{KeepAliveTransport, send_and_close};
use super::reqwest_transport::{Protocol, ReqwestTransport, proxy_for};
use super::{Attempt, TlsPeer, Transport};
use crate::http1::{BodyPolicy, Endpoint, EndpointError, Network, TlsConfigError};
use crate::pgm::SignedRequest;

/// Makes attempts at one URL, each on a connection of its own. Redirects are not followed: to PGM
/// they are failures.
#[derive(Clone)]
pub struct HttpTransport(TransportKind);

#[derive(Clone)]
enum TransportKind {
    Direct(Arc<Endpoint>),
    Reqwest(Box<ReqwestTransport>),
}

impl HttpTransport {
    /// Prepares attempts at `url`, which is `http` or `https`.
    ///
    /// # Errors
    /// When the CA file cannot be used.
    pub fn new(url: Url, network: &Network, protocol: Protocol) -> Result<Self, TlsConfigError> {
        let needs_roots = url.scheme() == "https" && !network.insecure;
        TransportKind::new(url, network, protocol, needs_roots, Endpoint::new).map(Self)
    }

    /// Whether header names go out as they are, and not in lower case.
    pub fn keeps_header_case(&self) -> bool {
        matches!(self.0, TransportKind::Direct(_))
    }
}

impl TransportKind {
    fn new(
        url: Url,
        network: &Network,
        protocol: Protocol,
        needs_roots: bool,
        endpoint: impl FnOnce(&Url, &Network) -> Result<Endpoint, EndpointError>,
    ) -> Result<Self, TlsConfigError> {
        if protocol == Protocol::Http1 && proxy_for(&url).is_none() {
            match endpoint(&url, network) {
                Ok(endpoint) => return Ok(Self::Direct(Arc::new(endpoint))),
                Err(EndpointError::Tls(error)) => return Err(error),
                // Each attempt then fails with reqwest's account of what is wrong with the URL.
                Err(_) => {}
            }
        }
        let transport = ReqwestTransport::new(url, network, protocol, needs_roots)?;
        Ok(Self::Reqwest(Box::new(transport)))
    }
}

impl Transport for HttpTransport {
    async fn attempt(&self, request: &SignedRequest, n: u32, started_at: DateTime<Utc>) -> Attempt {
        match &self.0 {
            TransportKind::Direct(endpoint) => {
                let transport = KeepAliveTransport::new(endpoint.clone(), BodyPolicy::Full);
                transport.attempt(request, n, started_at).await
            }
            TransportKind::Reqwest(transport) => transport.attempt(request, n, started_at).await,
        }
    }
}

/// How long a client that hangs up stays after its last byte, so that the target has begun.
const CLOSE_DELAY: Duration = Duration::from_millis(50);

/// Sends requests in the ways that probing a target needs: it records certificates, hangs up
/// before the response, and keeps a connection.
pub struct ProbeClient {
    kind: TransportKind,
    kept: Option<KeepAliveTransport>,
}

impl ProbeClient {
    /// Prepares attempts at `url`.
    ///
    /// # Errors
    /// When the CA file cannot be used.
    pub fn new(url: Url, network: &Network) -> Result<Self, TlsConfigError> {
        let needs_roots = url.scheme() == "https";
        let kind =
            TransportKind::new(url, network, Protocol::Http1, needs_roots, Endpoint::for_probes)?;
        let kept = match &kind {
            TransportKind::Direct(endpoint) => {
                Some(KeepAliveTransport::new(endpoint.clone(), BodyPolicy::Full))
            }
            TransportKind::Reqwest(_) => None,
        };
        Ok(Self { kind, kept })
    }

    /// Whether requests go through a proxy, so that connections are not ours to control.
    pub fn is_proxied(&self) -> bool {
        self.kept.is_none()
    }

    /// One attempt on a connection of its own, and what its handshake showed, if there was one.
    /// Without `keeps_query` it goes to the URL without its query.
    pub async fn attempt(
        &self,
        request: &SignedRequest,
        started_at: DateTime<Utc>,
        keeps_query: bool,
    ) -> (Attempt, Option<TlsPeer>) {
        match &self.kind {
            TransportKind::Direct(endpoint) => {
                let (mut endpoint, verifier) = endpoint.watched();
                if !keeps_query {
                    endpoint.remove_query();
                }
                let transport = KeepAliveTransport::new(Arc::new(endpoint), BodyPolicy::Full);
                let attempt = transport.attempt(request, 1, started_at).await;
                (attempt, verifier.and_then(|verifier| verifier.take_shown()).map(TlsPeer::from))
            }
            TransportKind::Reqwest(transport) => {
                let mut transport = transport.clone();
                if !keeps_query {
                    transport.remove_query();
                }
                let attempt = transport.attempt(request, 1, started_at).await;
                (attempt, transport.tls_peer())
            }
        }
    }

    /// Sends a request and closes the connection a moment after its last byte, the response
    /// unread. Through a proxy, the request is sent as any other.
    pub async fn send_and_close_early(&self, request: &SignedRequest, started_at: DateTime<Utc>) {
        match &self.kind {
            TransportKind::Direct(endpoint) => send_and_close(endpoint, request, CLOSE_DELAY).await,
            TransportKind::Reqwest(transport) => {
                drop(transport.attempt(request, 1, started_at).await)
            }
        }
    }

    /// One attempt on the connection of the one before, if the target kept it, and whether it
    /// did.
    pub async fn attempt_on_kept(
        &self,
        request: &SignedRequest,
        started_at: DateTime<Utc>,
    ) -> (Attempt, bool) {
        match &self.kept {
            Some(kept) => {
                let attempt = kept.attempt(request, 1, started_at).await;
                let was_kept = attempt.reached && attempt.timings.connect.is_none();
                (attempt, was_kept)
            }
            None => (self.attempt(request, started_at, true).await.0, false),
        }
    }
}
