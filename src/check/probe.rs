//! A probe: one thing that a target must or should do, what it sends and what comes back.

use std::time::Duration;

use super::config::RequestFactory;
use super::{CheckConfig, ProbeResult};
use crate::delivery::{Attempt, DeliveryVerdict, TlsPeer};
use crate::pgm::SignedRequest;

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
    pub(super) about_signatures: bool,
    pub(super) prerequisite: Prerequisite,
    pub(super) phase: Phase,
    pub(super) traffic: fn(&mut RequestFactory<'_>) -> Traffic,
    pub(super) judge: fn(&CheckConfig, &[ProbeResponse]) -> ProbeResult,
}

impl Probe {
    /// How much it weighs with this configuration.
    pub fn level_in(&self, config: &CheckConfig) -> Level {
        if self.about_signatures && config.require_signature { Level::Must } else { self.level }
    }
}

/// How much a check weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A requirement: without it the target is not ready.
    Must,
    /// A recommendation: a target without it works today and will cause trouble one day.
    Should,
    /// Information; never a reason to fail.
    Note,
}

impl Level {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::Note => "note",
        }
    }
}

/// Where a requirement or recommendation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// The vendor's help page.
    Documented,
    /// Live integrations.
    Observed,
    /// pgwh's authors, where neither of the others says anything.
    Recommendation,
}

impl Provenance {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Recommendation => "recommendation",
        }
    }
}

/// What must be true before a probe means anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prerequisite {
    /// Nothing: it looks at the URL.
    None,
    /// The first request was sent.
    Reached,
    /// The first request got a 2xx.
    Accepted,
}

/// When a probe runs. The phases follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Before the others and alone, so that nothing disturbs its measurements; these tell how many
    /// requests at once the target can take.
    Measured,
    /// Together with others, as many requests at once as the target can take.
    Together,
    /// After all others and alone, as it is a burst.
    Alone,
}

/// What a probe sends.
#[derive(Debug, Clone)]
pub(super) enum Traffic {
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
    NotApplicable(String),
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
    HangUp,
    /// On the connection of the request before, if the target keeps it.
    KeepAlive,
}

impl ProbeRequest {
    pub(super) fn new(label: impl Into<String>, request: SignedRequest) -> Self {
        Self { label: label.into(), request, mode: ConnectionMode::New }
    }

    pub(super) fn mode(mut self, mode: ConnectionMode) -> Self {
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
    pub fn is_accepted(&self) -> bool {
        self.attempt.as_ref().is_some_and(|attempt| attempt.verdict() == DeliveryVerdict::Delivered)
    }

    /// Whether it is a 2xx within this limit.
    pub(super) fn is_in_time(&self, limit: Duration) -> bool {
        self.is_accepted() && self.elapsed() < limit
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.attempt.as_ref().map(|attempt| attempt.elapsed).unwrap_or_default()
    }

    /// The status, if there is one.
    pub(super) fn status(&self) -> Option<u16> {
        self.attempt.as_ref().and_then(Attempt::status)
    }

    /// The text of the response, empty without one.
    pub(super) fn text(&self) -> &str {
        let response = self.attempt.as_ref().and_then(|attempt| attempt.response.as_ref());
        response.map_or("", |response| &response.text)
    }
}
