//! Where requests are handed in to be kept.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task;

use super::batch::{Batch, Flush};
use super::line::append_line;
use super::writer::{Store, Writer};
use super::{CaptureFile, FixtureFolder, NotSaved};
use crate::receiver::{Lanes, Received};

/// A request to be kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// The request.
    pub received: &'a Received,
    /// Its event, if its body becomes a fixture.
    pub fixture: Option<&'a str>,
}

/// Hands requests to the writing tasks, which end with this.
#[derive(Debug)]
pub struct Saver {
    /// One for each lane, whose requests are written by a task of its own.
    trays: Vec<Arc<Tray>>,
    /// Whether there is a file for lines.
    lines: bool,
}

impl Saver {
    /// Starts the tasks. What `trouble` makes is told when fixtures cannot be written: that is no
    /// reason to fail a request.
    pub fn start<T: Fn(io::Error) + Send + 'static>(
        file: Option<CaptureFile>,
        fixtures: Option<FixtureFolder>,
        lanes: &Lanes,
        trouble: impl Fn() -> T,
    ) -> Self {
        let lines = file.is_some();
        let store = Store::new(file, fixtures);
        let start = |lane: &Handle| {
            let tray = Arc::new(Tray::default());
            lane.spawn(Writer { store: store.clone(), tray: tray.clone() }.run(trouble()));
            tray
        };
        Self { trays: lanes.iter().map(start).collect(), lines }
    }

    /// Takes a request in, to be written with others. When this is done, all of it was copied.
    pub async fn save(&self, kept: Kept<'_>) -> Saving {
        loop {
            match self.enter(kept) {
                Ok(Entered::In(saving)) => return saving,
                // Boxed, as it is large and hardly ever happens.
                Ok(Entered::Full(flush)) => Box::pin(flush.over()).await,
                Err(error) => return Saving(Step::Failed(error)),
            }
        }
    }

    /// Puts a request into the batch, if there is room. Its line is written where it will be
    /// taken from.
    fn enter(&self, Kept { received, fixture }: Kept<'_>) -> Result<Entered, NotSaved> {
        let tray = self.trays.get(received.caller.lane).ok_or_else(NotSaved::ended)?;
        let mut stack = tray.stack();
        let Stack { batch, ended } = &mut *stack;
        if *ended {
            return Err(NotSaved::ended());
        }
        if batch.is_full() {
            return Ok(Entered::Full(batch.flush()));
        }
        if self.lines {
            append_line(received, &mut batch.lines);
        }
        batch.fixtures.extend(fixture.map(|event| (event.to_owned(), received.body.clone())));
        batch.requests += 1;
        if batch.requests == 1 {
            tray.changed.notify_one();
        }
        Ok(Entered::In(Saving(Step::Entered(batch.flush(), batch.lines.len()))))
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        self.trays.iter().for_each(|tray| tray.end());
    }
}

enum Entered {
    In(Saving),
    Full(Arc<Flush>),
}

/// A request on its way into the file.
#[derive(Debug)]
#[must_use = "only its end tells whether the request was saved"]
pub struct Saving(Step);

#[derive(Debug)]
enum Step {
    /// There is nothing to do.
    None,
    /// In the batch of this flush, where its line ends here.
    Entered(Arc<Flush>, usize),
    Failed(NotSaved),
}

impl Saving {
    /// Of a request that nobody wants saved.
    pub(in crate::receiver) fn none() -> Self {
        Self(Step::None)
    }

    /// Waits until the system has the request.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn end(self) -> Result<(), NotSaved> {
        match self.0 {
            Step::None => Ok(()),
            Step::Entered(flush, end) => flush.saved(end).await,
            Step::Failed(error) => Err(error),
        }
    }
}

/// Where requests lie until the writer takes them, all at once.
#[derive(Debug, Default)]
pub(super) struct Tray {
    stack: Mutex<Stack>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Stack {
    batch: Batch,
    ended: bool,
}

impl Tray {
    fn stack(&self) -> MutexGuard<'_, Stack> {
        self.stack.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// No more requests from here on.
    pub(super) fn end(&self) {
        self.stack().ended = true;
        self.changed.notify_one();
    }

    /// What lies there; leaves an empty batch that uses the room of `spare`.
    pub(super) fn take(&self, spare: &mut Vec<u8>) -> Option<Batch> {
        let batch = &mut self.stack().batch;
        if batch.requests == 0 {
            return None;
        }
        Some(std::mem::replace(batch, Batch::within(std::mem::take(spare))))
    }

    /// Waits for the next batch; `None` after the last.
    pub(super) async fn next(&self, spare: &mut Vec<u8>) -> Option<Batch> {
        loop {
            if let Some(batch) = self.take(spare) {
                return Some(batch);
            }
            if self.stack().ended {
                return None;
            }
            self.changed.notified().await;
            // Whoever is ready to run now adds to this batch. Under load nearly all are, which
            // makes one write of what would be dozens.
            task::yield_now().await;
        }
    }
}
