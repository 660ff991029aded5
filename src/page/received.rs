//! What was received, in memory: what `listen` reports, or what a file of captures has, which is read
//! whenever somebody looks.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::{ForwardResult, Received, ReceivedSource, file_number, lock};
use crate::capture::{self, Body, Capture, Item, Layout, read_lines};
use crate::files::{error_text, open_without_waiting};
use crate::receiver::{RequestEvent, RequestReport};
use crate::text::{Diagnostic, shortened, shown_url};
use crate::verify::{NamedSecret, Secrets, SignatureVerdict, Verifier};

/// How many requests are kept, the newest.
const MAX_REQUESTS: usize = 1000;
/// How many bytes they may take together.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Bytes that a request takes besides its texts.
const OVERHEAD: usize = 1024;
/// Headers that are kept of a request that is too large.
const MAX_HEADERS: usize = 1000;
/// Targets of a request that are kept.
const MAX_TARGETS: usize = 16;
/// Characters of a target's response that are kept: as many as PGM keeps.
const MAX_RESPONSE: usize = crate::pgm::RESPONSE_CHARS;

/// Bytes that are read of a file by lines, the newest: more is not kept in memory anyway.
const MAX_TAIL: u64 = 16 * 1024 * 1024;
/// Bytes that tell a file from another.
const MAX_HEAD: u64 = 4096;
/// The largest file that is read in one piece.
const MAX_WHOLE: u64 = 64 * 1024 * 1024;

/// The newest requests that were received. Cloning it gives another handle to the same ones.
#[derive(Debug, Clone)]
pub struct ReceivedLog(Arc<SharedLog>);

