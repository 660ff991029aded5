//! Telling how far a long file is.

use std::time::{Duration, Instant};

/// What takes less than this needs no telling.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is told.
const INTERVAL: Duration = Duration::from_millis(200);

/// Says when it is time to tell. Only for a person.
#[derive(Debug)]
pub(super) struct Progress {
    watched: bool,
    next: Option<Instant>,
    shown: bool,
    /// Bytes of the file, if that is known.
    pub(super) length: Option<u64>,
}

impl Progress {
    pub(super) fn new(watched: bool) -> Self {
        Self { watched, next: None, shown: false, length: None }
    }

    /// A file begins.
    pub(super) fn begin(&mut self, length: Option<u64>) {
        self.length = length;
        self.next = self.watched.then(|| Instant::now() + PATIENCE);
    }

    /// Whether it is to be told now.
    pub(super) fn is_due(&mut self) -> bool {
        let Some(next) = self.next.filter(|_| self.watched) else { return false };
        let now = Instant::now();
        let due = now >= next;
        if due {
            self.next = Some(now + INTERVAL);
            self.shown = true;
        }
        due
    }

    /// Whether something stands on the terminal that has to be wiped away.
    pub(super) fn wipe(&mut self) -> bool {
        std::mem::take(&mut self.shown)
    }
}
