//! Requests that are written together, and the moment for which all of them wait.

use std::io;
use std::sync::{Arc, OnceLock};

use hyper::body::Bytes;
use tokio::sync::Notify;

/// Bytes after which a batch takes no more requests.
const FULL: usize = 1024 * 1024;

/// Why a request could not be kept, in the system's words.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct NotSaved(pub Arc<str>);

impl From<&io::Error> for NotSaved {
    fn from(error: &io::Error) -> Self {
        let text = error.to_string();
        Self(text.split_once(" (os error ").map_or(&*text, |(words, _)| words).into())
    }
}

/// What came since the last write.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// For the capture file, each with its line feed.
    pub(super) lines: Vec<u8>,
    /// Events and bodies, for the fixtures.
    pub(super) fixtures: Vec<(String, Bytes)>,
    pub(super) requests: usize,
    flush: Arc<Flush>,
}

impl Batch {
    /// An empty one; `lines` is only there for its room.
    pub(super) fn within(mut lines: Vec<u8>) -> Self {
        lines.clear();
        lines.shrink_to(FULL);
        let mut batch = Self::default();
        batch.lines = lines;
        batch
    }

    pub(super) fn is_full(&self) -> bool {
        self.lines.len() >= FULL
    }

    pub(super) fn flush(&self) -> Arc<Flush> {
        self.flush.clone()
    }

    /// Tells all who wait how many bytes of whole lines were written, and why no more.
    pub(super) fn settle(&self, written: usize, result: &io::Result<()>) {
        let error = result.as_ref().err().map(NotSaved::from);
        self.flush.come(Outcome { written, error });
    }
}

/// Whoever writes may come to an end; nobody is to wait for ever.
impl Drop for Batch {
    fn drop(&mut self) {
        self.flush.come(Outcome { written: 0, error: None });
    }
}

/// The end of a batch, one for all who wait for it: cheaper than a channel for each of them.
#[derive(Debug, Default)]
pub(super) struct Flush {
    outcome: OnceLock<Outcome>,
    come: Notify,
}

#[derive(Debug)]
struct Outcome {
    written: usize,
    error: Option<NotSaved>,
}

impl Flush {
    /// Only the first outcome counts.
    fn come(&self, outcome: Outcome) {
        if self.outcome.set(outcome).is_ok() {
            self.come.notify_waiters();
        }
    }

    async fn outcome(&self) -> &Outcome {
        loop {
            let come = self.come.notified();
            // The order matters: an outcome between the two lines is not missed.
            match self.outcome.get() {
                Some(outcome) => return outcome,
                None => come.await,
            }
        }
    }

    /// Waits for the end, whatever it is.
    pub(super) async fn over(&self) {
        self.outcome().await;
    }

    /// What became of the line that ends here in its batch.
    pub(super) async fn saved(&self, end: usize) -> Result<(), NotSaved> {
        let Outcome { written, error } = self.outcome().await;
        if end <= *written { Ok(()) } else { Err(error.clone().unwrap_or_else(NotSaved::ended)) }
    }
}

impl NotSaved {
    pub(super) fn ended() -> Self {
        Self("the writer has ended".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_learns_of_its_own_line() {
        let batch = Batch::default();
        let flush = batch.flush();
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let settle = async { batch.settle(10, &Err(full)) };
        let (first, second, ()) = tokio::join!(flush.saved(10), flush.saved(20), settle);
        assert!(first.is_ok());
        assert_eq!(second.unwrap_err().to_string(), "no storage space");
    }

    #[tokio::test]
    async fn nobody_waits_for_a_batch_that_is_gone() {
        let batch = Batch::default();
        let flush = batch.flush();
        let (saved, ()) = tokio::join!(flush.saved(1), async { drop(batch) });
        assert_eq!(saved.unwrap_err().to_string(), "the writer has ended");
    }
}
