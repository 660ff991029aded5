//! The table of distinct requests: what was seen before, in as few bytes as will do.
//!
//! A request takes one entry of 16 bytes: 8 of its id's hash, 4 of its body's, 3 of its
//! signature's, 1 that counts. A table is kept between 53 % and 80 % full, so a distinct
//! request costs 20 to 30 bytes. All hashes are keyed, see [`Seed`]: a hostile file can
//! neither crowd one place of the table nor make two bodies look the same.

use super::seed::Seed;

/// What a request is known by: hashes of its id, signature and body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Never 0, which marks an empty entry.
    id: u64,
    /// 24 bits; 0 when there is no signature.
    signature: u32,
    /// 0 when there is no body.
    body: u32,
}

impl Key {
    /// `body` is a hash already: that of its value, or of its bytes when it is not JSON.
    pub(super) fn new(seed: &Seed, id: &str, signature: Option<&str>, body: Option<u64>) -> Self {
        let signature = signature.map(|signature| {
            // Hex of either case is the same signature. A digest fits the buffer.
            let mut lower = [0; 64];
            match lower.get_mut(..signature.len()) {
                Some(lower) => {
                    lower.copy_from_slice(signature.as_bytes());
                    lower.make_ascii_lowercase();
                    seed.bytes(1, lower)
                }
                None => seed.bytes(1, signature.as_bytes()),
            }
        });
        Self {
            id: seed.bytes(0, id.as_bytes()).max(1),
            signature: signature.map_or(0, |hash| (hash as u32 >> 8).max(1)),
            body: body.map_or(0, |hash| (hash as u32).max(1)),
        }
    }
}

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

#[derive(Clone, Copy)]
struct Entry {
    /// 0: nothing here.
    id: u64,
    body: u32,
    /// 24 bits of the signature's hash, 8 bits of count.
    signature_and_count: u32,
}

impl Entry {
    const EMPTY: Self = Self { id: 0, body: 0, signature_and_count: 0 };

    fn signature(self) -> u32 {
        self.signature_and_count >> 8
    }

    fn count(self) -> u8 {
        self.signature_and_count as u8
    }
}

/// How many signatures of one id are kept. A file with a million signatures of the same id
/// must not make each search a long one; the next ones still count as other signatures.
const SIGNATURES: usize = 4;
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
        let part = |number| Part { entries: Vec::new(), used: 0, first: 16 + number / 32 };
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
        self.parts.iter().map(|part| part.entries.capacity() * size_of::<Entry>()).sum()
    }
}

/// An open-addressing table with linear probing.
struct Part {
    entries: Vec<Entry>,
    used: usize,
    /// The first capacity. It differs from part to part, so that they grow at different times
    /// and one finds room in what another gave back.
    first: usize,
}

/// What a search for a key met.
struct Met {
    /// Where the same id and signature stand, or else the empty entry behind them.
    at: usize,
    same: bool,
    /// How many entries have the id, of whatever signature.
    signatures: usize,
    /// Whether one of them has a signature, and another one than the key.
    other: bool,
}

impl Part {
    fn enter(&mut self, key: Key) -> Recurrence {
        let mut met = self.search(key);
        if met.same {
            return self
                .entries
                .get_mut(met.at)
                .map_or(Recurrence::First, |entry| entry.again(key));
        }
        if met.signatures < SIGNATURES {
            if (self.used + 1) * 5 > self.entries.len() * 4 {
                self.grow();
                met.at = self.search(key).at;
            }
            self.put(met.at, key);
        }
        match met {
            Met { signatures: 0, .. } => Recurrence::First,
            Met { other, .. } if other && key.signature != 0 => Recurrence::OtherSignature,
            _ => Recurrence::Retry(2),
        }
    }

    fn put(&mut self, at: usize, key: Key) {
        if let Some(entry) = self.entries.get_mut(at) {
            let signature_and_count = key.signature << 8 | 1;
            *entry = Entry { id: key.id, body: key.body, signature_and_count };
            self.used += 1;
        }
    }

    fn search(&self, key: Key) -> Met {
        let mut met =
            Met { at: home(key.id, self.entries.len()), same: false, signatures: 0, other: false };
        while let Some(entry) = self.entries.get(met.at).filter(|entry| entry.id != 0) {
            if entry.id == key.id {
                met.signatures += 1;
                met.other |= entry.signature() != 0;
                met.same = entry.signature() == key.signature;
                if met.same {
                    break;
                }
            }
            met.at = next(met.at, self.entries.len());
        }
        met
    }

    fn grow(&mut self) {
        let capacity = (self.entries.len() * 3 / 2).max(self.first);
        let old = std::mem::replace(&mut self.entries, vec![Entry::EMPTY; capacity]);
        for entry in old.into_iter().filter(|entry| entry.id != 0) {
            let mut at = home(entry.id, capacity);
            while self.entries.get(at).is_some_and(|taken| taken.id != 0) {
                at = next(at, capacity);
            }
            if let Some(free) = self.entries.get_mut(at) {
                *free = entry;
            }
        }
    }
}

impl Entry {
    /// The same id and signature came again.
    fn again(&mut self, key: Key) -> Recurrence {
        if self.body == 0 {
            self.body = key.body;
        }
        if key.body != 0 && key.body != self.body && key.signature != 0 {
            return Recurrence::OtherBody;
        }
        let count = self.count().saturating_add(1);
        self.signature_and_count = self.signature_and_count & !0xff | u32::from(count);
        Recurrence::Retry(count)
    }
}

/// Where an id belongs: 32 bits of its hash, below those that chose the part, scaled to the
/// capacity.
fn home(id: u64, capacity: usize) -> usize {
    let position = id << 8 >> 32;
    ((u128::from(position) * capacity as u128) >> 32) as usize
}

fn next(at: usize, capacity: usize) -> usize {
    if at + 1 < capacity { at + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

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
