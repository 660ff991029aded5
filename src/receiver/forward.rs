//! Forwards requests to other targets, with their exact bytes, and passes a response back.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures_util::future::join_all;
use hyper::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, HeaderValue, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE, VIA,
};
use hyper::{HeaderMap, StatusCode};
use reqwest::Client;
use serde_json::{Value, json};
use url::Url;

use super::{IncomingRequest, Reply, Response};
use crate::delivery::{Protocol, client_builder, reqwest_message};
use crate::http1::{Network, TargetVerifier, TlsConfigError};
use crate::pgm;
use crate::text::shown_url;

/// Bytes of a target's response that are passed back; a larger one counts as broken.
const MAX_RESPONSE: usize = 8 * 1024 * 1024;

/// Shorter than what servers allow an idle connection (Node.js: 5 s), so that a request is hardly
/// ever written to one that is being closed.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// Headers that are about one connection (RFC 9110 7.6.1), and the length that the next measures.
const HOP_BY_HOP: [HeaderName; 9] = [
    CONNECTION,
    CONTENT_LENGTH,
    EXPECT,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Where requests are forwarded to, and how.
#[derive(Debug, Clone, Default)]
pub struct ForwardConfig {
    /// Targets of every request whose event has no route.
    pub to: Vec<Url>,
    /// Targets of the requests with this event.
    pub routes: Vec<(String, Url)>,
    /// Whether only valid requests are forwarded.
    pub only_valid: bool,
    /// Headers that are set on forwarded requests, in place of those of these names.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Marks requests of this run, so that one that comes back is recognized.
    pub run_id: u64,
}

/// Forwards requests over a pool of connections.
#[derive(Debug)]
pub struct Forwarder {
    client: Client,
    config: ForwardConfig,
    /// The name of this run in `Via`.
    pseudonym: String,
}

/// What came of forwarding a request to one target.
#[derive(Debug, Clone)]
pub struct Forwarded {
    /// The URL that was requested.
    pub url: Url,
    /// The response, or why there is none.
    pub outcome: Result<Response, ForwardError>,
    /// How long the target took.
    pub elapsed: Duration,
}

/// Why a target sent no response. The words are the system's or a library's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForwardError {
    /// No connection could be established.
    #[error("is down: {0}")]
    Down(String),
    /// The time is up.
    #[error("is too slow")]
    TooSlow,
    /// The connection broke, or what came back is not a response that can be passed on.
    #[error("sent no response: {0}")]
    Broken(String),
}

impl Forwarder {
    /// Prepares to call the targets, each within `network`'s timeout.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(config: ForwardConfig, network: &Network) -> Result<Self, TlsConfigError> {
        let mut urls = config.to.iter().chain(config.routes.iter().map(|(_, url)| url));
        let needs_roots = urls.any(|url| url.scheme() == "https") && !network.insecure;
        let verifier = TargetVerifier::new(network, needs_roots)?;
        let client = client_builder(network, verifier.into(), Protocol::Http1)?
            .http1_only()
            .no_proxy()
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .timeout(network.timeout)
            .build()?;
        let pseudonym = format!("pgwh-{:016x}", config.run_id);
        Ok(Self { client, config, pseudonym })
    }

    /// Whether this run has forwarded the request before.
    pub(super) fn sent(&self, request: &IncomingRequest) -> bool {
        let values = request.head.headers.get_all(VIA).into_iter();
        values.filter_map(|value| value.to_str().ok()).any(|value| value.contains(&self.pseudonym))
    }

    /// The targets of a request, possibly none.
    pub(super) fn targets(&self, event: Option<&str>, is_valid: bool) -> Vec<&Url> {
        if self.config.only_valid && !is_valid {
            return Vec::new();
        }
        let routes = self.config.routes.iter();
        let routes = routes.filter(|(name, _)| event == Some(name));
        let routed: Vec<_> = routes.map(|(_, url)| url).collect();
        if routed.is_empty() { self.config.to.iter().collect() } else { routed }
    }

    /// Forwards a request to targets at the same time. The response is the first that PGM would
    /// take for a failure, if there is one, so that PGM retries until all have the request.
    pub(super) async fn forward(
        &self,
        request: &IncomingRequest,
        targets: Vec<&Url>,
    ) -> (Reply, Vec<Forwarded>) {
        let calls = targets.into_iter().map(|target| self.forward_to(target, request));
        let forwarded = join_all(calls).await;
        let decisive = forwarded.iter().find(|one| !one.succeeded()).or(forwarded.first());
        let Some(decisive) = decisive else { return (Reply::Drop, forwarded) };
        let response = match &decisive.outcome {
            Ok(response) => response.clone(),
            Err(ForwardError::TooSlow) => {
                let text = "the target behind this receiver is too slow\n";
                Response::text(StatusCode::GATEWAY_TIMEOUT, text)
            }
            Err(_) => {
                let text = "the target behind this receiver is down\n";
                Response::text(StatusCode::BAD_GATEWAY, text)
            }
        };
        (Reply::Respond(response), forwarded)
    }

    async fn forward_to(&self, target: &Url, request: &IncomingRequest) -> Forwarded {
        let started = Instant::now();
        let url = url_for(target, request.path());
        let outcome = self.exchange(&url, request).await;
        Forwarded { url, outcome, elapsed: started.elapsed() }
    }

    async fn exchange(
        &self,
        url: &Url,
        request: &IncomingRequest,
    ) -> Result<Response, ForwardError> {
        let response = self
            .client
            .post(url.clone())
            .headers(self.headers(url, &request.head.headers))
            .body(request.body().clone())
            .send()
            .await
            .map_err(|error| ForwardError::from(&error))?;
        let status = response.status();
        if status.is_informational() {
            return Err(ForwardError::Broken(format!("{status} is not a final response")));
        }
        let headers = end_to_end(response.headers()).collect();
        let body = read(response).await?;
        Ok(Response { status, headers, body, drip: None })
    }

    fn headers(&self, url: &Url, received: &HeaderMap) -> HeaderMap {
        // A user in the URL is the target's own matter, not that of whoever sent the request.
        let has_user = !url.username().is_empty() || url.password().is_some();
        let keeps = |name: &HeaderName| *name != HOST && !(has_user && *name == AUTHORIZATION);
        let mut headers = HeaderMap::with_capacity(received.len() + 1);
        headers.extend(end_to_end(received).filter(|(name, _)| keeps(name)));
        if let Ok(via) = HeaderValue::try_from(format!("1.1 {}", self.pseudonym)) {
            headers.append(VIA, via);
        }
        headers.extend(self.config.headers.iter().cloned());
        headers
    }
}

