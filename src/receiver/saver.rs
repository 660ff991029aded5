//! Keeps requests: captures are appended to a file, payloads become fixtures. Requests that are
//! ready at the same time share one write (group commit).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::PathBuf;

use hyper::body::Bytes;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{block_in_place, yield_now};

use super::{Forwarded, IncomingRequest, MAX_NAME};
use crate::capture::CaptureRecord;
use crate::capture_writer::{AppendError, CaptureWriter};
use crate::files;

/// Requests that wait to be written.
const MAX_QUEUED: usize = 256;
/// Bytes of memory that is kept from one write to the next.
const KEPT_BUFFER: usize = 1024 * 1024;

/// Hands requests to the task that writes them. It ends when this is dropped.
#[derive(Debug)]
pub struct Saver {
    entries: mpsc::Sender<QueuedRequest>,
    has_file: bool,
}

/// Why a request could not be saved, in the system's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SaveError(String);

#[derive(Debug)]
struct QueuedRequest {
    line: String,
    fixture: Option<(String, Bytes)>,
    saved: oneshot::Sender<Result<(), SaveError>>,
}

impl Saver {
    /// Starts the task, which needs tokio's multi-thread runtime. `fixtures` is a folder that exists.
    /// `warn` is called when fixtures cannot be written: that is not a reason to fail a request.
    pub fn start(
        file: Option<CaptureWriter>,
        fixtures: Option<PathBuf>,
        warn: impl Fn(io::Error) + Send + 'static,
    ) -> Self {
        let has_file = file.is_some();
        let (sender, entries) = mpsc::channel(MAX_QUEUED);
        let fixtures = fixtures.map(FixtureFolder::new);
        let writer = SaverTask { file, fixtures, lines: String::new() };
        tokio::spawn(writer.run(entries, warn));
        Self { entries: sender, has_file }
    }

    /// Saves a request of `peer` with what targets responded to it, and its payload if it becomes
    /// the fixture of an event. The future holds a copy of what it needs.
    pub(super) fn save(
        &self,
        request: &IncomingRequest,
        peer: &str,
        fixture: Option<&str>,
        forwarded: &[Forwarded],
    ) -> impl Future<Output = Result<(), SaveError>> + Send + use<> {
        let (saved, is_saved) = oneshot::channel();
        let line =
            if self.has_file { capture_line(request, peer, forwarded) } else { String::new() };
        let fixture = fixture.map(|event| (event.to_owned(), request.body().clone()));
        let entries = self.entries.clone();
        async move {
            let ended = || SaveError("the writer has ended".to_owned());
            entries.send(QueuedRequest { line, fixture, saved }).await.map_err(|_| ended())?;
            is_saved.await.unwrap_or_else(|_| Err(ended()))
        }
    }
}

struct SaverTask {
    file: Option<CaptureWriter>,
    fixtures: Option<FixtureFolder>,
    lines: String,
}

impl SaverTask {
    async fn run(mut self, mut entries: mpsc::Receiver<QueuedRequest>, warn: impl Fn(io::Error)) {
        let mut batch = Vec::with_capacity(MAX_QUEUED);
        while entries.recv_many(&mut batch, MAX_QUEUED).await > 0 {
            // The first request wakes this task; others that are ready too join it before the write.
            yield_now().await;
            let more = entries.len();
            entries.recv_many(&mut batch, more).await;
            let written = self.append(&batch);
            let mut end = 0;
            for QueuedRequest { line, fixture, saved } in batch.drain(..) {
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
            if let Some(fixtures) = &mut self.fixtures
                && let Err(error) = block_in_place(|| fixtures.write())
            {
                warn(error);
            }
        }
    }

    fn append(&mut self, batch: &[QueuedRequest]) -> Result<(), AppendError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        self.lines.clear();
        self.lines.shrink_to(KEPT_BUFFER);
        self.lines.extend(batch.iter().map(|entry| entry.line.as_str()));
        let lines = self.lines.as_bytes();
        // Appending to a file copies to memory. Waiting for a disk or a reader would keep this
        // worker from its other tasks.
        if file.waits() { block_in_place(|| file.append(lines)) } else { file.append(lines) }
    }
}

/// A request as a line of the capture format, with its line feed. What targets responded is a
/// member of its own, which readers of captures skip.
fn capture_line(request: &IncomingRequest, peer: &str, forwarded: &[Forwarded]) -> String {
    let headers: Vec<_> =
        request.headers().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
    let record = CaptureRecord {
        received_at: request.received_at(),
        method: request.method().as_str(),
        path: request.path(),
        remote: Some(peer),
        headers: &headers,
        body: request.body(),
    };
    let mut line = record.to_json();
    if !forwarded.is_empty() {
        let forwarded: Value = forwarded.iter().map(Forwarded::to_json).collect();
        line.truncate(line.len() - "}\n".len());
        line += &format!(",\"forwarded\":{forwarded}}}\n");
    }
    line
}

/// How many events are kept: made-up names must not fill the disk.
const MAX_EVENTS: usize = 256;

/// A folder of payloads, one file an event.
#[derive(Debug)]
struct FixtureFolder {
    path: PathBuf,
    /// The newest body of each event, until it is written.
    pending: HashMap<String, Bytes>,
    known: HashSet<String>,
}

impl FixtureFolder {
    fn new(path: PathBuf) -> Self {
        Self { path, pending: HashMap::new(), known: HashSet::new() }
    }

    /// Keeps a body to be written, in place of an older one of its event. Names that could lead
    /// out of the folder are skipped.
    fn keep(&mut self, event: &str, body: Bytes) {
        if !is_plain(event) {
            return;
        }
        if !self.known.contains(event) {
            if self.known.len() >= MAX_EVENTS {
                return;
            }
            self.known.insert(event.to_owned());
        }
        self.pending.insert(event.to_owned(), body);
    }

    /// Writes what was kept since the last time.
    ///
    /// # Errors
    /// When a file cannot be written; the others are written all the same.
    fn write(&mut self) -> io::Result<()> {
        let mut result = Ok(());
        for (event, body) in self.pending.drain() {
            // Only an envelope has an event, so this is JSON.
            let Ok(envelope) = serde_json::from_slice::<Value>(&body) else { continue };
            let file = self.path.join(format!("{event}.json"));
            result = result.and(files::replace(&file, format!("{envelope:#}\n").as_bytes()));
        }
        result
    }
}

fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !name.is_empty() && name.len() <= MAX_NAME && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_newest_payload_stays_and_no_name_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("deep/payloads");
        fs::create_dir_all(&inside).unwrap();
        let mut fixtures = FixtureFolder::new(inside.clone());
        fixtures.keep("Test", Bytes::from_static(br#"{"event":"Test","data":1}"#));
        fixtures.keep("Test", Bytes::from_static(br#"{"event":"Test","data":2.50}"#));
        for name in ["", "..", "../x", "a/b", "a\\b", "a.b", "ż", &"a".repeat(101)] {
            fixtures.keep(name, Bytes::from_static(b"{}"));
        }
        fixtures.write().unwrap();
        let names: Vec<_> =
            fs::read_dir(&inside).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["Test.json"]);
        let text = fs::read_to_string(inside.join("Test.json")).unwrap();
        assert_eq!(text, "{\n  \"event\": \"Test\",\n  \"data\": 2.50\n}\n");
    }
}
