//! What can be wrong with the list, and what the user can do about it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::files::{DISK_FULL_HELP, StateDirError, error_text};
use crate::text::Diagnostic;

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
    /// The disk is full, or does not work.
    #[error("cannot write the requests list {}: {error}", path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        error: rusqlite::Error,
    },
    /// Its permissions forbid to write it.
    #[error("the requests list {} cannot be written: {error}", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        error: rusqlite::Error,
    },
    /// A newer pgwh created it.
    #[error("the requests list {} was written by a newer pgwh: version {version}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: i64,
    },
    /// It is a database of another program.
    #[error("{} is not a requests list of pgwh", .0.display())]
    Foreign(PathBuf),
    /// It is damaged.
    #[error("the requests list {} is damaged: {error}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        error: rusqlite::Error,
    },
    /// Anything else.
    #[error("the requests list {} cannot be used: {error}", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        error: rusqlite::Error,
    },
}

impl ListError {
    /// Sorts SQLite's errors by what a user can do about them.
    pub(super) fn new(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked(path),
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => Self::Disk { path, error },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly { path, error }
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt { path, error }
            }
            _ => Self::Other { path, error },
        }
    }

    /// What the user can do about it.
    pub fn help(&self) -> String {
        match self {
            Self::StateDir(error) => return error.help(),
            Self::NoFolder => "set PGWH_STATE_DIR to a folder for it",
            Self::Thread(_) => "stop other processes, or raise the limit of `ulimit -u`",
            Self::Disk { .. } => DISK_FULL_HELP,
            Self::ReadOnly { .. } => "make the folder writable, or set PGWH_STATE_DIR to another",
            Self::Locked(_) => "stop the process that keeps it open, if it hangs",
            Self::Newer { .. } => {
                "update pgwh, or set PGWH_STATE_DIR to another folder for this version"
            }
            Self::Foreign(_) => "move that file away, or set PGWH_STATE_DIR to another folder",
            Self::Corrupt { .. } | Self::Other { .. } => {
                "move that file away: the next request creates a new list"
            }
        }
        .to_owned()
    }
}

/// A problem with the list that does not stop a send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What is wrong, and what the user can do about it.
    pub diagnostic: Diagnostic,
    /// Whether what is sent from now on is missing in the list.
    pub is_unrecorded: bool,
}
