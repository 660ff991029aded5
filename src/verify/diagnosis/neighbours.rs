//! The request ids near a capture: its signature may belong to one of them.

/// How many are kept.
const KEPT: usize = 256;
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

    /// How many there are.
    pub fn count(&self) -> usize {
        self.ids.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_come_first_and_the_oldest_go() {
        let mut neighbours = Neighbours::default();
        for number in 0..300 {
            neighbours.note(&number.to_string());
        }
        let ids: Vec<_> = neighbours.latest().collect();
        assert_eq!((ids.len(), ids[0], ids[255]), (256, "299", "44"));
        assert_eq!(neighbours.count(), 256);
    }
}
