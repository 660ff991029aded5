//! The ids of the latest requests of a file: a signature may belong to one of them.

use std::collections::{HashSet, VecDeque};

const MAX_IDS: usize = 512;
/// A longer id, in bytes, is not kept.
const MAX_ID: usize = 256;

/// The latest ids.
#[derive(Default)]
pub(super) struct RecentIds(VecDeque<String>);

impl RecentIds {
    /// Adds an id in place of the oldest.
    pub fn add(&mut self, id: &str) {
        if id.len() > MAX_ID {
            return;
        }
        let mut oldest = match self.0.len() {
            MAX_IDS => self.0.pop_back().unwrap_or_default(),
            _ => String::new(),
        };
        id.clone_into(&mut oldest);
        self.0.push_front(oldest);
    }

    /// The ids, the latest first.
    pub fn latest(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// How many other requests they belong to.
    pub fn others(&self, own: &str) -> usize {
        self.0.iter().filter(|id| *id != own).collect::<HashSet<_>>().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_come_first_and_the_oldest_go() {
        let mut recent = RecentIds::default();
        for number in 0..600 {
            recent.add(&number.to_string());
        }
        let ids: Vec<_> = recent.latest().collect();
        assert_eq!((ids.len(), ids[0], ids[511]), (512, "599", "88"));
    }

    #[test]
    fn each_other_request_counts_once() {
        let mut recent = RecentIds::default();
        ["a", "b", "b", "a"].iter().for_each(|id| recent.add(id));
        assert_eq!((recent.others("a"), recent.others("c")), (1, 2));
    }
}
