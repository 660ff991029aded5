//! Whether a target is ready for PGM. Each probe is one file in `probes/`: what it sends and how
//! it judges the responses. Judging is pure; [`run`] drives it over a [`ProbeTarget`], so that tests
//! need no network.

mod probes;
mod readiness;
mod run;
#[cfg(test)]
mod tests;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

pub use self::probes::{PROBES, anonymize, find};
pub use self::readiness::{CheckReport, Level, Provenance, Readiness};
pub use self::run::{
    CheckProgress, ProbeTarget, check_selection, first_request, interrupted, needs_target, run,
};
use crate::delivery::{Attempt, TlsPeer};
use crate::pgm::{self, Envelope, RequestId, Secret, SignedRequest};

/// What the user wants to know, and about which target.
#[derive(Debug, Clone)]
pub struct CheckConfig {
    /// The name of the webhook, if the target is one of pgwh.toml.
    pub webhook: Option<String>,
    /// The target.
    pub url: Url,
    /// The webhook's secret.
    pub secret: Secret,
    /// Headers of every request besides PGM's own.
    pub headers: Vec<(String, String)>,
    /// The time now, for dates and certificates.
    pub now: DateTime<Utc>,
    /// The time that a response may take.
    pub limit: Duration,
    /// How many responses are timed, the first one included.
    pub samples: u32,
    /// How many different requests the burst has, if it is wanted.
    pub burst: Option<u32>,
    /// Real events to send besides `Test`: name and `data`.
    pub events: Vec<(String, Value)>,
    /// Accept a URL that PGM would block.
    pub allow_url: bool,
    /// Require that bad signatures are rejected.
    pub require_signature: bool,
    /// Whether the user named the authority to trust.
    pub own_authority: bool,
    /// Whether requests go through a proxy, which decides about connections and header names.
    pub is_proxied: bool,
    /// The ids of the checks to make; empty for all.
    pub only: Vec<String>,
    /// The ids of the checks to leave out.
    pub skip: Vec<String>,
    /// Treat recommendations as requirements.
    pub strict: bool,
}

/// How many responses are timed by default.
const SAMPLES: u32 = 5;

impl CheckConfig {
    /// The defaults: the event `Test`, and PGM's own limits.
    pub fn new(url: Url, secret: Secret, now: DateTime<Utc>) -> Self {
        Self {
            webhook: None,
            url,
            secret,
            headers: Vec::new(),
            now,
            limit: pgm::TIMEOUT,
            samples: SAMPLES,
            burst: None,
            events: Vec::new(),
            allow_url: false,
            require_signature: false,
            own_authority: false,
            is_proxied: false,
            only: Vec::new(),
            skip: Vec::new(),
            strict: false,
        }
    }

    /// Whether the user wants the check of this id.
    fn wants(&self, id: &str) -> bool {
        let names = |list: &[String]| list.iter().any(|name| name == id);
        (self.only.is_empty() || names(&self.only)) && !names(&self.skip)
    }

    /// Whether the user wants some checks only.
    fn is_partial(&self) -> bool {
        !self.only.is_empty() || !self.skip.is_empty()
    }
}

/// One thing that a target must or should do, and how to find out whether it does.
#[derive(Debug, Clone, Copy)]
pub struct Probe {
    /// Its stable id.
    pub id: &'static str,
    /// How much it weighs.
    pub level: Level,
    /// Who says so.
    pub source: Provenance,
    /// When it passes, in a line.
    pub passes_when: &'static str,
    /// What it sends, why it matters and what to do, in a paragraph.
    pub explanation: &'static str,
    /// Whether it is about signatures, which `--require-signature` makes a requirement.
    about_signatures: bool,
    prerequisite: Prerequisite,
    phase: Phase,
    traffic: fn(&mut RequestFactory<'_>) -> Traffic,
    judge: fn(&CheckConfig, &[ProbeResponse]) -> ProbeResult,
}

/// What must be true before a probe means anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prerequisite {
    /// Nothing: it looks at the URL.
    None,
    /// The first request was sent.
    Reached,
    /// The first request got a 2xx.
    Accepted,
}

/// When a probe runs. The phases follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// First of all, as it sends nothing of its own.
    First,
    /// Before the others and alone, so that nothing disturbs its measurements, which decide how
    /// many requests at once the target gets.
    Measured,
    /// Together with others, as many requests at once as the target can take.
    Together,
    /// After all others and alone, as it is a burst.
    Alone,
}

/// What a probe sends.
#[derive(Debug, Clone)]
enum Traffic {
    /// Nothing of its own: it judges the first request.
    First,
    /// It judges the first request, then these, sent one after the other.
    FirstThen(Vec<ProbeRequest>),
    /// These, one after the other, each only if the one before was accepted in time.
    InTurn(Vec<ProbeRequest>),
    /// These, in any order, some of them at once.
    Each(Vec<ProbeRequest>),
    /// These, all at once.
    AtOnce(Vec<ProbeRequest>),
    /// Nothing, as the probe does not apply, for this reason.
    NotApplicable(&'static str),
}

/// Builds the requests of a probe.
struct RequestFactory<'a> {
    config: &'a CheckConfig,
    ids: &'a mut dyn FnMut() -> RequestId,
    /// The first request of the run.
    first: Option<&'a SignedRequest>,
    /// The status of its response, if that is whole.
    first_status: Option<u16>,
}

