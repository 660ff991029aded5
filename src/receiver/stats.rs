//! What a run has seen: counts, request ids, and whether that is enough.

use std::collections::hash_map::{Entry, RandomState};
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

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

/// Ids in each of two generations. PGM retries within minutes; this many requests take it days.
const GENERATION: usize = 65_536;

/// How a request relates to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// 1-based count of requests with this id.
    pub attempt: u32,
    /// 1-based count of requests with this id and this signature: from 2 on, a repeat.
    pub repeat: u32,
}

#[derive(Debug, Clone, Copy)]
struct SeenId {
    attempts: u32,
    /// Hash of the signature that came with the id last, and how often it has.
    signature: u64,
    repeats: u32,
}

/// The ids of a run. Only hashes are kept, with a random key, so that nobody can make them collide.
#[derive(Debug, Default)]
pub struct SeenIds {
    hasher: RandomState,
    young: HashMap<u64, SeenId>,
    old: HashMap<u64, SeenId>,
}

impl SeenIds {
    /// Records a request.
    pub fn record(&mut self, id: &str, signature: Option<&str>) -> Occurrence {
        let (id, signature) = (self.hasher.hash_one(id), self.hasher.hash_one(signature));
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        let seen = match self.young.entry(id) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let new = SeenId { attempts: 0, signature, repeats: 0 };
                entry.insert(self.old.get(&id).copied().unwrap_or(new))
            }
        };
        if seen.signature != signature {
            (seen.signature, seen.repeats) = (signature, 0);
        }
        seen.attempts = seen.attempts.saturating_add(1);
        seen.repeats = seen.repeats.saturating_add(1);
        Occurrence { attempt: seen.attempts, repeat: seen.repeats }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_counted_by_id_and_signature() {
        let mut seen = SeenIds::default();
        let mut record = |id, signature| {
            let occurrence = seen.record(id, signature);
            (occurrence.attempt, occurrence.repeat)
        };
        assert_eq!(record("a", Some("1")), (1, 1));
        assert_eq!(record("a", Some("1")), (2, 2));
        assert_eq!(record("a", Some("2")), (3, 1));
        assert_eq!(record("a", None), (4, 1));
        assert_eq!(record("b", Some("1")), (1, 1));
    }

    #[test]
    fn memory_is_bounded_and_recent_ids_are_kept() {
        let mut seen = SeenIds::default();
        seen.record("first", None);
        for n in 0..3 * GENERATION {
            seen.record(&n.to_string(), None);
        }
        assert!(seen.young.len() + seen.old.len() <= 2 * GENERATION);
        assert_eq!(seen.record(&(3 * GENERATION - 1).to_string(), None).attempt, 2);
        assert_eq!(seen.record("first", None).attempt, 1);
    }
}
