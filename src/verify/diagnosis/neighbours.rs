//! The request ids near a capture: its signature may belong to one of them.

use std::collections::HashSet;

/// How many are kept.
const KEPT: usize = 512;
/// A longer id, in bytes, is not kept.
const LONGEST: usize = 256;

/// A ring of the ids that were noted last. It reuses its texts, so that noting allocates
/// nothing once it is full.
#[derive(Default)]
pub(super) struct Neighbours {
    ids: Vec<String>,
    next: usize,
}

impl Neighbours {
    /// Notes one more, in the place of the oldest.
    pub fn note(&mut self, id: &str) {
        if id.len() > LONGEST {
            return;
        }
        match self.ids.get_mut(self.next) {
            Some(oldest) => id.clone_into(oldest),
            None => self.ids.push(id.to_owned()),
        }
        self.next = (self.next + 1) % KEPT;
    }

    /// The noted ids, the latest first.
    pub fn latest(&self) -> impl Iterator<Item = &str> {
        let (newer, older) = self.ids.split_at(self.next.min(self.ids.len()));
        newer.iter().rev().chain(older.iter().rev()).map(String::as_str)
    }

    /// How many of them are of other requests than this one.
    pub fn others(&self, own: &str) -> usize {
        let others: HashSet<_> = self.ids.iter().filter(|id| *id != own).collect();
        others.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_come_first_and_the_oldest_go() {
        let mut neighbours = Neighbours::default();
        for number in 0..600 {
            neighbours.note(&number.to_string());
        }
        let ids: Vec<_> = neighbours.latest().collect();
        assert_eq!((ids.len(), ids[0], ids[511]), (512, "599", "88"));
    }

    #[test]
    fn a_request_that_came_twice_is_one_and_the_own_one_is_none() {
        let mut neighbours = Neighbours::default();
        ["a", "b", "b", "a"].iter().for_each(|id| neighbours.note(id));
        assert_eq!((neighbours.others("a"), neighbours.others("c")), (1, 2));
    }
}
