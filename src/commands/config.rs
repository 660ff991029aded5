//! The webhooks file, for every command that uses it.

use std::path::Path;

use super::dirs;
use super::failure::Failure;
use crate::pgm::Secret;
use crate::report::escape;
use crate::requests::Retention;
use crate::text::nearest;
use crate::webhooks::{self, Config, ConfigError, SecretSource, Webhook};

/// Reads the webhooks file; without one, the configuration is empty.
pub(super) fn load(named: Option<&Path>) -> Result<Config, Failure> {
    match webhooks::find(&dirs::webhooks(named)) {
        Some(path) => webhooks::read(&path).map_err(explain),
        None => Ok(Config::default()),
    }
}

/// The webhook of this name, or the names that there are.
pub(super) fn webhook<'a>(config: &'a Config, name: &str) -> Result<&'a Webhook, Failure> {
    config.webhook(name).ok_or_else(|| unknown(config, name))
}

/// A webhook's secret.
pub(super) fn secret(config: &Config, webhook: &Webhook) -> Result<Secret, Failure> {
    webhook.secret.get(config.folder(), &env).map_err(|error| {
        Failure::new(format!(
            "no secret for the webhook {}: {error}",
            escape(webhook.name.as_str())
        ))
        .help(format!("{} says where it is: {}", file(config), webhook.secret))
    })
}

/// A webhook's secret, if it can be had without running anything.
pub(super) fn secret_at_hand(config: &Config, webhook: &Webhook) -> Option<Secret> {
    match webhook.secret {
        SecretSource::Command(_) => None,
        _ => webhook.secret.get(config.folder(), &env).ok(),
    }
}

/// The secrets of the webhooks of these names, or, when none is given, of all that there are:
/// `(the webhook's name, its secret)`.
pub(super) fn named_secrets(
    config: &Config,
    names: &[String],
) -> Result<Vec<(String, Secret)>, Failure> {
    let chosen = match names {
        [] => config.webhooks.iter().collect(),
        names => names.iter().map(|name| webhook(config, name)).collect::<Result<Vec<_>, _>>()?,
    };
    let named = |webhook: &Webhook| Ok((webhook.name.to_string(), secret(config, webhook)?));
    chosen.into_iter().map(named).collect()
}

/// How much the requests list keeps.
pub(super) fn retention(config: &Config) -> Retention {
    let default = Retention::default();
    Retention {
        keep: config.requests.keep.unwrap_or(default.keep),
        older_than: config.requests.older_than.unwrap_or(default.older_than),
    }
}

/// The environment, as webhooks ask for it.
pub(super) fn env(name: &str) -> Option<Vec<u8>> {
    std::env::var_os(name).map(std::ffi::OsString::into_encoded_bytes)
}

/// What is wrong with the file, as a failure.
pub(super) fn explain(error: ConfigError) -> Failure {
    let failure = Failure::new(error.to_string());
    error.help.into_iter().fold(failure, Failure::help)
}

/// The file, for messages.
pub(super) fn file(config: &Config) -> String {
    match &config.path {
        Some(path) => dirs::shown(path),
        None => webhooks::FILE_NAME.to_owned(),
    }
}

fn unknown(config: &Config, name: &str) -> Failure {
    let known: Vec<_> = config.webhooks.iter().map(|webhook| webhook.name.as_str()).collect();
    let name = escape(name);
    match (&config.path, known.is_empty()) {
        (None, _) => Failure::new(format!("there is no webhook {name:?}: there is no pgwh.toml"))
            .help("`pgwh webhook add NAME --url URL --secret-env VARIABLE` makes one"),
        (Some(path), true) => Failure::new(format!(
            "there is no webhook {name:?}: {} has none at all",
            dirs::shown(path)
        ))
        .help("`pgwh webhook add NAME --url URL --secret-env VARIABLE` adds one"),
        (Some(path), false) => {
            let failure =
                Failure::new(format!("there is no webhook {name:?} in {}", dirs::shown(path)));
            failure
                .suggest(nearest(&name, &known))
                .help(format!("the webhooks are {}", known.join(", ")))
        }
    }
}
