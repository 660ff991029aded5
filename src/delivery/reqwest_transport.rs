//! Attempts through a proxy or over HTTP/2, by reqwest: header names go out in lower case, and
//! phases are not measured.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::dns::{Addrs, Name, Resolve as ResolveName, Resolving};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, ClientBuilder, redirect};
use url::Url;

use super::direct::{conclude, tls_peer};
use super::errors::{Failure, reqwest_failure};
use super::partial_response::PartialResponse;
use super::proxy::{proxy_failure, proxy_for, proxy_response};
use super::{Attempt, AttemptOutcome, Timings, TlsPeer, Transport};
use crate::http1::{
    Network, Resolve, TargetVerifier, TlsConfigError, client_config, lookup, static_addresses,
};
use crate::pgm::{self, SignedRequest};

/// The version of HTTP that a target is called in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.1: header names go out as the vendor writes them.
    Http1,
    /// HTTP/2 and nothing else: header names are in lower case.
    Http2,
}

/// A reqwest client that neither redirects nor retries, reaches hosts as `network` says, and
/// trusts what `verifier` trusts.
///
/// # Errors
/// When TLS cannot be set up.
pub fn client_builder(
    network: &Network,
    verifier: Arc<TargetVerifier>,
    protocol: Protocol,
) -> Result<ClientBuilder, TlsConfigError> {
    let builder = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .tcp_keepalive(None)
        .dns_resolver(HostResolver(network.resolve.clone()));
    Ok(match protocol {
        Protocol::Http1 => builder.tls_backend_preconfigured(client_config(verifier, b"http/1.1")?),
        Protocol::Http2 => builder
            .http2_prior_knowledge()
            .tls_backend_preconfigured(client_config(verifier, b"h2")?),
    })
}

/// Looks up names that have no address of the user's.
struct HostResolver(Vec<Resolve>);

impl ResolveName for HostResolver {
    fn resolve(&self, name: Name) -> Resolving {
        // reqwest replaces port 0 by the port of the URL.
        let known = static_addresses(name.as_str(), 0, &self.0);
        Box::pin(async move {
            let addresses = match known.is_empty() {
                true => lookup(name.as_str(), 0).await?,
                false => known,
            };
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Makes attempts at one URL, each on a connection of its own.
#[derive(Clone)]
pub(super) struct ReqwestTransport {
    url: Url,
    client: Client,
    timeout: Duration,
    verifier: Arc<TargetVerifier>,
    /// The proxy that the environment names for this URL.
    proxy: Option<String>,
}

impl ReqwestTransport {
    /// `needs_roots` says whether the system's authorities are read.
    pub(super) fn new(
        url: Url,
        network: &Network,
        protocol: Protocol,
        needs_roots: bool,
    ) -> Result<Self, TlsConfigError> {
        let verifier = Arc::new(TargetVerifier::new(network, needs_roots)?);
        let own = network.resolve.iter().filter(|own| own.applies_to(&url)).cloned().collect();
        let own = Network { resolve: own, ..network.clone() };
        let mut builder = client_builder(&own, verifier.clone(), protocol)?
            .pool_max_idle_per_host(0)
            // Tells a connection that was never made from a response that never came.
            .connect_timeout(network.timeout.mul_f32(0.9));
        if pgm::is_loopback(&url) {
            builder = builder.no_proxy();
        }
        let client = builder.build()?;
        let proxy = proxy_for(&url);
        Ok(Self { url, client, timeout: network.timeout, verifier, proxy })
    }

    /// Sends to the URL without its query.
    pub(super) fn remove_query(&mut self) {
        self.url.set_query(None);
    }

    /// What the last handshake showed.
    pub(super) fn tls_peer(&self) -> Option<TlsPeer> {
        tls_peer(&self.verifier)
    }

    async fn exchange(
        &self,
        request: &SignedRequest,
        partial: &mut Option<PartialResponse>,
    ) -> reqwest::Result<()> {
        let post = self.client.post(self.url.clone()).headers(header_map(request));
        let mut response = post.body(request.body_bytes()).send().await?;
        let headers = response.headers().iter().map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let version = format!("{:?}", response.version());
        let head = PartialResponse::new(response.status().as_u16(), &version, headers.collect());
        let partial = partial.insert(head);
        while let Some(piece) = response.chunk().await? {
            partial.push(&piece);
        }
        Ok(())
    }

    fn failure(&self, error: &reqwest::Error) -> Failure {
        let (outcome, message) = reqwest_failure(error);
        match &self.proxy {
            Some(proxy) => (outcome, proxy_failure(proxy, outcome, message)),
            None => (outcome, message),
        }
    }
}

impl Transport for ReqwestTransport {
    async fn attempt(&self, request: &SignedRequest, n: u32, started_at: DateTime<Utc>) -> Attempt {
        let mut partial = None;
        let start = Instant::now();
        let exchange = self.exchange(request, &mut partial);
        let result = tokio::time::timeout(self.timeout, exchange).await;
        let elapsed = start.elapsed();
        let connect_timed_out =
            matches!(&result, Ok(Err(error)) if error.is_connect() && error.is_timeout());
        let result = result.ok().filter(|_| !connect_timed_out);
        let result = result.map(|result| result.map_err(|error| self.failure(&error)));
        let (outcome, error) = conclude(result, elapsed, self.timeout);
        let response = partial.map(PartialResponse::into_response);
        let doubt = self.proxy.as_ref().zip(response.as_ref());
        let doubt = doubt.and_then(|(proxy, response)| proxy_response(proxy, &self.url, response));
        let (doubt, is_proxys_own) = doubt.unzip();
        let is_unreached = is_proxys_own.unwrap_or_default()
            || matches!(
                outcome,
                AttemptOutcome::Refused | AttemptOutcome::Dns | AttemptOutcome::Tls
            );
        Attempt {
            n,
            started_at,
            outcome,
            reached: !is_unreached && !connect_timed_out,
            elapsed,
            timings: Timings::default(),
            response,
            error: error.or(doubt),
        }
    }
}

/// Headers that cannot be sent are refused where they are entered, so none is lost here.
fn header_map(request: &SignedRequest) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in request.headers() {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            map.append(name, value);
        }
    }
    map
}
