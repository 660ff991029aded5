//! The clock, randomness, the environment and the user's folders. Only this file reads them;
//! everything below the commands gets times, ids, seeds and paths passed in.
#![allow(clippy::disallowed_methods)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use etcetera::BaseStrategy;
use uuid::Uuid;

use crate::delivery::Clock;
use crate::files::StateDir;
use crate::pgm::RequestId;
use crate::webhooks::SearchPath;

/// The variable that names the state folder.
const STATE_VARIABLE: &str = "PGWH_STATE_DIR";

/// pgwh's folder within the user's folders.
const FOLDER: &str = "pgwh";

/// The time now.
pub(super) fn now() -> DateTime<Utc> {
    DateTime::from(std::time::SystemTime::now())
}

/// The wall clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> DateTime<Utc> {
        now()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// A new request id: a random UUID.
pub(super) fn new_request_id() -> RequestId {
    RequestId::from(Uuid::new_v4())
}

/// A new key: 64 random hex digits, but for the few fixed bits of two UUIDs.
pub(super) fn random_key() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// A new seed.
pub(super) fn random_seed() -> u64 {
    let (high, low) = Uuid::new_v4().as_u64_pair();
    // The fixed bits of one half meet random bits of the other.
    high ^ low.rotate_left(32)
}

/// The value of an environment variable.
pub(super) fn env(name: &str) -> Option<Vec<u8>> {
    std::env::var_os(name).map(std::ffi::OsString::into_encoded_bytes)
}

/// The state folder, which holds the requests list; `None` without a home directory.
pub(super) fn state_dir() -> Option<StateDir> {
    let named = std::env::var_os(STATE_VARIABLE).filter(|folder| !folder.is_empty());
    let folder = named.map(PathBuf::from).or_else(|| {
        let user = etcetera::choose_base_strategy().ok()?;
        // Windows has no state folder; its cache folder is the one that stays on the machine.
        Some(user.state_dir().unwrap_or_else(|| user.cache_dir()).join(FOLDER))
    });
    folder.map(StateDir::new)
}

/// Where pgwh.toml may be.
pub(super) fn webhooks_search(named: Option<&Path>) -> SearchPath {
    SearchPath {
        named: named.map(Path::to_owned),
        working: std::env::current_dir().ok(),
        user: etcetera::choose_base_strategy().ok().map(|user| user.config_dir().join(FOLDER)),
    }
}

/// A path as a person would name it from here.
pub(super) fn shown_path(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let below = here.as_deref().and_then(|here| path.strip_prefix(here).ok());
    below.unwrap_or(path).display().to_string()
}
