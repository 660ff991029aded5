//! Makes requests due at their time. A thread of its own: its sleep is exact to a tenth of a
//! millisecond, that of the runtime's timers to a whole one.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::run::{Books, Shared};

/// How long it sleeps when there is nothing left to make due but calls still to end.
const LINGER: Duration = Duration::from_millis(100);

/// Runs until the last request is due, or the run is stopped.
pub(super) fn pace(shared: &Shared, books: &[Arc<Books>]) {
    while !shared.is_stopped() {
        let now = Instant::now();
        let next = shared.tickets.release(now);
        if shared.tickets.waiting() > 0 || next.is_none() {
            books.iter().for_each(|books| books.bell.notify_one());
        }
        match next {
            Some(next) => thread::park_timeout(next.saturating_duration_since(Instant::now())),
            None if shared.tickets.are_gone() => break,
            None => thread::park_timeout(LINGER),
        }
    }
    books.iter().for_each(|books| books.bell.notify_one());
}
