//! Setting a damaged file aside. Never deletes one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::error::ListError;
use super::open::{Place, RequestsList};

/// Held while the file is made or replaced; ends with the process at the latest.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock, but not for long.
    pub(super) fn take(place: &Place, patience: Duration) -> Result<Self, ListError> {
        let path = place.folder.join("requests.lock");
        let failed = |error| ListError::Folder { folder: place.folder.clone(), error };
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(failed)?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if start.elapsed() < patience => {
                    std::thread::sleep(Duration::from_millis(2));
                }
                Err(TryLockError::WouldBlock) => return Err(ListError::Locked(path)),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
    }
}

/// Moves a damaged list, with the log that belongs to it, to a name of its own beside it, and
/// returns that. `None` when another process has already done so.
pub(super) fn set_aside(
    place: &Place,
    now: DateTime<Utc>,
    patience: Duration,
) -> Result<Option<PathBuf>, ListError> {
    let _lock = Lock::take(place, patience)?;
    match RequestsList::open_existing(place).and_then(|list| list.map_or(Ok(()), |l| l.check())) {
        Err(ListError::Corrupt { .. }) => {}
        _ => return Ok(None),
    }
    let path = place.file();
    let aside = free_name(&path, now);
    let failed = |error| ListError::Folder { folder: place.folder.clone(), error };
    for suffix in ["-wal", "-shm"] {
        // The log of a damaged file may hold what the file has lost; it is not always there.
        let _ = fs::rename(with_suffix(&path, suffix), with_suffix(&aside, suffix));
    }
    fs::rename(&path, &aside).map_err(failed)?;
    Ok(Some(aside))
}

impl RequestsList {
    /// Looks whether the file is whole, as far as a quick look tells.
    fn check(&self) -> Result<(), ListError> {
        let found: rusqlite::Result<String> =
            self.db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
        match found {
            Ok(words) if words == "ok" => Ok(()),
            Ok(words) => Err(ListError::Corrupt {
                path: self.path.clone(),
                error: rusqlite::Error::SqliteFailure(
                    rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT),
                    Some(words),
                ),
            }),
            Err(error) => Err(self.failed(error)),
        }
    }
}

fn free_name(path: &Path, now: DateTime<Utc>) -> PathBuf {
    let stamp = now.format("%Y%m%dT%H%M%S");
    let name = |n: u32| match n {
        0 => with_suffix(path, &format!(".damaged-{stamp}")),
        n => with_suffix(path, &format!(".damaged-{stamp}-{n}")),
    };
    (0..).map(name).find(|name| !name.exists()).unwrap_or_else(|| name(0))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
