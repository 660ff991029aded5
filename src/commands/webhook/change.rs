//! `pgwh webhook init`, `add`, `edit` and `remove`

use std::path::{Path, PathBuf};

use super::store::{self, Stored};
use crate::cli::{AddArgs, EditArgs, InitArgs, NamedWebhookArgs, SecretSourceArgs};
use crate::commands::failure::Failure;
use crate::commands::{Exit, config, dirs};
use crate::pgm;
use crate::report::{Output, escape, shown_url};
use crate::text::nearest;
use crate::webhooks::{
    self, Access, Changes, Config, EditError, FILE_NAME, STARTER, SecretSource, Subscription,
    Webhook,
};

pub(super) fn init(args: &InitArgs, output: &mut Output) -> Result<Exit, Failure> {
    let path = args.config.clone().unwrap_or_else(|| FILE_NAME.into());
    store::write_new(&path, STARTER)?;
    output.answer(format!(
        "wrote {}: edit it, or use `pgwh webhook add`\n",
        escape(&path.display().to_string())
    ));
    Ok(Exit::Yes)
}

pub(super) fn add(args: &AddArgs, output: &mut Output) -> Result<Exit, Failure> {
    let stored = store::open_or_new(args.config.config.as_deref())?;
    if stored.config.webhook(args.name.as_str()).is_some() {
        return Err(Failure::new(format!("there is a webhook {} already", args.name))
            .help(format!("`pgwh webhook edit {}` changes it", args.name)));
    }
    known_events(&args.events, args.unlisted)?;
    let webhook = Webhook {
        name: args.name.clone(),
        url: args.url.0.clone(),
        events: args.events.clone(),
        secret: source(&args.secret, &stored)?.ok_or_else(no_secret)?,
    };
    let text = webhooks::add(&stored.text, &webhook).map_err(|error| explain(&stored, error))?;
    let config = stored.replace(&text)?;
    done(&format!("added {}", webhook.name), "to", &stored, output);
    warn(&config, &webhook, output);
    Ok(Exit::Yes)
}

pub(super) fn edit(args: &EditArgs, output: &mut Output) -> Result<Exit, Failure> {
    let stored = store::open_existing(args.config.config.as_deref())?;
    config::webhook(&stored.config, &args.webhook)?;
    if let Some(events) = &args.events {
        known_events(events, args.unlisted)?;
    }
    let changes = Changes {
        name: args.name.clone(),
        url: args.url.clone().map(|url| url.0),
        events: args.events.clone(),
        secret: source(&args.secret, &stored)?,
    };
    let text = webhooks::change(&stored.text, &args.webhook, &changes)
        .map_err(|error| explain(&stored, error))?;
    let config = stored.replace(&text)?;
    let name = args.name.as_ref().map_or(args.webhook.as_str(), |name| name.as_str());
    done(&format!("changed {}", escape(&args.webhook)), "in", &stored, output);
    if let Some(webhook) = config.webhook(name) {
        warn(&config, webhook, output);
    }
    Ok(Exit::Yes)
}

pub(super) fn remove(args: &NamedWebhookArgs, output: &mut Output) -> Result<Exit, Failure> {
    let stored = store::open_existing(args.config.config.as_deref())?;
    config::webhook(&stored.config, &args.name)?;
    let text =
        webhooks::remove(&stored.text, &args.name).map_err(|error| explain(&stored, error))?;
    stored.replace(&text)?;
    done(&format!("removed {}", escape(&args.name)), "from", &stored, output);
    Ok(Exit::Yes)
}

fn done(what: &str, preposition: &str, stored: &Stored, output: &mut Output) {
    let path = escape(&dirs::shown(&stored.path));
    output.answer(format!("{what} {preposition} {path}\n"));
}

/// What may surprise later is better said now.
fn warn(config: &Config, webhook: &Webhook, output: &mut Output) {
    let mut warnings = Vec::new();
    if let Some(why) = pgm::blocked(&webhook.url).filter(|_| !pgm::is_loopback(&webhook.url)) {
        warnings.push(format!("PGM would not call {}: {why}", shown_url(&webhook.url)));
    }
    if let Access::Missing(error) = webhook.secret.access(config.folder(), &config::env) {
        warnings.push(format!("the secret is not there yet: {error}"));
    }
    for text in warnings {
        output.warn(text);
    }
}

fn known_events(events: &Subscription, unlisted: bool) -> Result<(), Failure> {
    let known: Vec<_> = pgm::catalogue().collect();
    let Subscription::Only(names) = events else { return Ok(()) };
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) if !unlisted => {
            let failure = Failure::new(format!("there is no event {:?}", escape(name)));
            let failure = match nearest(name, &known) {
                Some(nearest) => failure.help(format!("did you mean {nearest}?")),
                None => failure,
            };
            Err(failure
                .help(format!("the known events are {}", known.join(", ")))
                .help("--unlisted lets a webhook listen to an event that is not listed"))
        }
        _ => Ok(()),
    }
}

fn source(args: &SecretSourceArgs, stored: &Stored) -> Result<Option<SecretSource>, Failure> {
    let source = match (&args.secret_env, &args.secret_file, &args.secret_command) {
        (Some(name), _, _) => SecretSource::Env(variable(name)?),
        (_, Some(path), _) => SecretSource::File(from_file(path, &stored.path)),
        (_, _, Some(words)) => SecretSource::Command(words.clone()),
        (None, None, None) => return Ok(None),
    };
    Ok(Some(source))
}

/// A name, not by mistake the secret itself, which would then stand in the file.
fn variable(name: &str) -> Result<String, Failure> {
    let fits = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if fits {
        return Ok(name.to_owned());
    }
    Err(Failure::new("--secret-env: that is not the name of an environment variable")
        .help("give the variable's name, not the secret: --secret-env BOOKING_SECRET"))
}

/// A path that was typed in the working directory, as seen from the webhooks file.
fn from_file(path: &Path, file: &Path) -> PathBuf {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (path, file) = (absolute(path), absolute(file));
    match file.parent().and_then(|folder| path.strip_prefix(folder).ok()) {
        Some(relative) => relative.to_owned(),
        None => path,
    }
}

fn no_secret() -> Failure {
    Failure::new("no secret: PGM signs every request with the webhook's secret")
        .help("--secret-env VARIABLE names the environment variable that holds it")
        .help("--secret-file FILE names a file")
        .help("--secret-command WORD… names a command that prints it")
}

fn explain(stored: &Stored, error: EditError) -> Failure {
    Failure::new(format!("{}: {error}", stored.path.display()))
}
