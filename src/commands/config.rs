//! pgwh.toml and the state folder, for every command that uses them.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueHint};

use super::error::CliError;
use super::system;
use crate::cli::path_or_nothing;
use crate::files::{StateDir, StateDirError};
use crate::report::{Output, escape};
use crate::requests::{ListError, Retention};
use crate::text::{Diagnostic, nearest};
use crate::toml_file::TomlFileError;
use crate::webhooks::{self, Config, SecretSource, Webhook};

/// The lock in the state folder that is held while a pgwh.toml is changed.
const LOCK_NAME: &str = "webhooks.lock";

/// How long other processes that change a pgwh.toml are waited for.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// Which pgwh.toml to use.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Configuration")]
pub(super) struct ConfigArgs {
    /// Use this pgwh.toml
    ///
    /// The default is the one in this folder or the nearest folder above it, else the one in your
    /// configuration folder.
    #[arg(
        long,
        value_name = "FILE",
        env = "PGWH_CONFIG",
        hide_short_help = true,
        value_parser = path_or_nothing(),
        value_hint = ValueHint::FilePath,
    )]
    config: Option<PathBuf>,
}

impl ConfigArgs {
    /// Reads pgwh.toml; without one, the configuration is empty.
    pub fn load(&self, output: &mut Output) -> Result<Config, CliError> {
        let found = webhooks::find(&system::webhooks_search(self.named()));
        for path in &found.passed_over {
            let message =
                format!("{} is not used: other users can write it", system::shown_path(path));
            output.warn(Diagnostic::new(message).help("--config FILE uses it all the same"));
        }
        let Some(path) = found.path else { return Ok(Config::default()) };
        let config = webhooks::read(&path).map_err(explain)?;
        for error in &config.warnings {
            output.warn(Diagnostic { message: error.to_string(), help: error.help.clone() });
        }
        Ok(Config { is_named: self.named().is_some(), ..config })
    }

    /// The same without warnings, for those who read it again and again.
    pub fn read(&self) -> Result<Config, CliError> {
        let Some(path) = self.path() else { return Ok(Config::default()) };
        let config = webhooks::read(&path).map_err(explain)?;
        Ok(Config { is_named: self.named().is_some(), ..config })
    }

    /// The path of pgwh.toml, which may not exist yet where it is named.
    pub fn path(&self) -> Option<PathBuf> {
        webhooks::find(&system::webhooks_search(self.named())).path
    }

    fn named(&self) -> Option<&Path> {
        self.config.as_deref().filter(|path| !path.as_os_str().is_empty())
    }
}

/// The webhook of this name.
pub(super) fn webhook<'a>(config: &'a Config, name: &str) -> Result<&'a Webhook, CliError> {
    config.webhook(name).ok_or_else(|| unknown(config, name))
}

/// Without a URL, there has to be a webhook.
pub(super) fn some_webhook(config: &Config) -> Result<(), CliError> {
    if !config.webhooks.is_empty() {
        return Ok(());
    }
    let error = match &config.path {
        Some(path) => CliError::new(format!("no --url, and {} has no webhook", path.display())),
        None => CliError::new("no --url, and no pgwh.toml with webhooks"),
    };
    Err(error
        .help("send to a URL with --url, for example --url http://localhost:3000/pgm")
        .help("or store a URL with its secret and events: `pgwh webhook add`"))
}

fn unknown(config: &Config, name: &str) -> CliError {
    let known: Vec<_> = config.webhooks.iter().map(|webhook| webhook.name.as_str()).collect();
    let name = escape(name);
    let add = "`pgwh webhook add NAME --url URL --secret-env VARIABLE`";
    match (&config.path, known.is_empty()) {
        (None, _) => CliError::new(format!("there is no webhook {name:?}: there is no pgwh.toml"))
            .help(format!("{add} creates one")),
        (Some(_), true) => {
            CliError::new(format!("there is no webhook {name:?}: {} has none at all", file(config)))
                .help(format!("{add} adds one"))
        }
        (Some(_), false) => {
            let error = CliError::new(format!("there is no webhook {name:?} in {}", file(config)));
            error
                .suggest(nearest(&name, &known))
                .help(format!("the webhooks are {}", known.join(", ")))
        }
    }
}

/// The file, for messages.
pub(super) fn file(config: &Config) -> String {
    match &config.path {
        Some(path) => escape(&system::shown_path(path)),
        None => webhooks::FILE_NAME.to_owned(),
    }
}

/// What is wrong with the file, as an error of a command.
pub(super) fn explain(error: TomlFileError) -> CliError {
    let message = error.to_string();
    CliError(Diagnostic { message, help: error.help })
}

/// How much the requests list keeps.
pub(super) fn retention(config: &Config) -> Retention {
    let default = Retention::default();
    Retention {
        keep: config.requests.keep.unwrap_or(default.keep),
        older_than: config.requests.older_than.unwrap_or(default.older_than),
    }
}

/// Refuses a command that the user has not trusted.
pub(super) fn check_trust(
    config: &Config,
    webhook: &Webhook,
    source: &SecretSource,
) -> Result<(), CliError> {
    let (SecretSource::Command(command), Some(path)) = (source, &config.path) else {
        return Ok(());
    };
    let is_trusted = config.is_named
        || match system::state_dir() {
            Some(dir) => webhooks::is_trusted(&dir, path, command).map_err(state_error)?,
            None => false,
        };
    if is_trusted {
        return Ok(());
    }
    let (name, file) = (escape(webhook.name.as_str()), file(config));
    Err(CliError::new(format!(
        "the secret of the webhook {name} comes from a command that is not trusted: {}",
        escape(&command.join(" "))
    ))
    .help(format!("it is in {file}; `pgwh webhook trust {name}` trusts it"))
    .help(format!("--config {file} trusts all commands of that file for one run")))
}

/// Trusts a command of pgwh.toml.
pub(super) fn trust(path: &Path, source: &SecretSource) -> Result<(), CliError> {
    let SecretSource::Command(command) = source else { return Ok(()) };
    webhooks::trust(&state_dir()?, path, command).map_err(state_error)
}

/// Locks pgwh.toml against other pgwh processes that change one, until the file is dropped.
pub(super) fn lock() -> Result<File, CliError> {
    let dir = state_dir()?;
    dir.create().and_then(|()| dir.lock(LOCK_NAME, LOCK_TIMEOUT)).map_err(state_error)
}

/// The state folder.
fn state_dir() -> Result<StateDir, CliError> {
    system::state_dir().ok_or_else(|| {
        CliError::new("there is no home directory to keep pgwh's state in")
            .help(ListError::NoFolder.help())
    })
}

/// What is wrong with the state folder, as an error of a command.
fn state_error(error: StateDirError) -> CliError {
    CliError::new(error.to_string()).help(error.help())
}
