//! When a run is over by itself.

use super::{Judgement, Tally};

/// What ends a run. Without anything here, nothing does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Goal {
    /// After this many valid requests of one of `events`.
    pub expected: Option<u64>,
    /// The events that count; all of them when there are none here.
    pub events: Vec<String>,
    /// After this many requests, whatever they are. No more are taken.
    pub requests: Option<u64>,
}

impl Goal {
    /// Whether a request is one of those that are expected.
    pub(super) fn wants(&self, judgement: &Judgement) -> bool {
        let expected = |event: &String| self.events.is_empty() || self.events.contains(event);
        judgement.is_valid() && judgement.event.as_ref().map_or(self.events.is_empty(), expected)
    }

    /// Whether the run is over after what came.
    pub(super) fn is_reached(&self, tally: &Tally) -> bool {
        self.expected.is_some_and(|expected| tally.matching >= expected)
            || self.requests.is_some_and(|requests| tally.requests >= requests)
    }
}
