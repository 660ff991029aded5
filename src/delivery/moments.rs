//! The moments of an attempt, and the phases between them.

use std::time::Instant;

use super::Timings;

/// When what happened on the way to a connection.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments {
    pub(super) connecting: Option<Instant>,
    pub(super) dns_started: Option<Instant>,
    pub(super) dns_done: Option<Instant>,
    pub(super) tls_started: Option<Instant>,
    pub(super) connected: Option<Instant>,
}

impl Moments {
    /// The phases, given when the head of the answer came and when the attempt ended. The phase
    /// in which it ended badly lasts until then.
    pub(super) fn timings(&self, head: Option<Instant>, end: Instant) -> Timings {
        let between =
            |from: Option<Instant>, to: Option<Instant>| Some(to?.saturating_duration_since(from?));
        let end = Some(end);
        let dialled = if self.dns_started.is_some() { self.dns_done } else { self.connecting };
        Timings {
            dns: between(self.dns_started, self.dns_done.or(end)),
            connect: between(dialled, self.tls_started.or(self.connected).or(end)),
            tls: between(self.tls_started, self.connected.or(end)),
            wait: between(self.connected, head.or(end)),
            body: between(head, end),
        }
    }
}