impl RequestFactory<'_> {
    /// The event `Test`, as PGM documents it, with a new id.
    fn test(&mut self) -> SignedRequest {
        self.event("Test", test_data())
    }

    /// An event with a new id.
    fn event(&mut self, name: &str, data: Value) -> SignedRequest {
        let request = SignedRequest::new((self.ids)(), &self.config.secret, self.body(name, data));
        request.with(&self.config.headers)
    }

    /// `Test` with a new id and this signature.
    fn test_signed(&mut self, signature: impl FnOnce(&RequestId) -> String) -> SignedRequest {
        let id = (self.ids)();
        let signature = signature(&id);
        let body = self.body("Test", test_data());
        SignedRequest::with_signature(id, signature, body).with(&self.config.headers)
    }

    /// The first request once more, byte for byte.
    fn first_again(&mut self, label: &str) -> ProbeRequest {
        let request = self.first.cloned().unwrap_or_else(|| self.test());
        ProbeRequest::new(label, request)
    }

    fn body(&self, name: &str, data: Value) -> Vec<u8> {
        Envelope { event: name.to_owned(), triggered_date: self.config.now, data }.to_body()
    }
}

/// The `data` of the documented `Test`.
fn test_data() -> Value {
    pgm::find("Test").map(|event| event.data).unwrap_or_default()
}

/// A request that a probe sends.
#[derive(Debug, Clone)]
pub struct ProbeRequest {
    /// What it is, in a few words, for the evidence.
    pub label: String,
    /// What is sent.
    pub request: SignedRequest,
    /// How it is sent.
    pub mode: ConnectionMode,
}

/// How a probe's request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionMode {
    /// On a connection of its own, to the last byte of the response.
    New,
    /// The same, to the URL without its query.
    WithoutQuery,
    /// The connection is closed before the response.
    CloseEarly,
    /// On the connection of the request before, if the target keeps it.
    KeepAlive,
}

impl ProbeRequest {
    fn new(label: impl Into<String>, request: SignedRequest) -> Self {
        Self { label: label.into(), request, mode: ConnectionMode::New }
    }

    fn mode(mut self, mode: ConnectionMode) -> Self {
        self.mode = mode;
        self
    }
}

/// What came of a probe's request.
#[derive(Debug, Clone)]
pub struct ProbeResponse {
    /// The request's label.
    pub label: String,
    /// The request's mode.
    pub mode: ConnectionMode,
    /// The attempt; `None` where the connection was closed before the response.
    pub attempt: Option<Attempt>,
    /// What the TLS handshake showed, if there was one.
    pub peer: Option<TlsPeer>,
    /// Whether it used the connection of the request before.
    pub reused: bool,
}

impl ProbeResponse {
    /// Whether it is a 2xx, however late.
    fn is_accepted(&self) -> bool {
        self.attempt.as_ref().is_some_and(Attempt::is_accepted)
    }

    /// Whether it is a 2xx within this limit.
    fn is_in_time(&self, limit: Duration) -> bool {
        self.is_accepted() && self.elapsed() < limit
    }

    fn elapsed(&self) -> Duration {
        self.attempt.as_ref().map(|attempt| attempt.elapsed).unwrap_or_default()
    }

    /// The status, if there is one.
    fn status(&self) -> Option<u16> {
        self.attempt.as_ref().and_then(Attempt::status)
    }

    /// The text of the response, empty without one.
    fn text(&self) -> &str {
        let response = self.attempt.as_ref().and_then(|attempt| attempt.response.as_ref());
        response.map_or("", |response| &response.text)
    }
}

/// A probe's verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckStatus {
    /// As it should be.
    Pass,
    /// Not as it should be.
    Fail,
    /// Passed, but deserves a look.
    Warn,
    /// Could not be judged, or was not asked for.
    Skip,
}

impl CheckStatus {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Skip => "skip",
        }
    }
}

/// A verdict with its reasons. Both texts may quote the target: escape them before they are
/// shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeResult {
    /// The verdict.
    pub status: CheckStatus,
    /// What was seen, with the numbers.
    pub evidence: String,
    /// How to fix it, where there is something to fix.
    pub help: Option<String>,
}

impl ProbeResult {
    fn pass(evidence: impl Into<String>) -> Self {
        Self { status: CheckStatus::Pass, evidence: evidence.into(), help: None }
    }

    fn fail(evidence: impl Into<String>, help: impl Into<String>) -> Self {
        Self { status: CheckStatus::Fail, evidence: evidence.into(), help: Some(help.into()) }
    }

    fn warn(evidence: impl Into<String>, help: impl Into<String>) -> Self {
        Self { status: CheckStatus::Warn, evidence: evidence.into(), help: Some(help.into()) }
    }

    fn skip(reason: impl Into<String>) -> Self {
        Self { status: CheckStatus::Skip, evidence: reason.into(), help: None }
    }
}

/// A probe's result on a target.
#[derive(Debug, Clone)]
pub struct Check {
    /// The probe's id.
    pub id: &'static str,
    /// How much it weighs in this run.
    pub level: Level,
    /// Where the requirement or recommendation comes from.
    pub source: Provenance,
    /// What the probe has to say.
    pub result: ProbeResult,
    /// How long its requests took.
    pub elapsed: Duration,
    /// Whether it sent a forged request and got a 2xx.
    accepts_forged: bool,
}
