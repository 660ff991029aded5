//! Waiting for a file that another process holds, but not for long.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use super::error::ListError;
use super::open::{PATIENCE, Place};

/// A file that nobody else may use until this is dropped, or its process ends.
#[derive(Debug)]
pub(super) struct Held<'a>(&'a File);

impl<'a> Held<'a> {
    /// Waits for the lock of a file.
    pub(super) fn take(file: &'a File, path: &Path) -> Result<Self, ListError> {
        wait(file, path).map(|()| Self(file))
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // It goes with the file at the latest.
        let _ = self.0.unlock();
    }
}

/// Held while the list is made or replaced.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock.
    pub(super) fn take(place: &Place) -> Result<Self, ListError> {
        let path = place.folder.join("requests.lock");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let file = private(&mut options).open(&path).map_err(|error| place.failed(error))?;
        wait(&file, &path)?;
        Ok(Self { _file: file })
    }
}

/// Files that are made are for their owner alone.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn wait(file: &File, path: &Path) -> Result<(), ListError> {
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(1));
            }
            Err(TryLockError::WouldBlock) => return Err(ListError::Locked(path.to_owned())),
            Err(TryLockError::Error(error)) => {
                let folder = path.parent().unwrap_or(path).to_owned();
                return Err(ListError::Folder { folder, error });
            }
        }
    }
}
