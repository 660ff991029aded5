//! The requests list: every request that was sent, with its attempts, in a SQLite file of the
//! user's. Does file I/O, never prints, and never fails a send: see [`Recorder`].
//!
//! What is promised: an attempt is in the list before it is sent, and its result right after it.
//! A process that is killed loses nothing of that, as the system holds what was written. A machine
//! that loses power may lose the newest rows, but never the list and never later ones: waiting for
//! the disk would be the most expensive part of a send (4 ms a commit against 0.1 ms).

mod list;
mod query;
mod recorder;
mod write;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, ErrorCode};
use url::Url;

use crate::delivery::{Attempt, AttemptOutcome};
use crate::files::{DISK_FULL_HELP, StateDirError, error_text};
use crate::pgm::{RequestId, SignedRequest};
use crate::text::Diagnostic;

pub use list::Retention;
pub use query::Filter;
pub use recorder::Recorder;
pub use write::LoadRun;

/// An open requests list.
#[derive(Debug)]
pub struct RequestsList {
    db: Connection,
    path: PathBuf,
}

impl RequestsList {
    /// An error of SQLite's, with the file that it is about.
    fn failed(&self, error: rusqlite::Error) -> ListError {
        ListError::new(&self.path, error)
    }
}

/// One row of the list.
#[derive(Debug, Clone)]
pub struct RequestRow {
    /// Its key; later requests have higher ones.
    pub row: i64,
    /// `X-PerfectGym-Request`.
    pub request_id: RequestId,
    /// The event, where it is known.
    pub event: Option<String>,
    /// The name of the webhook that it was sent to, if it was one of pgwh.toml.
    pub webhook: Option<String>,
    /// The URL that was called.
    pub url: Url,
    /// When it was first sent.
    pub created_at: DateTime<Utc>,
    /// What PGM would show.
    pub status: Status,
    /// The number of attempts that were started.
    pub attempts: u32,
    /// How the last attempt ended, if one has ended.
    pub outcome: Option<AttemptOutcome>,
    /// The HTTP status of the last response, if the last attempt that ended got one.
    pub http_status: Option<u16>,
    /// How long the newest attempt took, if it has ended.
    pub elapsed: Option<Duration>,
    /// The counts of a load run; `None` for a request.
    pub load: Option<LoadCounts>,
    /// Whether it was captured before and sent again (`send --from`).
    pub from_capture: bool,
    /// The story that it is a part of, if it is a part of one.
    pub story: Option<String>,
}

/// A load run as a row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadCounts {
    /// The number of requests that were sent.
    pub requests: u64,
    /// The number of them that failed.
    pub failed: u64,
}

/// The status of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A 2xx in time.
    Delivered,
    /// A connection was made, but no 2xx came in time.
    Failed,
    /// No connection was ever made.
    Unreachable,
    /// A process is sending it now.
    Sending,
    /// The process that was sending it ended before it knew the outcome.
    Interrupted,
}

/// A request that is to be sent, and what the list says of it.
#[derive(Debug, Clone)]
pub struct SendJob {
    /// The event, where it is known.
    pub event: Option<String>,
    /// The name of the webhook, if the target is one of pgwh.toml.
    pub webhook: Option<String>,
    /// The URL that is called.
    pub url: Url,
    /// The exact headers and body.
    pub request: SignedRequest,
    /// Whether it was captured before and is sent again.
    pub from_capture: bool,
    /// The name of the story that it is a part of.
    pub story: Option<String>,
    /// Its row in the list and the number of its attempts there; `None` for a new one.
    pub stored: Option<(i64, u32)>,
}

impl SendJob {
    /// A request that is new to the list, and neither captured nor a part of a story.
    pub fn new(
        event: Option<String>,
        webhook: Option<String>,
        url: Url,
        request: SignedRequest,
    ) -> Self {
        Self { event, webhook, url, request, from_capture: false, story: None, stored: None }
    }
}

/// A request with all that was sent and every response to it.
#[derive(Debug, Clone)]
pub struct StoredRequest {
    /// Its row in the list.
    pub entry: RequestRow,
    /// The exact headers and body.
    pub request: SignedRequest,
    /// In the order in which they were started.
    pub attempts: Vec<StoredAttempt>,
}

impl StoredRequest {
    /// The same request, to be sent again; at another URL it is a new one to the list.
    pub fn again(self, other_url: Option<Url>) -> SendJob {
        let Self { entry, request, .. } = self;
        let from_capture = entry.from_capture;
        let job = match other_url {
            Some(url) => SendJob::new(entry.event, None, url, request),
            None => SendJob {
                stored: Some((entry.row, entry.attempts)),
                ..SendJob::new(entry.event, entry.webhook, entry.url, request)
            },
        };
        SendJob { from_capture, ..job }
    }
}

