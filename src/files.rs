//! Files that may hold personal data or secrets, the folder in which pgwh keeps what it must remember
//! between runs, and the text of system errors.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Pause between two tries to lock a file.
const LOCK_INTERVAL: Duration = Duration::from_millis(1);

/// Options that create a file for its owner alone (mode 0600 on Unix). How the file is opened is
/// still to be set.
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes a file that must not exist yet, created with these options, whole or not at all.
///
/// # Errors
/// When the file exists ([`ErrorKind::AlreadyExists`]) or cannot be written.
pub fn write_new(mut options: OpenOptions, path: &Path, text: &str) -> io::Result<()> {
    let mut file = options.write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes()).inspect_err(|_| drop(fs::remove_file(path)))
}

/// Reads a regular file of at most `max` bytes. A pipe or a device, which may never end, is refused.
///
/// # Errors
/// When it is not a regular file, is longer, or cannot be read.
pub fn read_regular(path: &Path, max: u64) -> io::Result<Vec<u8>> {
    let file = open_without_waiting(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut bytes = Vec::new();
    file.take(max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max {
        return Err(io::Error::new(
            ErrorKind::FileTooLarge,
            format!("it has more than {max} bytes"),
        ));
    }
    Ok(bytes)
}

/// Opens a file to be read. A pipe in its place is not waited for.
///
/// # Errors
/// When it cannot be opened.
pub fn open_without_waiting(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, nonblocking());
    options.read(true).open(path)
}

/// The flag with which opening a pipe does not wait for its other end.
#[cfg(unix)]
pub fn nonblocking() -> i32 {
    i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default()
}

/// Replaces a file by way of a new one beside it, so that no reader sees half of it. The permissions
/// of an existing file stay; a new one is for its owner alone. Two processes must not replace the
/// same file at once.
///
/// # Errors
/// When the new file cannot be written or renamed.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link: the file that it points to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    let new = path.with_file_name(name);
    let mut file = private().write(true).create(true).truncate(true).open(&new)?;
    let written = (|| {
        if let Ok(old) = fs::metadata(&path) {
            file.set_permissions(old.permissions())?;
        }
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, &path)
    })();
    written.inspect_err(|_| drop(fs::remove_file(&new)))
}

/// What a system error says, without its number: "No such file or directory".
pub fn error_text(error: impl fmt::Display) -> String {
    let text = error.to_string();
    text.split_once(" (os error ").map_or(&*text, |(words, _)| words).to_owned()
}

/// The state folder: it holds the requests list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateDir {
    folder: PathBuf,
}

/// Why the state folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateDirError {
    /// The folder, or a file in it, cannot be read or created.
    #[error("cannot read or write in {}: {}", .0.display(), error_text(.1))]
    Io(PathBuf, io::Error),
    /// Other users could replace the files in it.
    #[error("other users can write in {}", .0.display())]
    WritableByOthers(PathBuf),
    /// A file in it is a symbolic link, which could lead anywhere.
    #[error("{} is a symbolic link", .0.display())]
    Link(PathBuf),
    /// A file in it is a folder, a pipe or a device, which could block for ever.
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// Another process held the folder's lock for longer than pgwh waits.
    #[error("another process has locked {}", .0.display())]
    Locked(PathBuf),
}

impl StateDir {
    /// A state folder at this path; nothing is read or created yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The path of a file in the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Creates the folder, for its owner alone, unless it exists; checks it in any case.
    ///
    /// # Errors
    /// When it cannot be created, or [`check`](Self::check) refuses it.
    pub fn create(&self) -> Result<(), StateDirError> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder).map_err(|error| self.failed(error))?;
        self.check(&[])
    }

    /// Checks that nobody else can write in the folder, if it exists, and that the files of these
    /// names in it are regular files where they exist. The path that leads to the folder may have
    /// links.
    ///
    /// # Errors
    /// When either is so.
    pub fn check(&self, names: &[&str]) -> Result<(), StateDirError> {
        if fs::metadata(&self.folder).is_ok_and(|folder| is_writable_by_others(&folder)) {
            return Err(StateDirError::WritableByOthers(self.folder.clone()));
        }
        for path in names.iter().map(|name| self.file(name)) {
            match fs::symlink_metadata(&path) {
                Ok(file) if file.is_symlink() => return Err(StateDirError::Link(path)),
                Ok(file) if !file.is_file() => return Err(StateDirError::NotAFile(path)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Locks a file of this name in the folder, which must exist; the file is created if missing. The
    /// lock ends when the returned file is dropped, or with the process.
    ///
    /// # Errors
    /// When another process keeps the lock for all of `timeout`, or the file cannot be created.
    pub fn lock(&self, name: &str, timeout: Duration) -> Result<File, StateDirError> {
        self.check(&[name])?;
        let path = self.file(name);
        let file = private().write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|error| self.failed(error))?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if start.elapsed() < timeout => {
                    std::thread::sleep(LOCK_INTERVAL);
                }
                Err(TryLockError::WouldBlock) => return Err(StateDirError::Locked(path)),
                Err(TryLockError::Error(error)) => return Err(self.failed(error)),
            }
        }
    }

    /// An error of the system about the folder.
    pub fn failed(&self, error: io::Error) -> StateDirError {
        StateDirError::Io(self.folder.clone(), error)
    }
}

impl StateDirError {
    /// What the user can do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Io(_, error) if is_disk_full(error) => DISK_FULL_HELP.to_owned(),
            Self::Io(..) => "make the folder writable, or set PGWH_STATE_DIR to another".to_owned(),
            Self::WritableByOthers(folder) => format!(
                "`chmod go-w {}`, or set PGWH_STATE_DIR to a folder of your own",
                folder.display()
            ),
            Self::Link(_) | Self::NotAFile(_) => {
                "remove it, or set PGWH_STATE_DIR to another folder".to_owned()
            }
            Self::Locked(_) => "stop the process that holds the lock, if it hangs".to_owned(),
        }
    }
}

/// What to do when there is no room for a file of the state folder.
pub const DISK_FULL_HELP: &str = "free some space there, or set PGWH_STATE_DIR to another folder";

fn is_disk_full(error: &io::Error) -> bool {
    use ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), FileTooLarge | QuotaExceeded | StorageFull)
}

/// Whether somebody else than this process's user and root can write in a folder.
#[cfg(unix)]
fn is_writable_by_others(folder: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    folder.mode() & 0o022 != 0 || (folder.uid() != user && folder.uid() != 0)
}

#[cfg(not(unix))]
fn is_writable_by_others(_: &fs::Metadata) -> bool {
    false
}
