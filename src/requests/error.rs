//! What can be wrong with the list, and how to mend it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why the list cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// There is no folder to keep it in.
    #[error("there is no home directory to keep the requests list in")]
    NoFolder,
    /// The folder, or a file in it, cannot be made.
    #[error("cannot write the requests list in {}: {error}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// It was there just now.
    #[error("the requests list {} has vanished", .0.display())]
    Vanished(PathBuf),
    /// Another process has it, for longer than is worth waiting.
    #[error("another process keeps the requests list {} locked", .0.display())]
    Locked(PathBuf),
    /// The disk is full, or says no.
    #[error("cannot write the requests list {}: {error}", path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        error: rusqlite::Error,
    },
    /// It may not be written.
    #[error("the requests list {} cannot be written: {error}", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        error: rusqlite::Error,
    },
    /// A newer pgwh made it.
    #[error("the requests list {} is of a newer pgwh: version {version}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: usize,
    },
    /// It is a database of something else.
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
    /// Sorts what SQLite says into what a user can do something about.
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

    /// What the user can do.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::NoFolder => "set PGWH_STATE_DIR to a folder for it",
            Self::Folder { error, .. } if is_no_room(error) => NO_ROOM,
            Self::Disk { .. } => NO_ROOM,
            Self::Folder { .. } | Self::ReadOnly { .. } => {
                "make the folder writable, or set PGWH_STATE_DIR to another"
            }
            Self::Locked(_) => "end the process that keeps it open, if it hangs",
            Self::Newer { .. } => {
                "update pgwh, or set PGWH_STATE_DIR to another folder for this version"
            }
            Self::Foreign(_) => "move that file away, or set PGWH_STATE_DIR to another folder",
            Self::Vanished(_) => "a new list is made with the next request",
            Self::Corrupt { .. } | Self::Other { .. } => {
                "move that file away: a new list is made with the next request"
            }
        }
    }
}

const NO_ROOM: &str = "free some space there, or set PGWH_STATE_DIR to another folder";

fn is_no_room(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), FileTooLarge | QuotaExceeded | StorageFull)
}

/// Something that the user should know about the list while a send goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Vec<String>,
    /// Whether what is sent from now on is missing in the list.
    pub is_unrecorded: bool,
}

impl Trouble {
    /// A send goes on without the list.
    pub(super) fn not_recorded(error: &ListError) -> Self {
        Self {
            message: format!("not recorded: {error}"),
            help: vec![error.mend().to_owned()],
            is_unrecorded: true,
        }
    }

    /// What was sent lately stays in the inbox for now.
    pub(super) fn not_taken_in(error: &ListError) -> Self {
        Self {
            message: format!("the newest requests are not in the list yet: {error}"),
            help: vec![error.mend().to_owned()],
            is_unrecorded: false,
        }
    }

    /// The list was damaged.
    pub(super) fn set_aside(path: &Path, aside: &Path) -> Self {
        Self {
            message: format!("the requests list {} is damaged", path.display()),
            help: vec![format!("it was set aside as {}; a new one is used", aside.display())],
            is_unrecorded: false,
        }
    }
}
