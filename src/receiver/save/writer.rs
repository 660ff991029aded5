//! The one task that writes, and the handle to it.

use std::io;
use std::sync::Arc;

use hyper::body::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;
use tokio::task;

use super::{CaptureFile, FixtureFolder};

/// How many requests may wait for the writer; the next ones wait for room.
const QUEUE: usize = 1024;
/// Bytes after which a batch is written even if more is waiting.
const BATCH: usize = 1024 * 1024;

/// A request to be kept.
#[derive(Debug, Default)]
pub struct Kept {
    /// Its line for the capture file, with the line feed.
    pub line: Vec<u8>,
    /// Its event and body, for the fixtures.
    pub fixture: Option<(String, Bytes)>,
}

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

struct Job {
    kept: Kept,
    done: oneshot::Sender<Result<(), NotSaved>>,
}

/// Hands requests to the writing task, which ends with the last handle.
#[derive(Debug, Clone)]
pub struct Saver(Sender<Job>);

impl Saver {
    /// Starts the task; needs a runtime. `trouble` is told when fixtures cannot be written:
    /// that is no reason to fail a request.
    pub fn start(
        file: Option<CaptureFile>,
        fixtures: Option<FixtureFolder>,
        trouble: impl Fn(io::Error) + Send + 'static,
    ) -> Self {
        let (jobs, queue) = channel(QUEUE);
        let writer = Writer { file, fixtures, batch: Vec::new(), waiting: Vec::new() };
        task::spawn(writer.run(queue, trouble));
        Self(jobs)
    }

    /// Keeps a request; done as soon as the system has it.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn save(&self, kept: Kept) -> Result<(), NotSaved> {
        let gone = || NotSaved("the writer has ended".into());
        let (done, written) = oneshot::channel();
        self.0.send(Job { kept, done }).await.map_err(|_| gone())?;
        written.await.unwrap_or_else(|_| Err(gone()))
    }
}

struct Writer {
    file: Option<CaptureFile>,
    fixtures: Option<FixtureFolder>,
    batch: Vec<u8>,
    /// Who waits for the batch, each with where its line ends in it.
    waiting: Vec<(usize, oneshot::Sender<Result<(), NotSaved>>)>,
}

impl Writer {
    async fn run(mut self, mut queue: Receiver<Job>, trouble: impl Fn(io::Error)) {
        while let Some(job) = queue.recv().await {
            self.take(job);
            // Whoever is ready to run now adds to this batch. Under load nearly all are, which
            // makes one write of what would be dozens.
            task::yield_now().await;
            while self.batch.len() < BATCH {
                let Ok(job) = queue.try_recv() else { break };
                self.take(job);
            }
            match self.flushed().await {
                Some(writer) => self = writer,
                None => return,
            }
            if let Some(Err(error)) = self.fixtures.as_mut().map(FixtureFolder::write) {
                trouble(error);
            }
        }
    }

    /// Writes the batch. A write to the system's cache takes microseconds, less than handing it
    /// to another thread; a write to the disk takes milliseconds, and has to.
    async fn flushed(mut self) -> Option<Self> {
        if !self.file.as_ref().is_some_and(CaptureFile::is_slow) {
            self.flush();
            return Some(self);
        }
        let flush = move || {
            self.flush();
            self
        };
        task::spawn_blocking(flush).await.ok()
    }

    fn take(&mut self, Job { kept, done }: Job) {
        self.batch.extend_from_slice(&kept.line);
        self.waiting.push((self.batch.len(), done));
        if let (Some(fixtures), Some((event, body))) = (&mut self.fixtures, kept.fixture) {
            fixtures.keep(&event, body);
        }
    }

    fn flush(&mut self) {
        let (written, result) = match &mut self.file {
            Some(file) => file.append(&self.batch),
            None => (self.batch.len(), Ok(())),
        };
        let error = result.as_ref().err().map_or_else(|| NotSaved("".into()), NotSaved::from);
        for (end, done) in self.waiting.drain(..) {
            // Who does not wait any more has hung up.
            let _ = done.send(if end <= written { Ok(()) } else { Err(error.clone()) });
        }
        self.batch.clear();
        self.batch.shrink_to(BATCH);
    }
}