/// An attempt, finished or not.
#[derive(Debug, Clone)]
pub struct StoredAttempt {
    /// Counted from 1 over all sends of the request.
    pub n: u32,
    /// When it was started.
    pub started_at: DateTime<Utc>,
    /// Its result, or why it has none.
    pub status: AttemptStatus,
}

impl StoredAttempt {
    /// The attempt, if it has ended.
    pub fn finished(&self) -> Option<&Attempt> {
        match &self.status {
            AttemptStatus::Finished(attempt) => Some(attempt),
            AttemptStatus::Sending | AttemptStatus::Interrupted => None,
        }
    }
}

/// Whether an attempt has ended.
#[derive(Debug, Clone)]
pub enum AttemptStatus {
    /// It has, like this.
    Finished(Box<Attempt>),
    /// Its process is still running.
    Sending,
    /// Its process ended before it knew the outcome.
    Interrupted,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 5] =
        [Self::Delivered, Self::Failed, Self::Unreachable, Self::Sending, Self::Interrupted];

    /// Its value in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Unreachable => "unreachable",
            Self::Sending => "sending",
            Self::Interrupted => "interrupted",
        }
    }

    /// Whether it did not succeed and is not being sent, so that a retry makes sense.
    pub fn is_unsuccessful(self) -> bool {
        matches!(self, Self::Failed | Self::Unreachable | Self::Interrupted)
    }
}

/// The status of a request that is being sent, or was when its process ended.
const PENDING: &str = "pending";

/// An attempt that is about to be made.
#[derive(Debug, Clone, Copy)]
struct AttemptStart {
    at: DateTime<Utc>,
    /// When it is over at the latest.
    deadline: DateTime<Utc>,
    /// The process that makes it.
    pid: u32,
}

/// The key of an attempt in the list.
#[derive(Debug, Clone, Copy)]
struct AttemptKey {
    row: i64,
    n: i64,
}

/// Why the list cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// There is no folder to keep it in.
    #[error("there is no home directory to keep the requests list in")]
    NoFolder,
    /// The state folder cannot be used.
    #[error("cannot use the requests list: {0}")]
    StateDir(#[from] StateDirError),
    /// The system did not start the thread that writes the list.
    #[error("cannot start a thread to write the requests list: {}", error_text(.0))]
    Thread(io::Error),
    /// Another process kept it locked for longer than pgwh waits.
    #[error("another process keeps the requests list {} locked", .0.display())]
    Locked(PathBuf),
    /// The disk is full, or does not work: the file, and what SQLite said.
    #[error("cannot write the requests list {}: {}", .0.display(), .1)]
    Disk(PathBuf, rusqlite::Error),
    /// Its permissions forbid to write it: the same.
    #[error("the requests list {} cannot be written: {}", .0.display(), .1)]
    ReadOnly(PathBuf, rusqlite::Error),
    /// A newer pgwh created it: the file, and its version.
    #[error("the requests list {} was written by a newer pgwh: version {}", .0.display(), .1)]
    Newer(PathBuf, i64),
    /// It is a database of another program.
    #[error("{} is not a requests list of pgwh", .0.display())]
    Foreign(PathBuf),
    /// It is damaged: the file, and what SQLite said.
    #[error("the requests list {} is damaged: {}", .0.display(), .1)]
    Corrupt(PathBuf, rusqlite::Error),
    /// Anything else: the same.
    #[error("the requests list {} cannot be used: {}", .0.display(), .1)]
    Other(PathBuf, rusqlite::Error),
}

impl ListError {
    /// Sorts SQLite's errors by what a user can do about them.
    fn new(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked(path),
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => Self::Disk(path, error),
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly(path, error)
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt(path, error)
            }
            _ => Self::Other(path, error),
        }
    }

    /// What the user can do about it.
    pub fn help(&self) -> String {
        match self {
            Self::StateDir(error) => return error.help(),
            Self::NoFolder => "set PGWH_STATE_DIR to a folder for it",
            Self::Thread(_) => "stop other processes, or raise the limit of `ulimit -u`",
            Self::Disk(..) => DISK_FULL_HELP,
            Self::ReadOnly(..) => "make the folder writable, or set PGWH_STATE_DIR to another",
            Self::Locked(_) => "stop the process that keeps it open, if it hangs",
            Self::Newer(..) => {
                "update pgwh, or set PGWH_STATE_DIR to another folder for this version"
            }
            Self::Foreign(_) => "move that file away, or set PGWH_STATE_DIR to another folder",
            Self::Corrupt(..) | Self::Other(..) => {
                "move that file away: the next request creates a new list"
            }
        }
        .to_owned()
    }
}

/// Why a row of the list cannot be used as a request.
pub const IS_LOAD_RUN: &str = "a load run is many requests, not one";

/// A problem with the list that does not stop a send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What is wrong, and what the user can do about it.
    pub diagnostic: Diagnostic,
    /// Whether what is sent from now on is missing in the list.
    pub is_unrecorded: bool,
}
