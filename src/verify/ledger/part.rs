//! A part of the table: open addressing with linear probing.

use super::{Key, Recurrence};

/// How many signatures of one id are kept. A file with a million signatures of the same id
/// must not make each search a long one; the next ones still count as other signatures.
const SIGNATURES: usize = 4;
/// How many entries a line of a processor's cache holds.
const LINE: usize = 4;

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

/// One of the tables that make up the whole.
pub(super) struct Part {
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
    /// An empty part with this first capacity.
    pub fn new(first: usize) -> Self {
        Self { entries: Vec::new(), used: 0, first }
    }

    /// What the entries take, in bytes.
    pub fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
    }

    /// Reads where a key belongs, and the end of where it is sought if that is taken.
    pub fn touch(&self, key: Key) -> u64 {
        let home = home(key.id, self.entries.len());
        let id = |at: usize| self.entries.get(at).map_or(0, |entry| entry.id);
        id(home) ^ id(home + LINE)
    }

    /// Enters a request, and says how it stands to those before.
    pub fn enter(&mut self, key: Key) -> Recurrence {
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

/// Where an id belongs: 32 bits of its hash, below those that chose the part, scaled to the
/// capacity.
fn home(id: u64, capacity: usize) -> usize {
    let position = id << 8 >> 32;
    ((u128::from(position) * capacity as u128) >> 32) as usize
}

fn next(at: usize, capacity: usize) -> usize {
    if at + 1 < capacity { at + 1 } else { 0 }
}
