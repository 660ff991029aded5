//! Counts how often request ids were seen. Bounded: the oldest ids are forgotten.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;

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
