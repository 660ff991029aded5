//! The list's SQLite file: created under a lock, opened, set aside when it is damaged, and kept small.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};

use super::{ListError, RequestsList, Warning};
use crate::files::{StateDir, private};
use crate::text::Diagnostic;

/// The list's file in the state folder.
const FILE_NAME: &str = "requests.db";

/// The suffixes of SQLite's own files: the write-ahead log and its index.
const LOG_SUFFIXES: [&str; 2] = ["-wal", "-shm"];

/// Every file of the list in the state folder.
const FILE_NAMES: [&str; 4] = [FILE_NAME, "requests.db-wal", "requests.db-shm", "requests.db.new"];

/// Held while the list is created or replaced.
const LOCK_NAME: &str = "requests.lock";

/// How long another process is waited for. A write takes well under a millisecond; a process that
/// keeps the list longer must not hold up a send.
const LOCK_TIMEOUT: Duration = Duration::from_millis(900);

/// The size at which the write-ahead log is moved into the file, in pages. Every process that opens
/// the list reads the log, so it stays small; moving it waits for the disk, so it is not done often.
const LOG_PAGES: u32 = 100;

/// Marks the file as a requests list: "pgwh" in ASCII.
const APPLICATION_ID: i32 = 0x7067_7768;

/// The version of [`SCHEMA`].
const VERSION: i64 = 3;

/// What turns a list of version 1 into one of version 2, and so on.
const MIGRATIONS: [(i64, &str); 2] =
    [(1, "ALTER TABLE request ADD COLUMN story TEXT"), (2, GAP_TABLE)];

/// The tables of a new list.
const SCHEMA: &str = include_str!("schema.sql");

/// The rows that the user removed one by one. With them the number of rows follows from the oldest
/// and the newest id, and a send need not count them.
const GAP_TABLE: &str = "CREATE TABLE gap (id INTEGER PRIMARY KEY) STRICT;";

impl RequestsList {
    /// Opens the list; `None` when there is none yet. A damaged one is set aside, with a warning, and
    /// a new one is put in its place; `now` is part of the old one's new name.
    ///
    /// # Errors
    /// When there is a list that cannot be read.
    pub fn open(
        dir: &StateDir,
        now: DateTime<Utc>,
    ) -> Result<(Option<Self>, Option<Warning>), ListError> {
        let opened = Self::open_existing(dir).and_then(|list| match list {
            Some(list) => list.check_schema().map(|()| Some(list)),
            None => Ok(None),
        });
        match opened {
            Err(ListError::Corrupt(..)) => {
                let warning = Self::quarantine(dir, now)?;
                Ok((Self::open_existing(dir)?, warning))
            }
            other => Ok((other?, None)),
        }
    }

    /// Opens the list, which is created if missing.
    ///
    /// # Errors
    /// When it cannot be created or opened.
    pub(super) fn open_or_create(dir: &StateDir) -> Result<Self, ListError> {
        dir.create()?;
        if let Some(list) = Self::open_existing(dir)? {
            return Ok(list);
        }
        let path = dir.file(FILE_NAME);
        {
            let _lock = dir.lock(LOCK_NAME, LOCK_TIMEOUT)?;
            if is_missing(&path) {
                // SQLite would apply the log of a list that somebody deleted to the new one.
                for suffix in LOG_SUFFIXES {
                    let _ = fs::remove_file(with_suffix(&path, suffix));
                }
                let draft = create_draft(dir)?;
                fs::rename(draft, &path).map_err(|error| dir.failed(error))?;
            }
        }
        Self::open_existing(dir)?
            .ok_or_else(|| dir.failed(std::io::Error::from(std::io::ErrorKind::NotFound)).into())
    }

    /// Renames a damaged list, with its log, creates a new one, and returns a warning with the old
    /// one's new name; `None` when another process has done so.
    pub(super) fn quarantine(
        dir: &StateDir,
        now: DateTime<Utc>,
    ) -> Result<Option<Warning>, ListError> {
        let _lock = dir.lock(LOCK_NAME, LOCK_TIMEOUT)?;
        match Self::open_existing(dir).and_then(|list| list.map_or(Ok(()), |list| list.check())) {
            Err(ListError::Corrupt(..)) => {}
            other => return other.map(|()| None),
        }
        let path = dir.file(FILE_NAME);
        let moved_to = quarantine_name(&path, now);
        let draft = create_draft(dir)?;
        for suffix in LOG_SUFFIXES {
            // The log may hold what the file has lost. It does not always exist.
            let _ = fs::rename(with_suffix(&path, suffix), with_suffix(&moved_to, suffix));
        }
        let moved = fs::rename(&path, &moved_to).and_then(|()| fs::rename(draft, &path));
        moved.map_err(|error| dir.failed(error))?;
        let message = format!("the requests list {} is damaged", path.display());
        let help = format!("it was set aside as {}; a new one is used", moved_to.display());
        let diagnostic = Diagnostic::new(message).help(help);
        Ok(Some(Warning { diagnostic, is_unrecorded: false }))
    }

