//! Opening the file, making it when it is not there.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::aside::Lock;
use super::error::ListError;
use super::schema;

/// The list's file in the state folder.
pub const FILE_NAME: &str = "requests.db";

/// How long another writer is waited for. A write takes well under a millisecond, so this is
/// for dozens of them; whoever holds the file longer must not keep a send.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);

/// Smaller pages than SQLite's 4096: a request changes half a dozen pages by a few hundred
/// bytes each, and every changed page goes to the log, and from there to the disk, as a whole.
const PAGE_SIZE: u32 = 1024;

/// The folder of the list and the file in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The state folder.
    pub folder: PathBuf,
}

/// An open requests list.
#[derive(Debug)]
pub struct RequestsList {
    pub(super) db: Connection,
    pub(super) path: PathBuf,
}

impl Place {
    /// The list's file.
    pub fn file(&self) -> PathBuf {
        self.folder.join(FILE_NAME)
    }
}

impl RequestsList {
    /// Opens the list, making its folder and its file when they are not there.
    ///
    /// # Errors
    /// When it cannot be written, is damaged, or is of a newer pgwh.
    pub fn open(place: &Place) -> Result<Self, ListError> {
        let path = place.file();
        match Self::open_file(&path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
            Err(ListError::ReadOnly { .. }) if !path.exists() => {
                create(place)?;
                Self::open_file(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            }
            other => other,
        }
    }

    /// Opens the list for looking at it; `None` when there is none yet.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open_existing(place: &Place) -> Result<Option<Self>, ListError> {
        let path = place.file();
        if !path.exists() {
            return Ok(None);
        }
        match Self::open_file(&path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
            Err(ListError::ReadOnly { .. }) => {
                Self::open_file(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).map(Some)
            }
            other => other.map(Some),
        }
    }

    fn open_file(path: &Path, access: OpenFlags) -> Result<Self, ListError> {
        let failed = |error| ListError::new(path, error);
        let mut db = connect(path, access).map_err(failed)?;
        match schema::version(&db).map_err(failed)? {
            schema::VERSION => {}
            version if version > schema::VERSION => {
                return Err(ListError::Newer { path: path.to_owned(), version });
            }
            0 if has_tables(&db).map_err(failed)? => {
                return Err(ListError::Foreign(path.to_owned()));
            }
            _ => migrate(&mut db).map_err(failed)?,
        }
        Ok(Self { db, path: path.to_owned() })
    }

    /// An error of SQLite's, with the file it is about.
    pub(super) fn failed(&self, error: rusqlite::Error) -> ListError {
        ListError::new(&self.path, error)
    }
}

fn connect(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(PATIENCE)?;
    // The log stays when a process ends: moving it into the file waits for the disk, and is
    // done when it is worth it.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // Removed requests are overwritten, not only forgotten: they hold personal data.
    db.execute_batch(
        "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON;",
    )?;
    Ok(db)
}

fn migrate(db: &mut Connection) -> rusqlite::Result<()> {
    db.pragma_update(None, "journal_mode", "WAL")?;
    schema::migrate(db)
}

fn has_tables(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))
}

/// Makes the file beside its place and then moves it there, so that nobody sees half of it.
fn create(place: &Place) -> Result<(), ListError> {
    make_folder(&place.folder)
        .map_err(|error| ListError::Folder { folder: place.folder.clone(), error })?;
    let _lock = Lock::take(place, PATIENCE)?;
    let path = place.file();
    if path.exists() {
        return Ok(());
    }
    for suffix in ["-wal", "-shm"] {
        // The log of a list that somebody deleted: it would be taken for the new one's.
        let _ = fs::remove_file(place.folder.join(format!("{FILE_NAME}{suffix}")));
    }
    let draft = place.folder.join(format!("{FILE_NAME}.new"));
    let folder_failed = |error| ListError::Folder { folder: place.folder.clone(), error };
    make_private(&draft).map_err(folder_failed)?;
    build(&draft).map_err(|error| ListError::new(&path, error))?;
    fs::rename(&draft, &path).map_err(folder_failed)
}

fn build(draft: &Path) -> rusqlite::Result<()> {
    let mut db = Connection::open_with_flags(draft, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    db.pragma_update(None, "page_size", PAGE_SIZE)?;
    migrate(&mut db)?;
    // Closing moves the draft's log into the draft and removes it.
    db.close().map_err(|(_, error)| error)
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// An empty file for its owner alone; SQLite gives its own further files the same mode.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// How large the log may grow before it is moved into the file. Every process that opens the
/// list reads the log, so it is kept small; moving it waits for the disk, so it is not done for
/// every request.
const LOG_BYTES: u64 = 256 * 1024;

impl RequestsList {
    /// Moves the log into the file when it has grown. It waits for the disk, so it is for when
    /// the answer is already shown; when others are at the list it is left to them.
    pub fn tidy(&mut self) {
        let log = self.path.with_extension("db-wal");
        if fs::metadata(log).is_ok_and(|log| log.len() > LOG_BYTES) {
            let _ = self.db.busy_timeout(Duration::ZERO);
            let _ = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            let _ = self.db.busy_timeout(PATIENCE);
        }
    }
}
