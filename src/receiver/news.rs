//! Who is told what happens, and how much of it.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

use super::Told;

/// How much is told of each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Nothing: they are only counted.
    Count,
    /// What became of it.
    Outcome,
    /// Its headers too.
    Whole,
}

/// Where news go.
#[derive(Debug)]
pub struct News {
    sink: Sender<Told>,
    detail: Detail,
    complete: bool,
    lost: AtomicU64,
}

impl News {
    /// News for `sink`. With `complete`, a request waits with its answer until there is room
    /// for its news; otherwise its news are lost when nobody takes them.
    pub fn new(sink: Sender<Told>, detail: Detail, complete: bool) -> Self {
        Self { sink, detail, complete, lost: AtomicU64::new(0) }
    }

    /// What is wanted of requests.
    pub(super) fn detail(&self) -> Detail {
        self.detail
    }

    /// Tells; waits for room if nothing is to be lost.
    pub(super) async fn tell(&self, told: Told) {
        if self.complete {
            // An error means that nobody listens any more. Boxed, as it is large and not for all.
            let _ = Box::pin(self.sink.send(told)).await;
        } else {
            self.tell_now(told);
        }
    }

    /// Tells without waiting, for those who cannot.
    pub(super) fn tell_now(&self, told: Told) {
        let Err(TrySendError::Full(told)) = self.sink.try_send(told) else { return };
        match Handle::try_current() {
            Ok(runtime) if self.complete => {
                let sink = self.sink.clone();
                runtime.spawn(async move { sink.send(told).await });
            }
            _ => {
                self.lost.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// How many news were lost since the last call.
    pub(super) fn lost(&self) -> u64 {
        self.lost.swap(0, Ordering::Relaxed)
    }

    /// Tells of fixtures that cannot be written.
    pub fn fixture_trouble(&self) -> impl Fn(io::Error) + Send + 'static {
        let sink = self.sink.clone();
        move |error| {
            let words = format!("--save-fixtures: cannot write: {error}");
            let _ = sink.try_send(Told::Trouble(words));
        }
    }
}