    /// Opens the list; `None` when there is none yet.
    fn open_existing(dir: &StateDir) -> Result<Option<Self>, ListError> {
        let path = dir.file(FILE_NAME);
        dir.check(&FILE_NAMES)?;
        if is_missing(&path) {
            return Ok(None);
        }
        match Self::open_file(&path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
            Err(ListError::ReadOnly(..)) => {
                Self::open_file(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).map(Some)
            }
            other => other.map(Some),
        }
    }

    fn open_file(path: &Path, access: OpenFlags) -> Result<Self, ListError> {
        let path = path.to_owned();
        match connect(&path, access) {
            Ok((db, APPLICATION_ID, VERSION)) => Ok(Self { db, path }),
            Ok((mut db, APPLICATION_ID, 1..VERSION)) => match migrate(&mut db) {
                Ok(()) => Ok(Self { db, path }),
                Err(error) => Err(ListError::new(&path, error)),
            },
            Ok((_, APPLICATION_ID, version)) => Err(ListError::Newer(path, version)),
            Ok(_) => Err(ListError::Foreign(path)),
            Err(error) => Err(ListError::new(&path, error)),
        }
    }

    /// The path of its file, which may have been removed or replaced meanwhile.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads a little of every table, which a file damaged beyond its first page does not survive.
    fn check_schema(&self) -> Result<(), ListError> {
        let sql = "SELECT (SELECT max(id) FROM request), (SELECT max(request) FROM content), \
                   (SELECT max(request) FROM attempt)";
        self.db.query_row(sql, [], |_| Ok(())).map_err(|error| self.failed(error))
    }

    /// Checks the whole file.
    fn check(&self) -> Result<(), ListError> {
        let found: rusqlite::Result<String> =
            self.db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
        match found {
            Ok(result) if result == "ok" => Ok(()),
            Ok(result) => {
                let error = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
                Err(self.failed(rusqlite::Error::SqliteFailure(error, Some(result))))
            }
            Err(error) => Err(self.failed(error)),
        }
    }
}

