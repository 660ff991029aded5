//! Which request ids were seen, and how often. Bounded: the oldest ids are forgotten.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;

/// How many ids are kept in each of two generations. PGM retries within minutes; this many
/// requests take it days.
const GENERATION: usize = 65_536;

/// How a request stands to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The how many-th call with this id it is, from 1.
    pub of_its_id: u32,
    /// The how many-th with this id and this signature, from 1: from 2 on, a repeat.
    pub same: u32,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    calls: u32,
    /// Hash of the signature that came with the id last, and how often it has come.
    signature: u64,
    same: u32,
}

/// The ids of a run. Only hashes are kept, keyed anew in each run, so that no caller can make
/// them collide.
#[derive(Debug, Default)]
pub struct Ledger {
    hasher: RandomState,
    young: HashMap<u64, Row>,
    old: HashMap<u64, Row>,
}

impl Ledger {
    /// Enters a call.
    pub fn enter(&mut self, id: &str, signature: Option<&str>) -> Seen {
        let (id, signature) = (self.hasher.hash_one(id), self.hasher.hash_one(signature));
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        let row = match self.young.entry(id) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let none = Row { calls: 0, signature, same: 0 };
                entry.insert(self.old.get(&id).copied().unwrap_or(none))
            }
        };
        if row.signature != signature {
            (row.signature, row.same) = (signature, 0);
        }
        row.calls = row.calls.saturating_add(1);
        row.same = row.same.saturating_add(1);
        Seen { of_its_id: row.calls, same: row.same }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_counted_by_id_and_signature() {
        let mut ledger = Ledger::default();
        let mut enter = |id, signature| {
            let seen = ledger.enter(id, signature);
            (seen.of_its_id, seen.same)
        };
        assert_eq!(enter("a", Some("1")), (1, 1));
        assert_eq!(enter("a", Some("1")), (2, 2));
        assert_eq!(enter("a", Some("2")), (3, 1));
        assert_eq!(enter("a", None), (4, 1));
        assert_eq!(enter("b", Some("1")), (1, 1));
    }

    #[test]
    fn memory_is_bounded_and_recent_ids_are_kept() {
        let mut ledger = Ledger::default();
        ledger.enter("first", None);
        for n in 0..3 * GENERATION {
            ledger.enter(&n.to_string(), None);
        }
        assert!(ledger.young.len() + ledger.old.len() <= 2 * GENERATION);
        assert_eq!(ledger.enter(&(3 * GENERATION - 1).to_string(), None).of_its_id, 2);
        assert_eq!(ledger.enter("first", None).of_its_id, 1);
    }
}
