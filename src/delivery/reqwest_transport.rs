//! Attempts through a proxy or over HTTP/2, by reqwest: header names go out in lower case, and
//! phases are not measured. Also which proxy the environment names for a target.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::dns::{Addrs, Name, Resolve as ResolveName, Resolving};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, ClientBuilder, redirect};
use url::{Position, Url};

use super::direct::{conclude, reqwest_failure};
use super::partial_response::PartialResponse;
use super::{
    Attempt, AttemptOutcome, BY_PROXY, Failure, NOT_HTTP2, Response, TUNNEL_REFUSED, Timings,
    TlsPeer, Transport,
};
use crate::http1::{Network, Resolve, TargetVerifier, TlsConfigError, addresses, client_config};
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
        let own = self.0.clone();
        Box::pin(async move {
            // reqwest replaces port 0 by the port of the URL.
            let addresses = addresses(name.as_str(), 0, &own).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Makes attempts at one URL, each on a connection of its own.
#[derive(Clone)]
pub(super) struct ReqwestTransport {
    url: Url,
    protocol: Protocol,
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
        Ok(Self { url, protocol, client, timeout: network.timeout, verifier, proxy })
    }

    /// Sends to the URL without its query.
    pub(super) fn remove_query(&mut self) {
        self.url.set_query(None);
    }

    /// What the last handshake showed.
    pub(super) fn tls_peer(&self) -> Option<TlsPeer> {
        self.verifier.take_shown().map(TlsPeer::from)
    }

    async fn exchange(
        &self,
        request: &SignedRequest,
        partial: &mut Option<PartialResponse>,
    ) -> reqwest::Result<()> {
        let post = self.client.post(self.url.clone()).headers(header_map(request));
        let mut response = post.body(request.body().clone()).send().await?;
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

    fn failure(&self, error: &reqwest::Error, has_response: bool) -> Failure {
        let (outcome, message) = reqwest_failure(error);
        let (outcome, message) = match self.protocol {
            Protocol::Http2 if !has_response => without_http2(outcome, message),
            _ => (outcome, message),
        };
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
        let has_response = partial.is_some();
        let result = result.map(|result| result.map_err(|it| self.failure(&it, has_response)));
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

/// A failure over HTTP/2 before a response, which is most likely that of a server without HTTP/2: the
/// first bytes of an HTTP/1.1 response are no frame, and over TLS no common protocol is found.
fn without_http2(outcome: AttemptOutcome, message: String) -> Failure {
    let signs = ["frame with invalid size", "no application protocol"];
    match signs.iter().any(|sign| message.contains(sign)) {
        true => (AttemptOutcome::Broken, NOT_HTTP2.to_owned()),
        false if outcome == AttemptOutcome::Broken => {
            (outcome, format!("{message} (or {NOT_HTTP2})"))
        }
        false => (outcome, message),
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

/// Schemes of proxies that work.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// A proxy of the environment that cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{variable} names a proxy that cannot be used: {problem}; expected a URL that starts with {}",
    SCHEMES.map(|scheme| format!("{scheme}://")).join(", ")
)]
pub struct ProxyError {
    /// The environment variable.
    variable: &'static str,
    /// What is wrong with its value, which is not shown: it may hold a password.
    problem: String,
}

/// Checks the environment's proxies for a URL: reqwest ignores those that it cannot use, and the
/// request would go straight to its target.
///
/// # Errors
/// When a proxy that is meant for this URL cannot be used.
pub fn check_proxies(url: &Url) -> Result<(), ProxyError> {
    if pgm::is_loopback(url) {
        return Ok(());
    }
    let own = match url.scheme() {
        "https" => ["HTTPS_PROXY", "https_proxy"],
        _ => ["HTTP_PROXY", "http_proxy"],
    };
    for variable in own.into_iter().chain(["ALL_PROXY", "all_proxy"]) {
        let Ok(value) = std::env::var(variable) else { continue };
        if let Some(problem) = proxy_problem(&value) {
            return Err(ProxyError { variable, problem });
        }
    }
    Ok(())
}

fn proxy_problem(value: &str) -> Option<String> {
    let Some((scheme, rest)) = value.split_once("://") else {
        // `proxy:3128`, which stands for `http://proxy:3128`.
        return (!value.is_empty() && value.parse::<http::uri::Authority>().is_err())
            .then(|| "it is not a URL".to_owned());
    };
    if !SCHEMES.contains(&scheme) {
        return Some(format!("unknown scheme {scheme:?}"));
    }
    let authority = rest.split('/').next().unwrap_or_default();
    let has_host = authority.parse::<http::uri::Authority>().is_ok_and(|it| !it.host().is_empty());
    (!has_host).then(|| "it has no host".to_owned())
}

/// The proxy for a URL without its user and password, as reqwest will find it too; none for this
/// machine.
pub fn proxy_for(url: &Url) -> Option<String> {
    if pgm::is_loopback(url) {
        return None;
    }
    // A path may be longer than a `Uri` can be, and has no say in it.
    let origin = format!("{}://{}/", url.scheme(), &url[Position::BeforeHost..Position::AfterPort]);
    let proxy = Matcher::from_env().intercept(&origin.parse().ok()?)?;
    Some(proxy.uri().to_string().trim_end_matches('/').to_owned())
}

/// The message of a failed attempt through a proxy, which may be what failed.
fn proxy_failure(proxy: &str, outcome: AttemptOutcome, message: String) -> String {
    match message.strip_prefix("tunnel error: ") {
        Some("proxy authorization required") => {
            format!("proxy {proxy} {TUNNEL_REFUSED}: 407 Proxy Authentication Required")
        }
        Some("unsuccessful") => format!("proxy {proxy} {TUNNEL_REFUSED}"),
        Some(problem) => format!("proxy {proxy} {TUNNEL_REFUSED}: {problem}"),
        None if matches!(outcome, AttemptOutcome::Refused | AttemptOutcome::Dns) => {
            format!("{BY_PROXY} {proxy}: {message}")
        }
        None => message,
    }
}

/// Whose response this is, if it came through a proxy over plain HTTP and is not a 2xx, and whether
/// it is the proxy's for a fact.
fn proxy_response(proxy: &str, url: &Url, response: &Response) -> Option<(String, bool)> {
    if url.scheme() == "https" || !proxy.starts_with("http") || pgm::is_success(response.status) {
        return None;
    }
    Some(match response.status == 407 || response.header("proxy-status").is_some() {
        true => (format!("{BY_PROXY} {proxy}: the response is the proxy's own"), true),
        false => (format!("{BY_PROXY} {proxy}: may be its own response"), false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_that_cannot_be_used_are_named() {
        for good in ["", "proxy:3128", "http://u:p@proxy:3128/", "socks5h://[::1]:1080"] {
            assert_eq!(proxy_problem(good), None, "{good}");
        }
        for bad in ["ftp://proxy", "http://", "http:///x", "not a proxy"] {
            assert!(proxy_problem(bad).is_some(), "{bad}");
        }
    }
}