/// Whether a path has no list; an empty file does not count as one.
fn is_missing(path: &Path) -> bool {
    match fs::metadata(path) {
        Ok(file) => file.is_file() && file.len() == 0,
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Opens a connection; returns it with the file's application id and the version of its schema.
fn connect(path: &Path, access: OpenFlags) -> rusqlite::Result<(Connection, i32, i64)> {
    let db = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(LOCK_TIMEOUT)?;
    // The log stays when a process ends: moving it into the file waits for the disk.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // NORMAL: a commit does not wait for the disk, and a power cut costs the newest rows at most.
    // Removed requests are overwritten, as they hold personal data.
    db.execute_batch(&format!(
        "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = {LOG_PAGES}; \
         PRAGMA secure_delete = ON;"
    ))?;
    let (application_id, version) = db.query_row(
        "SELECT application_id, user_version FROM pragma_application_id, pragma_user_version",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok((db, application_id, version))
}

/// Turns an older list into one of this version, unless another process has done so.
fn migrate(db: &mut Connection) -> rusqlite::Result<()> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let sql = "SELECT user_version FROM pragma_user_version";
    let version: i64 = transaction.query_row(sql, [], |row| row.get(0))?;
    for (_, sql) in MIGRATIONS.iter().filter(|(from, _)| *from >= version) {
        transaction.execute_batch(sql)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// Creates an empty list under another name, to be renamed, so that no process sees half of one. The
/// lock must be held.
fn create_draft(dir: &StateDir) -> Result<PathBuf, ListError> {
    let draft = with_suffix(&dir.file(FILE_NAME), ".new");
    // SQLite gives the log the same permissions.
    let file = private().write(true).create(true).truncate(true).open(&draft);
    drop(file.map_err(|error| dir.failed(error))?);
    let build = || {
        let db = Connection::open_with_flags(&draft, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        // Once, here: to change the journal mode of a list that others use fails at once.
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "application_id", APPLICATION_ID)?;
        db.pragma_update(None, "user_version", VERSION)?;
        db.execute_batch(SCHEMA)?;
        db.execute_batch(GAP_TABLE)?;
        // Closing moves the draft's log into the draft and removes it.
        db.close().map_err(|(_, error)| error)
    };
    build().map_err(|error| ListError::new(&draft, error))?;
    Ok(draft)
}

fn quarantine_name(path: &Path, now: DateTime<Utc>) -> PathBuf {
    let stamp = now.format("%Y%m%dT%H%M%S");
    let name = |n: u32| match n {
        0 => with_suffix(path, &format!(".damaged-{stamp}")),
        n => with_suffix(path, &format!(".damaged-{stamp}-{n}")),
    };
    (0..).map(name).find(|name| !name.exists()).unwrap_or_else(|| name(0))
}

/// How many requests are kept, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The number of requests that are kept, the newest.
    pub keep: u32,
    /// The age up to which they are kept.
    pub older_than: Duration,
}

/// The most requests that one send removes: after a change of the limits there may be many, and a
/// send does not wait for all of them.
pub(super) const MAX_PER_SEND: i64 = 1000;

impl Default for Retention {
    /// The newest 1000, for 30 days (our choice: PGM's limits are not documented).
    fn default() -> Self {
        Self { keep: 1000, older_than: Duration::from_secs(30 * 24 * 60 * 60) }
    }
}

impl RequestsList {
    /// Removes what is beyond the limits and shrinks the file. Returns the numbers of requests that
    /// were removed and that remain.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn prune(
        &mut self,
        retention: &Retention,
        now: DateTime<Utc>,
    ) -> Result<(u64, u64), ListError> {
        let pruned = prune(&mut self.db, retention, now).map_err(|error| self.failed(error))?;
        // Fails when others use the file; the next prune shrinks it then.
        let _ = self.db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
        Ok(pruned)
    }
}

fn prune(
    db: &mut Connection,
    retention: &Retention,
    now: DateTime<Utc>,
) -> rusqlite::Result<(u64, u64)> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let newest = "SELECT max(id) FROM request";
    let newest: Option<i64> = transaction.query_row(newest, [], |row| row.get(0))?;
    let removed = match newest {
        Some(newest) => prune_oldest(&transaction, retention, now, newest, i64::MAX)?,
        None => 0,
    };
    let remaining: i64 =
        transaction.query_row("SELECT count(*) FROM request", [], |row| row.get(0))?;
    transaction.commit()?;
    Ok((removed, remaining.unsigned_abs()))
}

/// Removes the oldest requests that are beyond the limits, no more than `max_removed`; `newest` is
/// the newest row. Costs one lookup when there is nothing to remove.
pub(super) fn prune_oldest(
    db: &Connection,
    retention: &Retention,
    now: DateTime<Utc>,
    newest: i64,
    max_removed: i64,
) -> rusqlite::Result<u64> {
    let sql = "SELECT id, created_at FROM request ORDER BY id LIMIT 1";
    let (oldest, created_at): (i64, i64) =
        db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let cutoff = cutoff(retention.older_than, now);
    let is_old = created_at < cutoff;
    let first_young = if is_old { first_since(db, cutoff)?.unwrap_or(newest + 1) } else { oldest };
    let excess = excess(db, oldest, newest, retention.keep)?;
    let first_kept = if excess > 0 { nth_row(db, excess)?.unwrap_or(newest + 1) } else { oldest };
    let end = first_kept.max(first_young).min(oldest.saturating_add(max_removed));
    if end <= oldest {
        return Ok(0);
    }
    db.execute("DELETE FROM attempt WHERE request < ?1", params![end])?;
    db.execute("DELETE FROM content WHERE request < ?1", params![end])?;
    db.execute("DELETE FROM gap WHERE id < ?1", params![end])?;
    let removed = db.execute("DELETE FROM request WHERE id < ?1", params![end])?;
    Ok(removed as u64)
}

/// How many rows there are beyond the number that is kept.
fn excess(db: &Connection, oldest: i64, newest: i64, keep: u32) -> rusqlite::Result<i64> {
    let excess = newest - oldest + 1 - i64::from(keep);
    if excess <= 0 {
        return Ok(0);
    }
    let sql = "SELECT count(*) FROM gap WHERE id > ?1";
    let gaps: i64 = db.query_row(sql, params![oldest], |row| row.get(0))?;
    Ok(excess - gaps)
}

/// The row that `n` older ones come before.
fn nth_row(db: &Connection, n: i64) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT id FROM request ORDER BY id LIMIT 1 OFFSET ?1";
    db.query_row(sql, params![n], |row| row.get(0)).optional()
}

fn cutoff(age: Duration, now: DateTime<Utc>) -> i64 {
    let age = TimeDelta::from_std(age).unwrap_or(TimeDelta::MAX);
    now.checked_sub_signed(age).unwrap_or(DateTime::<Utc>::MIN_UTC).timestamp_millis()
}

/// The first row that was created at or after `cutoff`. Reads from the oldest on, and so only past
/// what is to be removed. A request that seems old but follows a newer one (the clock was set back)
/// stays until that one goes.
fn first_since(db: &Connection, cutoff: i64) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT id FROM request WHERE created_at >= ?1 ORDER BY id LIMIT 1";
    db.query_row(sql, params![cutoff], |row| row.get(0)).optional()
}

/// The file beside `path` whose name continues with `suffix`.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
