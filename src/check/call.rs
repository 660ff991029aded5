//! What a probe sends, and what comes back.

use crate::delivery::{Attempt, DeliveryVerdict, TlsPeer};
use crate::pgm::SignedRequest;
use std::time::Duration;

/// One call to be made.
#[derive(Debug, Clone)]
pub struct Call {
    /// What it is, in a few words, for the evidence.
    pub label: String,
    /// What is sent.
    pub request: SignedRequest,
    /// How it is sent.
    pub manner: Manner,
}

/// How a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// On a connection of its own, to the last byte of the response: as PGM does, as far as is
    /// known.
    Whole,
    /// The caller goes away before the answer.
    HangUp,
    /// On the connection of the call before, if the target keeps it.
    Kept,
}

impl Call {
    pub(super) fn new(label: impl Into<String>, request: SignedRequest) -> Self {
        Self { label: label.into(), request, manner: Manner::Whole }
    }

    pub(super) fn manner(mut self, manner: Manner) -> Self {
        self.manner = manner;
        self
    }
}

/// What came of a call.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The call's label.
    pub label: String,
    /// The call's manner.
    pub manner: Manner,
    /// The attempt; `None` for a caller that hung up.
    pub attempt: Option<Attempt>,
    /// Whom the TLS handshake met, if there was one.
    pub peer: Option<TlsPeer>,
    /// Whether it went over the connection of the call before.
    pub reused: bool,
}

impl Reply {
    /// Whether it got a 2xx, however late.
    pub(super) fn is_accepted(&self) -> bool {
        self.attempt.as_ref().is_some_and(|attempt| attempt.verdict() == DeliveryVerdict::Delivered)
    }

    /// Whether it got a 2xx within this limit.
    pub(super) fn is_in_time(&self, limit: Duration) -> bool {
        self.is_accepted() && self.elapsed() < limit
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.attempt.as_ref().map(|attempt| attempt.elapsed).unwrap_or_default()
    }
}

/// What a probe sends.
#[derive(Debug, Clone)]
pub(super) enum Sends {
    /// Nothing of its own: it judges the first call, on which everything else stands.
    First,
    /// The first call is judged, then these, one after the other.
    FirstThen(Vec<Call>),
    /// These, each only when the one before was accepted in time.
    InTurn(Vec<Call>),
    /// These, in any order, some of them at once.
    Each(Vec<Call>),
    /// These, all at once.
    AtOnce(Vec<Call>),
    /// Nothing, as the probe does not apply, for this reason.
    NotApplicable(String),
}
