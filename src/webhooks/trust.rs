//! Which commands of which pgwh.toml may run. A file that was found by searching may be somebody
//! else's, so its commands run only once the user has trusted them.

use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use sha2::{Digest, Sha256};

use crate::files;
use crate::files::{StateDir, StateDirError};

/// The file in the state folder: a line for each trusted command.
const FILE_NAME: &str = "trusted-commands";

/// Held while the file is replaced.
const LOCK_NAME: &str = "trusted-commands.lock";

/// How long another process is waited for.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// The commands that the user has trusted.
#[derive(Debug)]
pub struct TrustedCommands<'a> {
    dir: &'a StateDir,
}

impl<'a> TrustedCommands<'a> {
    /// Those of this state folder.
    pub fn new(dir: &'a StateDir) -> Self {
        Self { dir }
    }

    /// Whether a command of the file at `path` is trusted. Another command in the same file is
    /// not, nor is the same command in another file.
    ///
    /// # Errors
    /// When the state folder cannot be used.
    pub fn contains(&self, path: &Path, command: &[String]) -> Result<bool, StateDirError> {
        let trusted = self.read()?;
        Ok(trusted.lines().any(|line| line == key(path, command)))
    }

    /// Trusts a command of the file at `path`.
    ///
    /// # Errors
    /// When the state folder cannot be written.
    pub fn add(&self, path: &Path, command: &[String]) -> Result<(), StateDirError> {
        self.dir.create()?;
        let _lock = self.dir.lock(LOCK_NAME, LOCK_TIMEOUT)?;
        if self.contains(path, command)? {
            return Ok(());
        }
        let text = format!("{}{}\n", self.read()?, key(path, command));
        let file = self.dir.file(FILE_NAME);
        files::replace(&file, text.as_bytes()).map_err(|error| self.dir.failed(error))
    }

    fn read(&self) -> Result<String, StateDirError> {
        self.dir.check(&[FILE_NAME])?;
        match fs::read(self.dir.file(FILE_NAME)) {
            // A damaged line trusts nothing.
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(self.dir.failed(error)),
        }
    }
}

/// A hash of a file's path and a command in it, each part with its length before it.
fn key(path: &Path, command: &[String]) -> String {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut hash = Sha256::new();
    let parts = command.iter().map(String::as_bytes);
    for part in std::iter::once(path.as_os_str().as_encoded_bytes()).chain(parts) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_trusted_with_its_file_and_its_words() {
        let folder = tempfile::tempdir().unwrap();
        let dir = StateDir::new(folder.path().join("state"));
        let trusted = TrustedCommands::new(&dir);
        let command = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let pass: Vec<String> = command(&["pass", "show"]);
        let file = Path::new("/project/pgwh.toml");
        assert!(!trusted.contains(file, &pass).unwrap());
        trusted.add(file, &pass).unwrap();
        trusted.add(file, &command(&["other"])).unwrap();
        assert!(trusted.contains(file, &pass).unwrap());
        assert!(!trusted.contains(file, &command(&["pass show"])).unwrap());
        assert!(!trusted.contains(file, &command(&["pass", "show", ""])).unwrap());
        assert!(!trusted.contains(Path::new("/other/pgwh.toml"), &pass).unwrap());
    }
}
