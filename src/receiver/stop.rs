//! Telling every connection that the end has come.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Context;

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

    /// Looks out for the signal, from within one task.
    pub(super) fn watch(&self) -> Watch<'_> {
        Watch { stop: self, waiting: false, come: false }
    }
}

/// Looks out for the signal each time its task runs: a task runs for every piece that comes
/// in, and to poll the wait itself takes a lock that all of them share.
#[derive(Debug)]
pub(super) struct Watch<'a> {
    stop: &'a Stop,
    waiting: bool,
    come: bool,
}

impl Watch<'_> {
    /// Whether the signal has come since the last look. The first look registers the task with
    /// `wait`; from then on the signal wakes it.
    pub(super) fn has_just_come(
        &mut self,
        wait: Pin<&mut impl Future<Output = ()>>,
        context: &mut Context<'_>,
    ) -> bool {
        if self.come {
            return false;
        }
        self.come = if self.waiting {
            self.stop.is_given()
        } else {
            self.waiting = true;
            wait.poll(context).is_ready()
        };
        self.come
    }
}
