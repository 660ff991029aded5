//! A probe: one thing that a target must or should do, and how to find out whether it does.

use super::config::{CheckConfig, RequestFactory};
use super::report::{Level, ProbeResult, Provenance};
use super::request::{ProbeRequest, ProbeResponse};

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
