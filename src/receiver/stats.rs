//! Counts what arrives, and when a run has seen enough.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{RefusalReason, RequestEvent, RequestReport};
use crate::payload::Assignment;
use crate::verify::SignatureVerdict;

/// How many different events are counted by name: made-up names must not fill the memory.
const MAX_EVENTS: usize = 200;

/// What arrived in a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListenStats {
    /// All requests.
    pub requests: u64,
    /// Valid ones.
    pub valid: u64,
    /// Those whose signature matches no secret.
    pub invalid: u64,
    /// Those without a signature or an id.
    pub unsigned: u64,
    /// Those whose signature cannot be read: two different ones, or a masked one.
    pub unclear: u64,
    /// Those that were signed while there was no secret to check with.
    pub unchecked: u64,
    /// Those whose id and signature had arrived before.
    pub repeats: u64,
    /// Those that `--expect` counts.
    pub matching: u64,
    /// Those that could not be saved.
    pub save_errors: u64,
    /// By event. Requests without one, and events after the first 200, are not in it.
    pub by_event: BTreeMap<String, u64>,
    /// What was refused, by reason.
    pub refused: BTreeMap<RefusalReason, u64>,
}

impl ListenStats {
    pub(super) fn count(&mut self, event: &RequestEvent, is_expected: bool) {
        self.requests += 1;
        *match event.report.verdict {
            Some(SignatureVerdict::Valid) => &mut self.valid,
            Some(SignatureVerdict::Invalid) => &mut self.invalid,
            Some(SignatureVerdict::Unsigned) => &mut self.unsigned,
            Some(SignatureVerdict::Ambiguous | SignatureVerdict::Redacted) => &mut self.unclear,
            None => &mut self.unchecked,
        } += 1;
        self.repeats += u64::from(event.repeat > 1);
        self.save_errors += u64::from(event.save_error.is_some());
        self.matching += u64::from(is_expected);
        let Some(event) = &event.report.event else { return };
        if let Some(count) = self.by_event.get_mut(event) {
            *count += 1;
        } else if self.by_event.len() < MAX_EVENTS {
            self.by_event.insert(event.clone(), 1);
        }
    }

    pub(super) fn count_refusal(&mut self, reason: RefusalReason) {
        *self.refused.entry(reason).or_default() += 1;
    }
}

/// What ends a run. Without anything here, nothing does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StopCondition {
    /// This many valid requests with one of `events`.
    pub expected: Option<u64>,
    /// The events that count; all of them when it is empty.
    pub events: Vec<String>,
    /// Values that the data of a request must have to count.
    pub data: Vec<Assignment>,
    /// This many requests, whatever they are. No more are accepted.
    pub requests: Option<u64>,
}

impl StopCondition {
    /// Whether a request is one of those that are expected.
    pub(super) fn expects(&self, report: &RequestReport, body: &[u8]) -> bool {
        let listed = |event: &String| self.events.is_empty() || self.events.contains(event);
        self.expected.is_some()
            && report.is_valid()
            && report.event.as_ref().map_or(self.events.is_empty(), listed)
            && (self.data.is_empty() || self.has_data(body))
    }

    fn has_data(&self, body: &[u8]) -> bool {
        let Ok(envelope) = serde_json::from_slice::<Value>(body) else { return false };
        let Some(data) = envelope.get("data") else { return false };
        self.data.iter().all(|expected| expected.path.get(data) == Some(&expected.value))
    }

    /// Whether the run ends after what arrived.
    pub(super) fn holds(&self, stats: &ListenStats) -> bool {
        self.expected.is_some_and(|expected| stats.matching >= expected)
            || self.requests.is_some_and(|requests| stats.requests >= requests)
    }
}
