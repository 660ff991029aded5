//! One attempt through the HTTP client: over HTTP/1.1 or HTTP/2, and through a proxy.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::{Body, Client, ClientBuilder, RequestBuilder, redirect};
use rustls::ClientConfig;
use rustls::client::Resumption;
use url::Url;

use super::classify::{classify, conclude};
use super::hints::BY_PROXY;
use super::phases::{MarkedConnector, MarkedResolver, MarkedSessions, Marks};
use super::proxy::proxy_of;
use super::received::{Received, header_map};
use super::tls::client_config;
use super::{Attempt, AttemptOutcome, Network, Resolve, TlsConfigError, Transport};
use crate::pgm::{self, SignedRequest};

/// Makes attempts at one URL, each on a connection of its own: each shows all its phases, and
/// none profits from the one before. Redirects are not followed: to PGM they are failures.
#[derive(Debug, Clone)]
pub(super) struct ClientTransport {
    pub(super) url: Url,
    timeout: Duration,
    pub(super) tls: ClientConfig,
    own_addresses: Vec<Resolve>,
    /// The proxy that the environment names for this URL.
    proxy: Option<String>,
}

impl ClientTransport {
    /// Prepares attempts at `url`, which is `http` or `https`.
    ///
    /// # Errors
    /// When the CA file cannot be used.
    pub(super) fn new(url: Url, network: &Network) -> Result<Self, TlsConfigError> {
        let tls = client_config(network, url.scheme() == "https")?;
        let own_addresses =
            network.resolve.iter().filter(|own| own.applies_to(&url)).cloned().collect();
        let proxy = proxy_of(&url);
        Ok(Self { url, timeout: network.timeout, tls, own_addresses, proxy })
    }

    /// Says which proxy was asked when the target was not reached: it may be the proxy's fault.
    fn by_proxy(&self, outcome: AttemptOutcome, words: String) -> String {
        match &self.proxy {
            Some(proxy) if matches!(outcome, AttemptOutcome::Refused | AttemptOutcome::Dns) => {
                format!("{BY_PROXY} {proxy}: {words}")
            }
            _ => words,
        }
    }

    /// A client for one attempt, whose hooks write to `marks`.
    pub(super) fn client(&self, marks: &Marks) -> reqwest::Result<Client> {
        self.builder(marks, self.tls.clone()).build()
    }

    /// A client with these TLS settings, keeping no connection.
    pub(super) fn builder(&self, marks: &Marks, mut tls: ClientConfig) -> ClientBuilder {
        tls.resumption = Resumption::store(Arc::new(MarkedSessions(marks.clone())));
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .pool_max_idle_per_host(0)
            .tcp_keepalive(None)
            .dns_resolver(MarkedResolver { marks: marks.clone(), own: self.own_addresses.clone() })
            .connector_layer(MarkedConnector(marks.clone()))
            .tls_backend_preconfigured(tls);
        if pgm::is_loopback(&self.url) {
            builder = builder.no_proxy();
        }
        builder
    }

    /// The request as the HTTP client wants it.
    pub(super) fn prepare(
        &self,
        client: &Client,
        request: &SignedRequest,
        body: Body,
    ) -> RequestBuilder {
        client.post(self.url.clone()).headers(header_map(request)).body(body)
    }

    async fn exchange(
        &self,
        request: &SignedRequest,
        client: reqwest::Result<Client>,
        received: &mut Option<Received>,
    ) -> reqwest::Result<()> {
        let body = Body::from(request.body_bytes());
        let mut response = self.prepare(&client?, request, body).send().await?;
        let received = received.insert(Received::new(
            response.status(),
            response.version(),
            response.headers(),
        ));
        while let Some(piece) = response.chunk().await? {
            received.push(&piece);
        }
        Ok(())
    }
}

impl ClientTransport {
    /// One attempt over a client of the caller's, whose hooks write to `marks`.
    pub(super) async fn attempt_over(
        &self,
        client: impl FnOnce() -> reqwest::Result<Client>,
        marks: &Marks,
        request: &SignedRequest,
        n: u32,
        started_at: DateTime<Utc>,
    ) -> Attempt {
        let mut received = None;
        let start = Instant::now();
        let exchange = self.exchange(request, client(), &mut received);
        let result = tokio::time::timeout(self.timeout, exchange).await;
        let end = Instant::now();
        let elapsed = end.duration_since(start);
        let (outcome, error) = conclude(result.ok(), elapsed, self.timeout, |error| {
            let (outcome, words) = classify(&error, marks);
            (outcome, self.by_proxy(outcome, words))
        });
        Attempt {
            n,
            started_at,
            outcome,
            reached: marks.connected() || received.is_some() || outcome == AttemptOutcome::Broken,
            elapsed,
            timings: marks.timings(received.as_ref().map(|received| received.at), end),
            response: received.map(Received::into_answer),
            error,
        }
    }
}

impl Transport for ClientTransport {
    async fn attempt(&self, request: &SignedRequest, n: u32, started_at: DateTime<Utc>) -> Attempt {
        let marks = Marks::default();
        self.attempt_over(|| self.client(&marks), &marks, request, n, started_at).await
    }
}
