//! Telling every connection that the end has come.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// A signal that is given once and stays.
#[derive(Debug, Default)]
pub(super) struct Stop {
    given: AtomicBool,
    notify: Notify,
}

impl Stop {
    /// Gives the signal.
    pub(super) fn give(&self) {
        self.given.store(true, Ordering::Release);
        self.notify.notify_waiters();
    }

    /// Whether it has been given.
    pub(super) fn is_given(&self) -> bool {
        self.given.load(Ordering::Acquire)
    }

    /// Waits for it.
    pub(super) async fn wait(&self) {
        let notified = self.notify.notified();
        // The order matters: a signal between the two lines is not missed.
        if !self.is_given() {
            notified.await;
        }
    }
}
