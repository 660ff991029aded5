//! Reading and replacing the text of the webhooks file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::commands::failure::Failure;
use crate::commands::{config, dirs};
use crate::webhooks::{self, Config, FILE_NAME};

/// The file that is to be changed.
pub(super) struct Stored {
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) config: Config,
}

/// The file that is there, or an empty one in the working directory.
pub(super) fn open_or_new(named: Option<&Path>) -> Result<Stored, Failure> {
    let places = dirs::webhooks(named);
    let path = webhooks::find(&places).unwrap_or_else(|| FILE_NAME.into());
    if !path.exists() {
        return Ok(Stored { path, text: String::new(), config: Config::default() });
    }
    open(path)
}

/// The file that is there.
pub(super) fn open_existing(named: Option<&Path>) -> Result<Stored, Failure> {
    match webhooks::find(&dirs::webhooks(named)) {
        Some(path) => open(path),
        None => Err(Failure::new("there is no pgwh.toml here or in a folder above")
            .help("`pgwh webhook add` makes one")),
    }
}

fn open(path: PathBuf) -> Result<Stored, Failure> {
    let config = webhooks::read(&path).map_err(config::explain)?;
    let text = fs::read_to_string(&path)?;
    Ok(Stored { path, text, config })
}

impl Stored {
    /// Puts the new text in place of the old, whole or not at all. It is understood first, so
    /// that no change makes a file that cannot be read again.
    pub(super) fn replace(&self, text: &str) -> Result<Config, Failure> {
        let config = webhooks::read_text(&self.path, text).map_err(config::explain)?;
        self.write(text).map_err(|error| {
            Failure::new(format!("cannot write {}: {error}", self.path.display()))
        })?;
        Ok(config)
    }

    fn write(&self, text: &str) -> io::Result<()> {
        // A link stays a link: what it points to is replaced.
        let path = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let mut draft = path.clone().into_os_string();
        draft.push(".new");
        let mut file = File::create(&draft)?;
        if let Ok(old) = fs::metadata(&path) {
            file.set_permissions(old.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, &path)
    }
}

/// Writes a file that must not be there yet.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::new(format!("{} is there already", path.display()))
                .help("`pgwh webhook add` adds a webhook to it")
        }
        _ => Failure::new(format!("cannot write {}: {error}", path.display())),
    })
}
