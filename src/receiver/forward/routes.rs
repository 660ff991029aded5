//! Who gets a request, and which of several answers counts.

use std::time::Duration;

use futures_util::future::join_all;
use hyper::StatusCode;
use rustls::ClientConfig;
use url::Url;

use super::exchange::{Passed, Target, Unpassed, pass};
use crate::delivery::{Network, TlsConfigError, client_config};
use crate::receiver::{Answer, Received};

/// Where requests are passed on to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forward {
    /// Targets of every request whose event has no route.
    pub to: Vec<Url>,
    /// Targets of the requests with this event.
    pub routes: Vec<(String, Url)>,
    /// Whether only requests that verify are passed on.
    pub only_valid: bool,
}

/// Passes requests on.
#[derive(Debug)]
pub struct Forwarder {
    to: Vec<Target>,
    routes: Vec<(String, Target)>,
    only_valid: bool,
    timeout: Duration,
}

impl Forwarder {
    /// Gets ready to call the targets, each within `network`'s time limit.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(forward: Forward, network: &Network) -> Result<Self, TlsConfigError> {
        let urls = forward.to.iter().chain(forward.routes.iter().map(|(_, url)| url));
        let needed = urls.clone().any(|url| url.scheme() == "https");
        let tls = std::sync::Arc::new(http1_only(client_config(network, needed)?));
        let target = |url: Url| Target::new(url, tls.clone());
        let routes = forward.routes.into_iter().map(|(event, url)| (event, target(url)));
        Ok(Self {
            routes: routes.collect(),
            to: forward.to.into_iter().map(target).collect(),
            only_valid: forward.only_valid,
            timeout: network.timeout,
        })
    }

    /// Passes a request on to everyone it is for, at the same time. `None` when that is nobody.
    /// The answer is the first that PGM would take for a failure, if there is one: a caller
    /// should try again until all have it.
    pub async fn pass(
        &self,
        received: &Received,
        event: Option<&str>,
        valid: bool,
    ) -> Option<(Answer, Vec<Passed>)> {
        let targets = self.targets(event);
        if targets.is_empty() || (self.only_valid && !valid) {
            return None;
        }
        let calls = targets.iter().map(|target| pass(target, received, self.timeout));
        let (mut answers, passed): (Vec<_>, Vec<_>) = join_all(calls).await.into_iter().unzip();
        let failed = |passed: &Passed| !passed.succeeded();
        let chosen = passed.iter().position(failed).unwrap_or_default();
        let answer = answers.swap_remove(chosen).unwrap_or_else(|| no_answer(&passed[chosen]));
        Some((answer, passed))
    }

    fn targets(&self, event: Option<&str>) -> Vec<&Target> {
        let routed = self.routes.iter().filter(|(routed, _)| event == Some(routed));
        let routed: Vec<_> = routed.map(|(_, target)| target).collect();
        if routed.is_empty() { self.to.iter().collect() } else { routed }
    }
}

/// The exchange speaks HTTP/1.1 only.
fn http1_only(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

fn no_answer(passed: &Passed) -> Answer {
    match passed.outcome {
        Err(Unpassed::TooSlow) => Answer::text(
            StatusCode::GATEWAY_TIMEOUT,
            "the target behind this receiver is too slow\n",
        ),
        _ => Answer::text(StatusCode::BAD_GATEWAY, "the target behind this receiver is down\n"),
    }
}
