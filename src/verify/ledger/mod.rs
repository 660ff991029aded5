//! The table of distinct requests: what was seen before, in as few bytes as will do.
//!
//! A request takes one entry of 16 bytes: 8 of its id's hash, 4 of its body's, 3 of its
//! signature's, 1 that counts. A table is kept between 53 % and 80 % full, so a distinct
//! request costs 20 to 30 bytes. All hashes are keyed, see [`Seed`](super::Seed): a hostile file can
//! neither crowd one place of the table nor make two bodies look the same.

mod key;
mod part;

pub use key::Key;
use part::Part;

/// How a request stands to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recurrence {
    /// Its id was not seen before.
    First,
    /// The same request again. The count says how often it has been seen, this time included;
    /// it stops at 255.
    Retry(u8),
    /// Id and signature were seen before, with another body.
    OtherBody,
    /// The id was seen before, with another signature.
    OtherSignature,
}

/// How many parts the table has. Each grows alone, so that growing never doubles the memory.
const PARTS: usize = 256;

/// The distinct requests of a run, in the order they came.
pub struct Ledger {
    parts: Vec<Part>,
    distinct: u64,
    retries: u64,
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new()
    }
}

impl Ledger {
    /// An empty table.
    pub fn new() -> Self {
        let part = |number| Part::new(16 + number / 32);
        Self { parts: (0..PARTS).map(part).collect(), distinct: 0, retries: 0 }
    }

    /// Enters a request, and says how it stands to those entered before.
    pub fn enter(&mut self, key: Key) -> Recurrence {
        let part = (key.id >> 56) as usize;
        let Some(part) = self.parts.get_mut(part) else { return Recurrence::First };
        let recurrence = part.enter(key);
        match recurrence {
            Recurrence::First => self.distinct += 1,
            Recurrence::Retry(_) => self.retries += 1,
            Recurrence::OtherBody | Recurrence::OtherSignature => {}
        }
        recurrence
    }

    /// Touches the places of requests that will be entered soon. The table is larger than the
    /// caches of a processor: asked for ahead and with nothing between them, many places come at
    /// once, and nobody waits.
    pub fn warm(&self, keys: impl Iterator<Item = Key>) {
        let touch = |key: Key| self.parts.get((key.id >> 56) as usize).map_or(0, |p| p.touch(key));
        std::hint::black_box(keys.map(touch).fold(0, |all, one| all ^ one));
    }

    /// How many distinct request ids were entered.
    pub fn distinct(&self) -> u64 {
        self.distinct
    }

    /// How many of the entered requests were the same request again.
    pub fn retries(&self) -> u64 {
        self.retries
    }

    /// What the entries take, in bytes.
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.bytes()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::seed::Seed;

    fn key(id: &str, signature: &str, body: u64) -> Key {
        Key::new(
            &Seed::new(3),
            id,
            (!signature.is_empty()).then_some(signature),
            (body != 0).then_some(body),
        )
    }

    #[test]
    fn retries_replays_and_other_signatures_are_told_apart() {
        let mut ledger = Ledger::new();
        assert_eq!(ledger.enter(key("a", "01", 1)), Recurrence::First);
        assert_eq!(ledger.enter(key("a", "01", 1)), Recurrence::Retry(2));
        assert_eq!(ledger.enter(key("a", "01", 0)), Recurrence::Retry(3));
        assert_eq!(ledger.enter(key("a", "01", 2)), Recurrence::OtherBody);
        assert_eq!(ledger.enter(key("a", "01", 1)), Recurrence::Retry(4));
        assert_eq!(ledger.enter(key("a", "02", 1)), Recurrence::OtherSignature);
        assert_eq!(ledger.enter(key("a", "02", 1)), Recurrence::Retry(2));
        assert_eq!(ledger.enter(key("b", "AB", 0)), Recurrence::First);
        assert_eq!(ledger.enter(key("b", "ab", 7)), Recurrence::Retry(2));
        assert_eq!(ledger.enter(key("b", "ab", 8)), Recurrence::OtherBody);
        assert_eq!((ledger.distinct(), ledger.retries()), (2, 5));
    }

    #[test]
    fn a_capture_without_signature_says_nothing_of_signatures() {
        let mut ledger = Ledger::new();
        assert_eq!(ledger.enter(key("a", "", 1)), Recurrence::First);
        assert_eq!(ledger.enter(key("a", "", 2)), Recurrence::Retry(2));
        assert_eq!(ledger.enter(key("a", "01", 1)), Recurrence::Retry(2));
        assert_eq!(ledger.enter(key("a", "", 3)), Recurrence::Retry(3));
        assert_eq!(ledger.distinct(), 1);
    }

    #[test]
    fn a_distinct_request_costs_at_most_32_bytes_whatever_their_number() {
        let mut ledger = Ledger::new();
        for number in 0..300_000_u64 {
            assert_eq!(ledger.enter(key(&number.to_string(), "01", number)), Recurrence::First);
            if number > 10_000 {
                assert!(ledger.bytes() as u64 <= 32 * ledger.distinct(), "{number}");
            }
        }
        for number in 0..300_000_u64 {
            assert_eq!(ledger.enter(key(&number.to_string(), "01", number)), Recurrence::Retry(2));
        }
        assert_eq!((ledger.distinct(), ledger.retries()), (300_000, 300_000));
    }

    #[test]
    fn a_million_signatures_of_one_id_take_four_entries() {
        let mut ledger = Ledger::new();
        ledger.enter(key("a", "x", 1));
        for number in 0..1_000_000 {
            let recurrence = ledger.enter(key("a", &number.to_string(), 1));
            // The first few are kept, and may come again by chance of a 24-bit hash.
            assert_ne!(recurrence, Recurrence::First);
        }
        assert_eq!(ledger.distinct(), 1);
        assert!(ledger.bytes() < 1000);
    }
}
