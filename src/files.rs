//! Files that may hold personal data or secrets, and the text of system errors.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
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

/// The file beside `path` whose name continues with `suffix`.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Locks the file at `path`, which is created if missing. The lock ends when the returned file is
/// dropped, or with the process.
///
/// # Errors
/// [`io::ErrorKind::WouldBlock`] when another process held it for all of `timeout`; any other
/// kind when the file cannot be opened or locked.
pub fn lock(path: &Path, timeout: Duration) -> io::Result<File> {
    let file = private().write(true).create(true).truncate(false).open(path)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if start.elapsed() < timeout => {
                std::thread::sleep(LOCK_INTERVAL);
            }
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
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
    if let Ok(old) = fs::metadata(&path) {
        file.set_permissions(old.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, &path)
}

/// Makes the creation or renaming of `path` durable: syncs its folder. Only Unix systems need it.
///
/// # Errors
/// When the folder cannot be opened or synced.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// What a system error says, without its number: "No such file or directory".
pub fn error_text(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error ").map_or(&*text, |(words, _)| words).to_owned()
}
