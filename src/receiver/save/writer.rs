//! The one thread that writes, and the handle to it.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use hyper::body::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

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

/// Hands requests to the writing thread. When it is dropped, the thread writes what it was
/// handed, and ends.
#[derive(Debug)]
pub struct Saver {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Saver {
    /// Starts the thread. `trouble` is told when fixtures cannot be written: that is no reason
    /// to fail a request.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(
        file: Option<CaptureFile>,
        fixtures: Option<FixtureFolder>,
        trouble: impl Fn(io::Error) + Send + 'static,
    ) -> io::Result<Self> {
        let (jobs, queue) = channel(QUEUE);
        let writer = Writer { file, fixtures, batch: Vec::new(), waiting: Vec::new() };
        let thread = thread::Builder::new()
            .name("captures".to_owned())
            .spawn(move || writer.run(queue, trouble))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Keeps a request; done as soon as the system has it.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn save(&self, kept: Kept) -> Result<(), NotSaved> {
        let gone = || NotSaved("the writing thread has ended".into());
        let (done, written) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.send(Job { kept, done }).await.map_err(|_| gone())?;
        written.await.unwrap_or_else(|_| Err(gone()))
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic there has been shown by the thread itself.
            let _ = thread.join();
        }
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
    fn run(mut self, mut queue: Receiver<Job>, trouble: impl Fn(io::Error)) {
        while let Some(job) = queue.blocking_recv() {
            self.take(job);
            while self.batch.len() < BATCH {
                let Ok(job) = queue.try_recv() else { break };
                self.take(job);
            }
            self.flush();
            if let Some(Err(error)) = self.fixtures.as_mut().map(FixtureFolder::write) {
                trouble(error);
            }
        }
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
