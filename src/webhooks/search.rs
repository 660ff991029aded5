//! Which pgwh.toml is used, and which of its commands may run. A file that was found by searching
//! may be somebody else's, so its commands run only once the user has trusted them.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use sha2::{Digest, Sha256};

use crate::files::{self, StateDir, StateDirError};

/// The file's name, in a project and in the user's configuration folder.
pub const FILE_NAME: &str = "pgwh.toml";

/// Where the file may be. The caller fills it in, as only the commands read the environment.
#[derive(Debug, Clone, Default)]
pub struct SearchPath {
    /// The file that the user named, by flag or environment; then no other is searched for.
    pub named: Option<PathBuf>,
    /// The working folder: it and all folders above it are searched.
    pub working: Option<PathBuf>,
    /// The user's configuration folder for pgwh.
    pub user: Option<PathBuf>,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchResult {
    /// The file to use; `None` when there is none.
    pub path: Option<PathBuf>,
    /// Files above the working folder that were passed over, as somebody else may have put them
    /// there: writable by all, or owned by another user than this one and root.
    pub passed_over: Vec<PathBuf>,
}

/// Finds the file to use. A file that was named is not checked here: reading it says what is wrong
/// with it.
pub fn find(places: &SearchPath) -> SearchResult {
    if places.named.is_some() {
        return SearchResult { path: places.named.clone(), passed_over: Vec::new() };
    }
    let mut passed_over = Vec::new();
    let folders = places.working.iter().flat_map(|folder| folder.ancestors());
    for (n, folder) in folders.enumerate() {
        let path = folder.join(FILE_NAME);
        match path.is_file() {
            true if n > 0 && is_foreign(&path) => passed_over.push(path),
            true => return SearchResult { path: Some(path), passed_over },
            false => {}
        }
    }
    let user = places.user.as_deref().map(|folder| folder.join(FILE_NAME));
    SearchResult { path: user.filter(|path| path.is_file()), passed_over }
}

/// Whether somebody else than this process's user and root may have written a file, or the link
/// that leads to it.
#[cfg(unix)]
fn is_foreign(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    let is_others = |file: &fs::Metadata| file.uid() != user && file.uid() != 0;
    // The permissions of a link itself mean nothing.
    fs::symlink_metadata(path).is_ok_and(|link| is_others(&link))
        || fs::metadata(path).is_ok_and(|file| is_others(&file) || file.mode() & 0o002 != 0)
}

#[cfg(not(unix))]
fn is_foreign(_: &Path) -> bool {
    false
}

/// The file in the state folder: a line for each trusted command.
const TRUST_FILE: &str = "trusted-commands";

/// Held while the file is replaced.
const TRUST_LOCK: &str = "trusted-commands.lock";

/// How long another process is waited for.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// Whether the user has trusted a command of the file at `path`. Another command in the same file
/// is not trusted with it, nor is the same command in another file.
///
/// # Errors
/// When the state folder cannot be used.
pub fn is_trusted(dir: &StateDir, path: &Path, command: &[String]) -> Result<bool, StateDirError> {
    Ok(trusted_keys(dir)?.lines().any(|line| line == key(path, command)))
}

/// Trusts a command of the file at `path`.
///
/// # Errors
/// When the state folder cannot be written.
pub fn trust(dir: &StateDir, path: &Path, command: &[String]) -> Result<(), StateDirError> {
    dir.create()?;
    let _lock = dir.lock(TRUST_LOCK, LOCK_TIMEOUT)?;
    if is_trusted(dir, path, command)? {
        return Ok(());
    }
    let text = format!("{}{}\n", trusted_keys(dir)?, key(path, command));
    files::replace(&dir.file(TRUST_FILE), text.as_bytes()).map_err(|error| dir.failed(error))
}

fn trusted_keys(dir: &StateDir) -> Result<String, StateDirError> {
    dir.check(&[TRUST_FILE])?;
    match fs::read(dir.file(TRUST_FILE)) {
        // A damaged line trusts nothing.
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(dir.failed(error)),
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
    fn the_named_file_then_the_nearest_above_then_the_users() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        fs::create_dir_all(at("project/deep/er")).unwrap();
        fs::create_dir_all(at("user")).unwrap();
        let mut places = SearchPath {
            named: None,
            working: Some(at("project/deep/er")),
            user: Some(at("user")),
        };
        assert_eq!(find(&places), SearchResult::default());
        fs::write(at("user/pgwh.toml"), "").unwrap();
        assert_eq!(find(&places).path, Some(at("user/pgwh.toml")));
        fs::write(at("project/pgwh.toml"), "").unwrap();
        assert_eq!(find(&places).path, Some(at("project/pgwh.toml")));
        places.named = Some(at("nowhere.toml"));
        assert_eq!(find(&places).path, Some(at("nowhere.toml")));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_above_that_all_can_write_is_passed_over() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let (file, below) = (root.path().join("pgwh.toml"), root.path().join("below"));
        fs::create_dir(&below).unwrap();
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        let search = |folder: &Path| {
            find(&SearchPath { working: Some(folder.to_owned()), ..SearchPath::default() })
        };
        let found = search(&below);
        assert_eq!((found.path, found.passed_over), (None, vec![file.clone()]));
        // In the working folder itself it is what the user sees and means.
        assert_eq!(search(root.path()).path, Some(file));
    }

    #[test]
    fn a_command_is_trusted_with_its_file_and_its_words() {
        let folder = tempfile::tempdir().unwrap();
        let dir = StateDir::new(folder.path().join("state"));
        let command = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let pass: Vec<String> = command(&["pass", "show"]);
        let file = Path::new("/project/pgwh.toml");
        assert!(!is_trusted(&dir, file, &pass).unwrap());
        trust(&dir, file, &pass).unwrap();
        trust(&dir, file, &command(&["other"])).unwrap();
        assert!(is_trusted(&dir, file, &pass).unwrap());
        assert!(!is_trusted(&dir, file, &command(&["pass show"])).unwrap());
        assert!(!is_trusted(&dir, file, &command(&["pass", "show", ""])).unwrap());
        assert!(!is_trusted(&dir, Path::new("/other/pgwh.toml"), &pass).unwrap());
    }
}
