//! Follows a file of captures: reads what is new in it whenever somebody looks.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, Utc};

use super::received::{ReceivedLog, forward_results};
use crate::capture::{self, Capture, Item, Layout, read_lines};
use crate::files::error_text;
use crate::text::Diagnostic;
use crate::verify::{NamedSecret, Secrets, SignatureVerdict, Verifier};

/// Bytes that are read of a file by lines, the newest: more is not kept in memory anyway.
const MAX_TAIL: u64 = 16 * 1024 * 1024;
/// The largest file that is read in one piece.
const MAX_WHOLE: u64 = 64 * 1024 * 1024;

/// A file of captures, and how far it was read.
#[derive(Debug)]
pub(super) struct CaptureFollower {
    path: PathBuf,
    position: Mutex<Position>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Position {
    /// Tells a file from another that took its place.
    identity: Option<u64>,
    modified: Option<SystemTime>,
    length: u64,
    /// The end of the last whole line that was read.
    offset: u64,
    layout: Option<Layout>,
}

impl CaptureFollower {
    /// Follows the file at this path, which need not exist yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, position: Mutex::default() }
    }

    /// The file, for messages.
    pub(super) fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// Adds what is new to `log`; `secrets` are only looked up if there is something.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn read_new(
        &self,
        log: &ReceivedLog,
        secrets: impl FnOnce() -> Vec<NamedSecret>,
        now: DateTime<Utc>,
    ) -> Result<(), Diagnostic> {
        let failed = |error: io::Error| {
            let why = error_text(&error);
            Diagnostic::new(format!("cannot read {}: {why}", self.path.display()))
        };
        let mut position = self.position.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            found => found.map_err(failed)?,
        };
        if !found.is_file() {
            let message = format!("{} is not a regular file", self.path.display());
            return Err(Diagnostic::new(message).help("a file can be followed, a pipe cannot"));
        }
        let (identity, modified, length) = (identity(&found), found.modified().ok(), found.len());
        let is_same = position.identity == Some(identity) && length >= position.length;
        if is_same && position.modified == modified && position.length == length {
            return Ok(());
        }
        if !is_same || position.layout != Some(Layout::Lines) {
            log.clear();
            *position = Position { identity: Some(identity), ..Position::default() };
        }
        (position.modified, position.length) = (modified, length);
        let secrets = secrets();
        let mut reader = CaptureReader { log, secrets: &secrets, now };
        let mut file = File::open(&self.path).map_err(failed)?;
        if position.layout.is_none() {
            let mut head = Vec::new();
            file.by_ref().take(MAX_TAIL).read_to_end(&mut head).map_err(failed)?;
            position.layout = Layout::detect(&head, length <= MAX_TAIL);
        }
        match position.layout {
            Some(Layout::Lines) => reader.lines(&mut file, &mut position).map_err(failed),
            _ if length > MAX_WHOLE => {
                let message = format!(
                    "{} is larger than {} MiB, and not a file of lines",
                    self.path.display(),
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
                let line = is_single.then(|| String::from_utf8_lossy(line));
                self.add(capture, line.as_deref(), &mut verifier);
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

    fn add(&self, capture: Capture<'static>, line: Option<&str>, verifier: &mut Verifier<'_>) {
        let examination = match self.secrets.is_empty() {
            true => verifier.examiner().examine(&capture),
            false => verifier.verify(&capture),
        };
        let is_checked =
            !self.secrets.is_empty() || examination.verdict != SignatureVerdict::Invalid;
        let verdict = is_checked.then_some(examination.verdict);
        let secret = examination.secret.and_then(|number| verifier.secret_name(number));
        let secret = secret.filter(|name| !name.is_empty()).map(str::to_owned);
        let forwarded = line.map(forward_results).unwrap_or_default();
        self.log.add_capture(capture, examination, (verdict, secret), forwarded, self.now);
    }
}

#[cfg(unix)]
fn identity(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(file)
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const LINE: &str = r#"{"receivedAt":"2026-03-01T17:42:09.000Z","method":"POST","path":"/","headers":{"x-perfectgym-request":["ID"],"x-perfectgym-signature":["b814e8a178517eeb9b0da8eeb20a0df2"]},"body":"{}"}"#;

    #[test]
    fn a_file_is_followed_as_it_grows_and_when_it_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.ndjson");
        let (follower, log) = (CaptureFollower::new(path.clone()), ReceivedLog::default());
        let ids = || {
            follower.read_new(&log, Vec::new, DateTime::UNIX_EPOCH).unwrap();
            let id = |one: &std::sync::Arc<super::super::received::Received>| {
                one.request_id.clone().unwrap()
            };
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
    }
}
