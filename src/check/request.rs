//! A probe's request, and what came of it.

use std::time::Duration;

use crate::delivery::{Attempt, DeliveryVerdict, TlsPeer};
use crate::pgm::SignedRequest;

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
