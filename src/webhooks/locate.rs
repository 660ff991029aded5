//! Which file it is.

use std::path::{Path, PathBuf};

/// The file's name, in a project and in the user's configuration folder.
pub const FILE_NAME: &str = "pgwh.toml";

/// Where the file may be; the caller knows the process.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The file that the user named, by flag or environment; then no other is looked for.
    pub named: Option<PathBuf>,
    /// The working directory: the file is looked for in it and in all folders above it.
    pub working: Option<PathBuf>,
    /// The user's configuration folder for pgwh.
    pub user: Option<PathBuf>,
}

/// The file to use; `None` when there is none. A file that was named is not checked here:
/// reading it says what is wrong with it.
pub fn find(places: &Places) -> Option<PathBuf> {
    if let Some(named) = &places.named {
        return Some(named.clone());
    }
    let above = places.working.iter().flat_map(|folder| folder.ancestors());
    above.chain(places.user.as_deref()).map(in_folder).find(|path| path.is_file())
}

fn in_folder(folder: &Path) -> PathBuf {
    folder.join(FILE_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_file_then_the_nearest_above_then_the_users() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        std::fs::create_dir_all(at("project/deep/er")).unwrap();
        std::fs::create_dir_all(at("user")).unwrap();
        let mut places =
            Places { named: None, working: Some(at("project/deep/er")), user: Some(at("user")) };
        assert_eq!(find(&places), None);
        std::fs::write(at("user/pgwh.toml"), "").unwrap();
        assert_eq!(find(&places), Some(at("user/pgwh.toml")));
        std::fs::write(at("project/pgwh.toml"), "").unwrap();
        assert_eq!(find(&places), Some(at("project/pgwh.toml")));
        places.named = Some(at("nowhere.toml"));
        assert_eq!(find(&places), Some(at("nowhere.toml")));
    }
}
