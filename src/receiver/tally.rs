//! Counting what came.

use std::collections::BTreeMap;

use super::Reason;
use crate::verify::Verdict;

/// How many different events are counted by name; whoever makes up names must not fill the
/// memory.
const EVENTS: usize = 200;

/// What came in a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// All requests.
    pub requests: u64,
    /// How many were valid.
    pub valid: u64,
    /// How many had a signature that fits no secret.
    pub invalid: u64,
    /// How many had no signature or no id.
    pub unsigned: u64,
    /// How many had a signature that cannot be told: two different ones, or a masked one.
    pub unclear: u64,
    /// How many were signed while there was no secret to check with.
    pub unchecked: u64,
    /// How many came with an id and a signature that had come before.
    pub repeats: u64,
    /// How many were valid and of an expected event.
    pub matching: u64,
    /// How many could not be saved.
    pub not_saved: u64,
    /// By event; the events after the first two hundred, and requests without one, are not
    /// in it.
    pub by_event: BTreeMap<String, u64>,
    /// Calls that were turned away, by reason.
    pub refused: BTreeMap<Reason, u64>,
}

impl Tally {
    /// Counts a verdict.
    pub(super) fn verdict(&mut self, verdict: Option<Verdict>) {
        self.requests += 1;
        *match verdict {
            Some(Verdict::Valid) => &mut self.valid,
            Some(Verdict::Invalid) => &mut self.invalid,
            Some(Verdict::Unsigned) => &mut self.unsigned,
            Some(Verdict::Ambiguous | Verdict::Redacted) => &mut self.unclear,
            None => &mut self.unchecked,
        } += 1;
    }

    /// Counts an event.
    pub(super) fn event(&mut self, event: &str) {
        if let Some(count) = self.by_event.get_mut(event) {
            *count += 1;
        } else if self.by_event.len() < EVENTS {
            self.by_event.insert(event.to_owned(), 1);
        }
    }

    /// Counts a call that was turned away.
    pub(super) fn refusal(&mut self, reason: Reason) {
        *self.refused.entry(reason).or_default() += 1;
    }
}
