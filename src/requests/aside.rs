//! Setting a damaged file aside. Never deletes one.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::error::ListError;
use super::lock::Lock;
use super::open::{Place, RequestsList, with_suffix};

/// Moves a damaged list, with the log that belongs to it, to a name of its own beside it, makes a
/// new one, and returns that name. `None` when another process has already done so.
pub(super) fn set_aside(place: &Place, now: DateTime<Utc>) -> Result<Option<PathBuf>, ListError> {
    let _lock = Lock::take(place)?;
    match RequestsList::open_existing(place).and_then(|list| list.map_or(Ok(()), |l| l.check())) {
        Err(ListError::Corrupt { .. }) => {}
        _ => return Ok(None),
    }
    let path = place.file();
    let aside = free_name(&path, now);
    // Before anything is moved: what is in the inbox needs a list to go to.
    let draft = RequestsList::draft(place)?;
    for suffix in ["-wal", "-shm"] {
        // The log of a damaged file may hold what the file has lost; it is not always there.
        let _ = fs::rename(with_suffix(&path, suffix), with_suffix(&aside, suffix));
    }
    let moved = fs::rename(&path, &aside).and_then(|()| fs::rename(draft, &path));
    moved.map_err(|error| place.failed(error))?;
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
