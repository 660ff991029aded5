//! Chance, from a seed that the caller drew.

use uuid::{Builder, Uuid};

/// A sequence of numbers; each thread of a run has one of its own. Fast, not secret: ids only
/// have to be new.
#[derive(Debug, Clone)]
pub(super) struct Random(fastrand::Rng);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// An id that was never used.
    pub(super) fn id(&mut self) -> Uuid {
        Builder::from_random_bytes(self.0.u128(..).to_ne_bytes()).into_uuid()
    }

    /// A number of this range, both ends among them.
    pub(super) fn between(&mut self, from: i64, to: i64) -> i64 {
        self.0.i64(from..=to)
    }

    /// A number below this one.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0.u64(..end)
    }

    /// Whether something happens that happens this often, from 0 (never) to 1 (always).
    pub(super) fn happens(&mut self, share: f64) -> bool {
        share > 0.0 && self.0.f64() < share
    }
}
