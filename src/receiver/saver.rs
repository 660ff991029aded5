//! Keeps requests: captures are appended to a file, payloads become fixtures. Requests that are
//! ready at the same time share one write (group commit).

use std::borrow::Cow;
use std::{io, thread};

use hyper::body::Bytes;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::{FixtureFolder, Forwarded, IncomingRequest};
use crate::capture::CaptureRecord;
use crate::capture_writer::{AppendError, CaptureWriter};

/// Requests that share a write.
const MAX_BATCH: usize = 256;
/// Bytes of memory that is kept from one write to the next.
const KEPT_BUFFER: usize = 1024 * 1024;

/// Hands requests to the thread that writes them. It ends when this is dropped.
#[derive(Debug)]
pub struct Saver {
    entries: mpsc::Sender<Entry>,
    has_file: bool,
}

/// Why a request could not be saved, in the system's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SaveError(String);

#[derive(Debug)]
struct Entry {
    line: Vec<u8>,
    fixture: Option<(String, Bytes)>,
    saved: oneshot::Sender<Result<(), SaveError>>,
}

impl Saver {
    /// Starts the thread. `warn` is called when fixtures cannot be written: that is not a reason
    /// to fail a request.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn start(
        file: Option<CaptureWriter>,
        fixtures: Option<FixtureFolder>,
        warn: impl Fn(io::Error) + Send + 'static,
    ) -> io::Result<Self> {
        let has_file = file.is_some();
        let (sender, entries) = mpsc::channel(MAX_BATCH);
        let writer = SaverThread { file, fixtures, lines: Vec::new() };
        thread::Builder::new().name("saver".to_owned()).spawn(move || writer.run(entries, warn))?;
        Ok(Self { entries: sender, has_file })
    }

    /// Saves a request with what targets responded to it, and its payload if it becomes the fixture
    /// of an event. The future holds a copy of what it needs.
    pub fn save(
        &self,
        request: &IncomingRequest,
        fixture: Option<&str>,
        forwarded: &[Forwarded],
    ) -> impl Future<Output = Result<(), SaveError>> + Send + use<> {
        let (saved, is_saved) = oneshot::channel();
        let line = if self.has_file { capture_line(request, forwarded) } else { Vec::new() };
        let fixture = fixture.map(|event| (event.to_owned(), request.body().clone()));
        let entries = self.entries.clone();
        async move {
            let ended = || SaveError("the writer has ended".to_owned());
            entries.send(Entry { line, fixture, saved }).await.map_err(|_| ended())?;
            is_saved.await.unwrap_or_else(|_| Err(ended()))
        }
    }
}

struct SaverThread {
    file: Option<CaptureWriter>,
    fixtures: Option<FixtureFolder>,
    lines: Vec<u8>,
}

impl SaverThread {
    fn run(mut self, mut entries: mpsc::Receiver<Entry>, warn: impl Fn(io::Error)) {
        let mut batch = Vec::with_capacity(MAX_BATCH);
        while entries.blocking_recv_many(&mut batch, MAX_BATCH) > 0 {
            let written = self.append(&batch);
            let mut end = 0;
            for Entry { line, fixture, saved } in batch.drain(..) {
                end += line.len();
                let result = match &written {
                    Err(error) if end > error.written => Err(SaveError(error.to_string())),
                    _ => Ok(()),
                };
                // The client may be gone.
                let _ = saved.send(result);
                if let (Some(fixtures), Some((event, body))) = (&mut self.fixtures, fixture) {
                    fixtures.keep(&event, body);
                }
            }
            if let Some(Err(error)) = self.fixtures.as_mut().map(FixtureFolder::write) {
                warn(error);
            }
        }
    }

    fn append(&mut self, batch: &[Entry]) -> Result<(), AppendError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        self.lines.clear();
        self.lines.shrink_to(KEPT_BUFFER);
        batch.iter().for_each(|entry| self.lines.extend_from_slice(&entry.line));
        file.append(&self.lines)
    }
}

/// A request as a line of the capture format, with its line feed. What targets responded is a
/// member of its own, which readers of captures skip.
fn capture_line(request: &IncomingRequest, forwarded: &[Forwarded]) -> Vec<u8> {
    let headers: Vec<_> =
        request.headers().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
    let peer = request.peer().to_string();
    let mut line = Vec::new();
    CaptureRecord {
        received_at: request.received_at(),
        method: request.method().as_str(),
        path: request.path(),
        remote: Some(&peer),
        headers: &headers,
        body: request.body(),
    }
    .append_to(&mut line);
    if !forwarded.is_empty() {
        let forwarded: Value = forwarded.iter().map(Forwarded::to_json).collect();
        line.truncate(line.len() - "}\n".len());
        line.extend_from_slice(format!(",\"forwarded\":{forwarded}}}\n").as_bytes());
    }
    line
}