#[derive(Debug)]
struct SharedLog {
    source: ReceivedSource,
    log: Mutex<Log>,
    /// How far the file was read.
    position: Mutex<Position>,
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Log {
    requests: VecDeque<Arc<Received>>,
    bytes: usize,
    last: u64,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Position {
    /// Tells a file from another that took its place.
    identity: Option<u64>,
    modified: Option<SystemTime>,
    length: u64,
    /// Its first bytes: one that begins otherwise was written anew.
    head: Vec<u8>,
    /// The end of the last whole line that was read.
    offset: u64,
    /// `None` until something was read.
    layout: Option<Layout>,
}

/// Nothing is received.
impl Default for ReceivedLog {
    fn default() -> Self {
        Self::new(ReceivedSource::None)
    }
}

impl Log {
    /// Forgets all requests. Their numbers are not used again: a page may still be open.
    fn clear(&mut self) {
        *self = Self { last: self.last, ..Self::default() };
    }
}

impl ReceivedLog {
    /// What `listen` receives at this URL, and [adds](Self::add).
    pub fn listening_on(url: String) -> Self {
        Self::new(ReceivedSource::Listening(url))
    }

    /// What is in this file, which need not exist yet.
    pub fn following(file: PathBuf) -> Self {
        Self::new(ReceivedSource::File(file))
    }

    fn new(source: ReceivedSource) -> Self {
        Self(Arc::new(SharedLog {
            source,
            log: Mutex::default(),
            position: Mutex::default(),
            changed: watch::Sender::new(0),
        }))
    }

    /// Adds a request that `listen` has reported, and what became of it.
    pub fn add(&self, event: RequestEvent) {
        let forwarded = event.forwarded.iter().map(|one| ForwardResult {
            url: shown_url(&one.url),
            target: Some(one.url.clone()),
            outcome: match &one.outcome {
                Ok(response) => Ok(response.status.as_u16()),
                Err(error) => Err(error.to_string()),
            },
            elapsed: one.elapsed,
            text: match &one.outcome {
                Ok(response) => response.first_characters(),
                Err(_) => String::new(),
            },
        });
        let headers = event.headers.unwrap_or_default().into_iter();
        // A body is a part of a larger buffer: only a copy takes no more than its own size.
        let body = event.body.as_ref().map(|body| body.to_vec());
        let capture = Capture {
            received_at: Some(event.received_at),
            method: Some("POST".into()),
            path: Some(event.path.into()),
            remote: Some(event.peer.into()),
            headers: headers.map(|(name, value)| (name.into(), value.into())).collect(),
            body: body.map(|bytes| Body { bytes: bytes.into(), exact: true }),
            ..Capture::default()
        };
        self.push(Received {
            n: 0,
            received_at: event.received_at,
            body_size: event.body_size,
            report: event.report,
            outcome: Some((event.outcome, event.elapsed)),
            forwarded: forwarded.collect(),
            capture,
        });
    }

    fn push(&self, mut request: Received) {
        if memory_of(&request) > MAX_BYTES {
            request.capture.body = None;
            request.capture.headers.truncate(MAX_HEADERS);
        }
        let size = memory_of(&request);
        {
            let mut log = lock(&self.0.log);
            log.last += 1;
            request.n = log.last;
            log.bytes += size;
            log.requests.push_back(Arc::new(request));
            while log.requests.len() > MAX_REQUESTS || log.bytes > MAX_BYTES {
                let Some(oldest) = log.requests.pop_front() else { break };
                log.bytes -= memory_of(&oldest);
            }
        }
        self.0.changed.send_modify(|count| *count += 1);
    }

    /// All requests that are kept, newest first.
    pub(super) fn newest_first(&self) -> Vec<Arc<Received>> {
        lock(&self.0.log).requests.iter().rev().cloned().collect()
    }

    /// The request with this number, if it is still kept.
    pub(super) fn get(&self, n: u64) -> Option<Arc<Received>> {
        lock(&self.0.log).requests.iter().find(|request| request.n == n).cloned()
    }

    /// A number that grows with each request.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    /// Where they come from.
    pub(super) fn source(&self) -> &ReceivedSource {
        &self.0.source
    }

    /// Adds what is new in the file; `secrets` are only looked up if there is something.
    ///
    /// # Errors
    /// When the file or the secrets cannot be read. Nothing is skipped: it is read once they can.
    pub(super) fn read_new(
        &self,
        secrets: impl FnOnce() -> Result<Vec<NamedSecret>, Diagnostic>,
        now: DateTime<Utc>,
    ) -> Result<(), Diagnostic> {
        let ReceivedSource::File(path) = &self.0.source else { return Ok(()) };
        let failed = |error: io::Error| {
            let why = error_text(&error);
            Diagnostic::new(format!("cannot read {}: {why}", path.display()))
        };
        let mut position = lock(&self.0.position);
        let mut file = match open_without_waiting(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            opened => opened.map_err(failed)?,
        };
        let found = file.metadata().map_err(failed)?;
        if !found.is_file() {
            let message = format!("{} is not a regular file", path.display());
            return Err(Diagnostic::new(message).help("a file can be followed, a pipe cannot"));
        }
        let (identity, modified, length) =
            (file_number(&found), found.modified().ok(), found.len());
        let is_same = position.identity == Some(identity);
        if is_same && position.modified == modified && position.length == length {
            return Ok(());
        }
        let secrets = secrets()?;
        let mut head = Vec::new();
        file.by_ref().take(MAX_HEAD).read_to_end(&mut head).map_err(failed)?;
        let (has_lines, begins_alike) =
            (position.layout != Some(Layout::Whole), head.starts_with(&position.head));
        if !(is_same && has_lines && begins_alike && length >= position.length) {
            // After a rotation, what the file before it had stays.
            let is_rotated = position.identity.is_some() && !is_same && has_lines && !begins_alike;
            if !is_rotated {
                lock(&self.0.log).clear();
            }
            *position = Position { identity: Some(identity), ..Position::default() };
        }
        (position.modified, position.length, position.head) = (modified, length, head);
        if length == 0 {
            return Ok(());
        }
        let mut reader = CaptureReader { log: self, secrets: &secrets, now };
        if position.layout.is_none() {
            let mut start = Vec::new();
            file.seek(SeekFrom::Start(0)).map_err(failed)?;
            file.by_ref().take(MAX_TAIL).read_to_end(&mut start).map_err(failed)?;
            position.layout = match memchr::memchr(b'\n', &start) {
                // The first line of `listen --save`: until the next one it is a document, too.
                Some(end) if end + 1 == start.len() && !forward_results(&start).is_empty() => {
                    Some(Layout::Lines)
                }
                _ => Layout::detect(&start, length <= MAX_TAIL),
            };
        }
        match position.layout {
            Some(Layout::Lines) => reader.lines(&mut file, &mut position).map_err(failed),
            _ if length > MAX_WHOLE => {
                let message = format!(
                    "{} is larger than {} MiB, and not a file of lines",
                    path.display(),
                    MAX_WHOLE >> 20
                );
                Err(Diagnostic::new(message).help("`pgwh verify` reads files of any size"))
            }
            _ => {
                let mut bytes = Vec::new();
                file.seek(SeekFrom::Start(0)).map_err(failed)?;
                file.take(MAX_WHOLE).read_to_end(&mut bytes).map_err(failed)?;
                reader.whole(&bytes);
                Ok(())
            }
        }
    }
}

/// About how many bytes a request takes.
fn memory_of(request: &Received) -> usize {
    let capture = &request.capture;
    let texts = |one: usize, other: usize| one + other + 2 * size_of::<String>();
    let headers = capture.headers.iter().map(|(name, value)| texts(name.len(), value.len()));
    let responses = request.forwarded.iter().map(|one| texts(one.url.len(), one.text.len()));
    let path = capture.path.as_ref().map_or(0, |path| path.len());
    OVERHEAD + request.body().len() + path + headers.chain(responses).sum::<usize>()
}

/// The members of a line of `listen --save` that say what targets responded.
fn forward_results(line: &[u8]) -> Vec<ForwardResult> {
    #[derive(serde::Deserialize)]
    struct Line {
        #[serde(default)]
        forwarded: Vec<SavedTarget>,
    }
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct SavedTarget {
        url: String,
        status: Option<u16>,
        error: Option<String>,
        #[serde(default)]
        elapsed_ms: f64,
        #[serde(default)]
        body: String,
    }
    // Lines of other tools have other members, or none.
    let targets = serde_json::from_slice(line).map(|line: Line| line.forwarded).unwrap_or_default();
    let result = |target: SavedTarget| ForwardResult {
        url: shortened(&target.url, MAX_RESPONSE).into_owned(),
        target: None,
        outcome: target.status.ok_or_else(|| target.error.unwrap_or_default()),
        elapsed: Duration::try_from_secs_f64(target.elapsed_ms / 1e3).unwrap_or_default(),
        text: shortened(&target.body, MAX_RESPONSE).into_owned(),
    };
    targets.into_iter().take(MAX_TARGETS).map(result).collect()
}

struct CaptureReader<'a> {
    log: &'a ReceivedLog,
    secrets: &'a [NamedSecret],
    now: DateTime<Utc>,
}

impl CaptureReader<'_> {
    /// Reads the whole lines behind the position.
    fn lines(&mut self, file: &mut File, position: &mut Position) -> io::Result<()> {
        let tail = position.length.saturating_sub(MAX_TAIL);
        let mut skips_first = false;
        if position.offset < tail {
            (position.offset, skips_first) = (tail, true);
        }
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(position.offset))?;
        file.take(MAX_TAIL).read_to_end(&mut bytes)?;
        let Some(end) = memchr::memrchr(b'\n', &bytes) else { return Ok(()) };
        bytes.truncate(end + 1);
        position.offset += bytes.len() as u64;
        let mut verifier = Verifier::new(Secrets { accepted: self.secrets, known: &[] }, self.now);
        for line in bytes.split_inclusive(|byte| *byte == b'\n').skip(usize::from(skips_first)) {
            let mut found = Vec::new();
            read_lines(line, 1, |item| {
                if let Item::Capture(capture) = item {
                    found.push(capture.into_owned());
                }
            });
            let is_single = found.len() == 1;
            for capture in found {
                self.add(capture, is_single.then_some(line), &mut verifier);
            }
        }
        Ok(())
    }

    fn whole(&mut self, bytes: &[u8]) {
        // What cannot be read yet may be half written: it is read again when it grows.
        let Ok(outcome) = capture::read(bytes) else { return };
        let mut verifier = Verifier::new(Secrets { accepted: self.secrets, known: &[] }, self.now);
        for capture in outcome.captures {
            self.add(capture, None, &mut verifier);
        }
    }

    fn add(&self, capture: Capture<'static>, line: Option<&[u8]>, verifier: &mut Verifier<'_>) {
        let examination = match self.secrets.is_empty() {
            true => verifier.examiner().examine(&capture),
            false => verifier.verify(&capture),
        };
        let is_checked =
            !self.secrets.is_empty() || examination.verdict != SignatureVerdict::Invalid;
        let secret = examination.secret.and_then(|number| verifier.secret_name(number));
        self.log.push(Received {
            n: 0,
            received_at: capture.received_at.unwrap_or(self.now),
            body_size: capture.body.as_ref().map_or(0, |body| body.bytes.len()),
            report: RequestReport {
                request_id: examination.request_id,
                event: examination.event.map(|event| shortened(&event, 100).into_owned()),
                signature: examination.signature,
                verdict: is_checked.then_some(examination.verdict),
                secret: secret.filter(|name| !name.is_empty()).map(str::to_owned),
                findings: examination.findings,
            },
            outcome: None,
            forwarded: line.map(forward_results).unwrap_or_default(),
            capture,
        });
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;

    fn request(body: usize) -> Received {
        Received {
            n: 0,
            received_at: DateTime::UNIX_EPOCH,
            capture: Capture {
                body: Some(Body { bytes: vec![0; body].into(), exact: true }),
                ..Capture::default()
            },
            body_size: body,
            report: RequestReport::default(),
            outcome: None,
            forwarded: Vec::new(),
        }
    }

    #[test]
    fn memory_is_bounded_by_number_and_by_size() {
        let log = ReceivedLog::default();
        (0..MAX_REQUESTS + 5).for_each(|_| log.push(request(10)));
        let kept = log.newest_first();
        assert_eq!((kept.len(), kept[0].n), (MAX_REQUESTS, MAX_REQUESTS as u64 + 5));
        (0..3).for_each(|_| log.push(request(6 << 20)));
        assert_eq!(log.newest_first().len(), 2);
        log.push(request(MAX_BYTES));
        let kept = log.newest_first();
        assert_eq!((kept[0].body().len(), kept[0].body_size), (0, MAX_BYTES));
        let mut wide = request(10);
        wide.capture.headers = vec![("a".into(), "b".into()); MAX_BYTES / 16];
        log.push(wide);
        assert_eq!(log.newest_first()[0].n, MAX_REQUESTS as u64 + 10);
        assert!(lock(&log.0.log).bytes <= MAX_BYTES);
    }

    #[test]
    fn responses_of_targets_are_read_from_saved_lines() {
        let line = r#"{"receivedAt":"x","forwarded":[{"url":"http://a/","status":503,"error":null,
            "elapsedMs":12.5,"headers":{},"body":"no"},{"url":"http://b/","status":null,"error":"is down"}]}"#;
        let results = forward_results(line.as_bytes());
        assert_eq!((&results[0].outcome, &*results[0].text), (&Ok(503), "no"));
        assert_eq!(results[0].elapsed, Duration::from_micros(12_500));
        assert_eq!(results[1].outcome, Err("is down".to_owned()));
        assert!(forward_results(b"not JSON").is_empty());
    }

    const LINE: &str = r#"{"receivedAt":"2026-03-01T17:42:09.000Z","method":"POST","path":"/","headers":{"x-perfectgym-request":["ID"],"x-perfectgym-signature":["b814e8a178517eeb9b0da8eeb20a0df2"]},"body":"{}"}"#;

    #[test]
    fn a_file_is_followed_as_it_grows_and_when_it_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.ndjson");
        let log = ReceivedLog::following(path.clone());
        let ids = || {
            log.read_new(|| Ok(Vec::new()), DateTime::UNIX_EPOCH).unwrap();
            let id = |one: &Arc<Received>| one.report.request_id.clone().unwrap();
            log.newest_first().iter().map(id).collect::<Vec<_>>()
        };
        let line = |id: &str| LINE.replace("ID", id) + "\n";
        assert!(ids().is_empty());
        fs::write(&path, line("a")).unwrap();
        assert_eq!(ids(), ["a"]);
        let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
        let second = line("b");
        file.write_all(&second.as_bytes()[..40]).unwrap();
        assert_eq!(ids(), ["a"]);
        file.write_all(&second.as_bytes()[40..]).unwrap();
        assert_eq!(ids(), ["b", "a"]);
        fs::write(&path, line("c")).unwrap();
        assert_eq!(ids(), ["c"]);
        // Rotated: what was received stays, and each number means one request.
        fs::rename(&path, folder.path().join("c.ndjson.1")).unwrap();
        fs::write(&path, "").unwrap();
        assert_eq!(ids(), ["c"]);
        fs::write(&path, line("d") + &line("e")).unwrap();
        assert_eq!(ids(), ["e", "d", "c"]);
        let numbers = || log.newest_first().iter().map(|one| one.n).collect::<Vec<_>>();
        assert_eq!(numbers(), [5, 4, 3]);
        // Saved by an editor: the same requests in another file.
        let other = folder.path().join("other");
        fs::write(&other, line("d") + &line("e") + &line("f")).unwrap();
        fs::rename(&other, &path).unwrap();
        assert_eq!(ids(), ["f", "e", "d"]);
        assert_eq!(numbers(), [8, 7, 6]);
        // Written anew in place, as long as before or longer.
        fs::write(&path, line("g") + &line("h") + &line("i")).unwrap();
        assert_eq!(ids(), ["i", "h", "g"]);
        fs::write(&path, line("j") + &line("k") + &line("l") + &line("m")).unwrap();
        assert_eq!(ids(), ["m", "l", "k", "j"]);
    }

    #[test]
    fn a_first_line_has_what_its_targets_responded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.ndjson");
        let log = ReceivedLog::following(path.clone());
        let forwarded = r#","forwarded":[{"url":"http://a/","status":200,"elapsedMs":1}]}"#;
        let line = |id: &str| LINE.replace("ID", id).trim_end_matches('}').to_owned() + forwarded;
        let text = |ids: &[&str]| ids.iter().map(|id| line(id) + "\n").collect::<String>();
        for ids in [&["a"][..], &["a", "b"], &["a", "b", "c"]] {
            fs::write(&path, text(ids)).unwrap();
            log.read_new(|| Ok(Vec::new()), DateTime::UNIX_EPOCH).unwrap();
            let received = log.newest_first();
            assert_eq!(received.len(), ids.len());
            assert!(received.iter().all(|one| one.forwarded[0].outcome == Ok(200)));
            assert_eq!(received[0].n, ids.len() as u64);
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_pipe_in_the_place_of_the_file_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        let log = ReceivedLog::following(path);
        let read = log.read_new(|| Ok(Vec::new()), DateTime::UNIX_EPOCH);
        assert!(read.unwrap_err().message.contains("not a regular file"));
    }
}
