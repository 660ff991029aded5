//! pgwh.toml, for every command that uses it.

use std::path::Path;

use super::dirs;
use super::error::CliError;
use crate::files::{StateDir, StateDirError};
use crate::pgm::Secret;
use crate::report::{Output, escape};
use crate::requests::{ListError, Retention};
use crate::text::{Diagnostic, nearest};
use crate::toml_file::TomlFileError;
use crate::verify::NamedSecret;
use crate::webhooks::{self, Config, SecretSource, TrustedCommands, Webhook};

/// Reads pgwh.toml; without one, the configuration is empty.
pub(super) fn load(named: Option<&Path>, output: &mut Output) -> Result<Config, CliError> {
    let search = dirs::webhooks(named);
    let found = webhooks::find(&search);
    for path in &found.passed_over {
        let message = format!("{} is not used: other users can write it", dirs::shown(path));
        output.warn(Diagnostic::new(message).help("--config FILE uses it all the same"));
    }
    let Some(path) = found.path else { return Ok(Config::default()) };
    let config = webhooks::read(&path).map_err(explain)?;
    for error in &config.warnings {
        output.warn(Diagnostic { message: error.to_string(), help: error.help.clone() });
    }
    Ok(Config { is_named: search.named.is_some(), ..config })
}

/// The webhook of this name.
pub(super) fn webhook<'a>(config: &'a Config, name: &str) -> Result<&'a Webhook, CliError> {
    config.webhook(name).ok_or_else(|| unknown(config, name))
}

/// A webhook's secret, the current one.
pub(super) fn secret(config: &Config, webhook: &Webhook) -> Result<Secret, CliError> {
    read_secret(config, webhook, &webhook.secret)
}

/// A webhook's secrets: the current one by the webhook's name, then the previous one.
pub(super) fn secrets(config: &Config, webhook: &Webhook) -> Result<Vec<NamedSecret>, CliError> {
    let sources = named_sources(webhook);
    sources
        .map(|(name, source)| {
            Ok(NamedSecret { name, secret: read_secret(config, webhook, source)? })
        })
        .collect()
}

/// A webhook's secrets that are available without running a command.
pub(super) fn available_secrets(config: &Config, webhook: &Webhook) -> Vec<NamedSecret> {
    let sources = named_sources(webhook);
    sources
        .filter(|(_, source)| !matches!(source, SecretSource::Command(_)))
        .filter_map(|(name, source)| {
            let secret = source.read(config.folder(), &env).ok()?;
            Some(NamedSecret { name, secret })
        })
        .collect()
}

/// The secrets of the webhooks of these names.
pub(super) fn named_secrets(
    config: &Config,
    names: &[String],
) -> Result<Vec<NamedSecret>, CliError> {
    let mut named = Vec::new();
    for name in names {
        named.extend(secrets(config, webhook(config, name)?)?);
    }
    Ok(named)
}

/// The secrets of all webhooks. One that is missing is warned of, with its `consequence`.
///
/// # Errors
/// When one comes from a command that is not trusted.
pub(super) fn all_secrets(
    config: &Config,
    consequence: impl Fn(&Webhook) -> String,
    output: &mut Output,
) -> Result<Vec<NamedSecret>, CliError> {
    let mut all = Vec::new();
    for webhook in &config.webhooks {
        for source in webhook.secret_sources() {
            check_trust(config, webhook, source)?;
        }
        match secrets(config, webhook) {
            Ok(secrets) => all.extend(secrets),
            Err(error) => output.warn(format!("{}{}", error.0.message, consequence(webhook))),
        }
    }
    Ok(all)
}

fn named_sources(webhook: &Webhook) -> impl Iterator<Item = (String, &SecretSource)> {
    let names = [webhook.name.to_string(), format!("{} (previous secret)", webhook.name)];
    names.into_iter().zip(webhook.secret_sources())
}

fn read_secret(
    config: &Config,
    webhook: &Webhook,
    source: &SecretSource,
) -> Result<Secret, CliError> {
    check_trust(config, webhook, source)?;
    source.read(config.folder(), &env).map_err(|error| {
        let name = escape(webhook.name.as_str());
        CliError::new(format!("no secret for the webhook {name}: {error}"))
            .help(format!("{} says where it is: {source}", file(config)))
    })
}

/// Refuses a command that the user has not trusted.
fn check_trust(config: &Config, webhook: &Webhook, source: &SecretSource) -> Result<(), CliError> {
    let (SecretSource::Command(command), Some(path)) = (source, &config.path) else {
        return Ok(());
    };
    let is_trusted = config.is_named
        || match dirs::state() {
            Some(dir) => TrustedCommands::new(&dir).contains(path, command).map_err(state_error)?,
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
    TrustedCommands::new(&state_dir()?).add(path, command).map_err(state_error)
}

/// The state folder.
pub(super) fn state_dir() -> Result<StateDir, CliError> {
    dirs::state().ok_or_else(|| {
        CliError::new("there is no home directory to keep pgwh's state in")
            .help(ListError::NoFolder.help())
    })
}

/// What is wrong with the state folder, as an error of a command.
pub(super) fn state_error(error: StateDirError) -> CliError {
    CliError::new(error.to_string()).help(error.help())
}

/// How much the requests list keeps.
pub(super) fn retention(config: &Config) -> Retention {
    let default = Retention::default();
    Retention {
        keep: config.requests.keep.unwrap_or(default.keep),
        older_than: config.requests.older_than.unwrap_or(default.older_than),
    }
}

/// Looks up the environment.
pub(super) fn env(name: &str) -> Option<Vec<u8>> {
    std::env::var_os(name).map(std::ffi::OsString::into_encoded_bytes)
}

/// What is wrong with the file, as an error of a command.
pub(super) fn explain(error: TomlFileError) -> CliError {
    let message = error.to_string();
    CliError(Diagnostic { message, help: error.help })
}

/// The file, for messages.
pub(super) fn file(config: &Config) -> String {
    match &config.path {
        Some(path) => escape(&dirs::shown(path)),
        None => webhooks::FILE_NAME.to_owned(),
    }
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
