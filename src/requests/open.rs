//! Opening the file, making it when it is not there.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::ListError;
use super::lock::{Lock, private};
use super::schema;

/// The list's file in the state folder.
pub const FILE_NAME: &str = "requests.db";

/// How long another process is waited for. Who adds to the inbox has it for well under a
/// millisecond, and who takes it in has the list for some; whoever holds a file longer must not
/// keep a send.
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

    pub(super) fn failed(&self, error: io::Error) -> ListError {
        ListError::Folder { folder: self.folder.clone(), error }
    }
}

impl RequestsList {
    /// Makes the list when there is none.
    pub(super) fn make(place: &Place) -> Result<(), ListError> {
        if place.file().exists() {
            return Ok(());
        }
        make_folder(&place.folder).map_err(|error| place.failed(error))?;
        let _lock = Lock::take(place)?;
        if place.file().exists() {
            return Ok(());
        }
        // The log of a list that somebody deleted would be taken for the new one's.
        for suffix in ["-wal", "-shm"] {
            let _ = fs::remove_file(with_suffix(&place.file(), suffix));
        }
        let draft = Self::draft(place)?;
        fs::rename(draft, place.file()).map_err(|error| place.failed(error))
    }

    /// Makes a list beside its place, from where it is to be moved there, so that nobody sees half
    /// of it. The lock is held by the caller.
    pub(super) fn draft(place: &Place) -> Result<PathBuf, ListError> {
        let draft = with_suffix(&place.file(), ".new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        // SQLite gives its own further files the same mode.
        private(&mut options).open(&draft).map_err(|error| place.failed(error))?;
        build(&draft).map_err(|error| ListError::new(&place.file(), error))?;
        Ok(draft)
    }

    /// Opens the list for looking at it; `None` when there is none yet.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn open_existing(place: &Place) -> Result<Option<Self>, ListError> {
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
            _ => {
                migrate(&mut db).map_err(failed)?;
                // So that the file itself says which version it is.
                checkpoint(&db);
            }
        }
        Ok(Self { db, path: path.to_owned() })
    }

    /// An error of SQLite's, with the file it is about.
    pub(super) fn failed(&self, error: rusqlite::Error) -> ListError {
        ListError::new(&self.path, error)
    }
}

/// The file beside another whose name goes on like this.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn connect(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(PATIENCE)?;
    // The log stays when a process ends: moving it into the file waits for the disk, and is
    // done when it is worth it.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // Removed requests are overwritten, not only forgotten: they hold personal data.
    db.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON;",
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

fn build(draft: &Path) -> rusqlite::Result<()> {
    let mut db = Connection::open_with_flags(draft, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    db.pragma_update(None, "page_size", PAGE_SIZE)?;
    migrate(&mut db)?;
    // Closing moves the draft's log into the draft and removes it.
    db.close().map_err(|(_, error)| error)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// How large the log may grow before it is moved into the file. Every process that opens the list
/// reads the log, so it is kept small; moving it waits for the disk, so it is not done each time.
const LOG_BYTES: u64 = 256 * 1024;

impl RequestsList {
    /// Moves the log into the file when it has grown. When others are at the list it is left to
    /// them.
    pub(super) fn tidy(&mut self) {
        let log = with_suffix(&self.path, "-wal");
        if fs::metadata(log).is_ok_and(|log| log.len() > LOG_BYTES) {
            let _ = self.db.busy_timeout(Duration::ZERO);
            checkpoint(&self.db);
            let _ = self.db.busy_timeout(PATIENCE);
        }
    }
}

fn checkpoint(db: &Connection) {
    let _ = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
}
