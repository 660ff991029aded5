//! Finds the pgwh.toml to use.

use std::fs;
use std::path::{Path, PathBuf};

/// The file's name, in a project and in the user's configuration folder.
pub const FILE_NAME: &str = "pgwh.toml";

/// Where the file may be; whoever calls knows the process.
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
}
