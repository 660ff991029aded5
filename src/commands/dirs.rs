//! Where pgwh keeps and finds its files: only this module reads folders from the environment.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::files::StateDir;
use crate::webhooks::SearchPath;

/// The variable that names the state folder.
const STATE_VARIABLE: &str = "PGWH_STATE_DIR";

/// pgwh's folder within the user's folders.
const FOLDER: &str = "pgwh";

/// The state folder, which holds the requests list; `None` without a home directory.
pub(super) fn state() -> Option<StateDir> {
    let named = std::env::var_os(STATE_VARIABLE).filter(|folder| !folder.is_empty());
    let folder = named.map(PathBuf::from).or_else(|| {
        let user = etcetera::choose_base_strategy().ok()?;
        // Windows has no state folder; its cache folder is the one that stays on the machine.
        Some(user.state_dir().unwrap_or_else(|| user.cache_dir()).join(FOLDER))
    });
    folder.map(StateDir::new)
}

/// Where pgwh.toml may be.
pub(super) fn webhooks(named: Option<&Path>) -> SearchPath {
    SearchPath {
        named: named.filter(|path| !path.as_os_str().is_empty()).map(Path::to_owned),
        working: std::env::current_dir().ok(),
        user: etcetera::choose_base_strategy().ok().map(|user| user.config_dir().join(FOLDER)),
    }
}

/// A path as a person would name it from here.
pub(super) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let below = here.as_deref().and_then(|here| path.strip_prefix(here).ok());
    below.unwrap_or(path).display().to_string()
}