impl Forwarded {
    /// Whether PGM would take the target's response for a success.
    fn succeeded(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|response| pgm::is_success(response.status.as_u16()))
    }
}

impl Forwarded {
    /// What came of it as JSON, with the first characters of the response: as many as PGM keeps.
    pub fn to_json(&self) -> Value {
        let mut object = json!({
            "url": shown_url(&self.url),
            "status": null,
            "error": self.outcome.as_ref().err().map(ToString::to_string),
            "elapsedMs": (self.elapsed.as_secs_f64() * 1e6).round() / 1e3,
        });
        if let Ok(response) = &self.outcome {
            let headers = response.headers.iter();
            let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let headers: Vec<_> =
                headers.map(|(name, value)| (name.to_string(), text(value))).collect();
            object["status"] = response.status.as_u16().into();
            object["headers"] =
                headers_by_name(headers.iter().map(|(name, value)| (&**name, &**value)));
            object["body"] = response.first_characters().into();
        }
        object
    }
}

/// Headers in the form of a capture: each name with its values.
pub fn headers_by_name<'a>(headers: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let mut by_name = serde_json::Map::new();
    for (name, value) in headers {
        let values = by_name.entry(name).or_insert_with(|| json!([]));
        if let Value::Array(values) = values {
            values.push(Value::from(value));
        }
    }
    Value::Object(by_name)
}

impl From<&reqwest::Error> for ForwardError {
    fn from(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TooSlow;
        }
        let text = reqwest_message(error);
        if error.is_connect() { Self::Down(text) } else { Self::Broken(text) }
    }
}

/// A target without a path, or with one that ends in `/`, gets the request's path after its own;
/// any other is used as it is. The query of both goes along.
fn url_for(target: &Url, path: &str) -> Url {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    let mut url = target.clone();
    if let Some(folder) = target.path().strip_suffix('/') {
        url.set_path(&format!("{folder}{path}"));
    }
    let query = match (target.query(), query) {
        (Some(own), Some(query)) => Some(format!("{own}&{query}")),
        (own, query) => own.or(query).map(str::to_owned),
    };
    url.set_query(query.as_deref());
    url.set_fragment(None);
    url
}

/// The headers that are not about the connection.
fn end_to_end(headers: &HeaderMap) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    let values = headers.get_all(CONNECTION).into_iter();
    let listed: Vec<_> = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let passes = move |name: &HeaderName| {
        !HOP_BY_HOP.contains(name) && !listed.iter().any(|other| other == name.as_str())
    };
    let passing = headers.iter().filter(move |(name, _)| passes(name));
    passing.map(|(name, value)| (name.clone(), value.clone()))
}

async fn read(mut response: reqwest::Response) -> Result<Bytes, ForwardError> {
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(|error| ForwardError::from(&error))? {
        if body.len() + piece.len() > MAX_RESPONSE {
            return Err(ForwardError::Broken("it is larger than 8 MiB".to_owned()));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_with_a_path_is_used_as_it_is() {
        for (target, path, url) in [
            ("http://localhost:3000", "/pgm?a=1", "http://localhost:3000/pgm?a=1"),
            ("http://localhost:3000/pgm", "/pgm?a=1", "http://localhost:3000/pgm?a=1"),
            ("http://localhost:3000/api", "/", "http://localhost:3000/api"),
            ("http://localhost:3000/api/", "/pgm/", "http://localhost:3000/api/pgm/"),
            ("http://localhost:3000/api?k=v", "/?a=1", "http://localhost:3000/api?k=v&a=1"),
            ("http://localhost:3000/x/", "/", "http://localhost:3000/x/"),
            ("http://localhost:3000", "/?", "http://localhost:3000/?"),
        ] {
            assert_eq!(
                url_for(&Url::parse(target).unwrap(), path).as_str(),
                url,
                "{target} {path}"
            );
        }
    }

    #[test]
    fn headers_of_the_connection_stay_behind() {
        let mut received = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Hop"),
            ("x-hop", "1"),
            ("content-length", "2"),
            ("x-a", "1"),
            ("x-a", "2"),
            ("user-agent", "PGM"),
        ] {
            received.append(name, HeaderValue::from_static(value));
        }
        let passed = end_to_end(&received);
        let passed: Vec<_> =
            passed.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        assert_eq!(passed, ["x-a: 1", "x-a: 2", "user-agent: PGM"]);
    }
}
