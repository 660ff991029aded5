//! `pgwh webhook`: looking at the webhooks, and trusting their commands. Changing pgwh.toml has a
//! file of its own.

mod edit;

use super::error::CliError;
use super::{Exit, config};
use crate::cli::{
    FormatArg, NamedWebhookArgs, TrustArgs, WebhookAction, WebhookArgs, WebhookListArgs,
    WebhookShowArgs,
};
use crate::report::{Output, ShownWebhook, escape, webhook_json, webhook_list};
use crate::webhooks::{Config, SecretSource, Webhook};

pub(super) fn run(args: &WebhookArgs, output: &mut Output) -> Result<Exit, CliError> {
    match &args.action {
        WebhookAction::Init(args) => edit::init(args, output),
        WebhookAction::Add(args) => edit::add(args, output),
        WebhookAction::Edit(args) => edit::edit(args, output),
        WebhookAction::Remove(args) => edit::remove(args, output),
        WebhookAction::List(args) => list(args, output),
        WebhookAction::Show(args) => show(args, output),
        WebhookAction::Secret(args) => secret(args, output),
        WebhookAction::Trust(args) => trust(args, output),
    }
}

fn list(args: &WebhookListArgs, output: &mut Output) -> Result<Exit, CliError> {
    let config = config::load(args.config.config.as_deref(), output)?;
    if config.webhooks.is_empty() {
        let why = match &config.path {
            Some(_) => format!("no webhooks in {}", config::file(&config)),
            None => "no webhooks: there is no pgwh.toml".to_owned(),
        };
        output.stderr(&format!("{why}; `pgwh webhook add` adds one\n"));
    }
    let webhooks: Vec<_> = config.webhooks.iter().collect();
    print(&config, &webhooks, args.format, output);
    Ok(Exit::Yes)
}

fn show(args: &WebhookShowArgs, output: &mut Output) -> Result<Exit, CliError> {
    let config = config::load(args.config.config.as_deref(), output)?;
    let webhook = config::webhook(&config, &args.name)?;
    print(&config, &[webhook], args.format, output);
    Ok(Exit::Yes)
}

/// The one place that prints a secret, as the user asked for it by name.
fn secret(args: &NamedWebhookArgs, output: &mut Output) -> Result<Exit, CliError> {
    let config = config::load(args.config.config.as_deref(), output)?;
    let secret = config::secret(&config, config::webhook(&config, &args.name)?)?;
    output.stdout_raw([secret.expose(), b"\n"].concat());
    Ok(Exit::Yes)
}

fn trust(args: &TrustArgs, output: &mut Output) -> Result<Exit, CliError> {
    let config = config::load(args.config.config.as_deref(), output)?;
    let webhooks: Vec<&Webhook> = match &args.names[..] {
        [] => config.webhooks.iter().collect(),
        names => {
            names.iter().map(|name| config::webhook(&config, name)).collect::<Result<_, _>>()?
        }
    };
    let mut count = 0;
    for webhook in webhooks {
        for source in webhook.secret_sources() {
            let (SecretSource::Command(words), Some(path)) = (source, &config.path) else {
                continue;
            };
            config::trust(path, source)?;
            let (name, command) = (escape(webhook.name.as_str()), escape(&words.join(" ")));
            output.stdout(format!("trusted the command of {name}: {command}\n"));
            count += 1;
        }
    }
    if count == 0 {
        output.stderr("nothing to trust: no secret comes from a command\n");
    }
    Ok(Exit::Yes)
}

fn print(config: &Config, webhooks: &[&Webhook], format: FormatArg, output: &mut Output) {
    let access = |source: &SecretSource| source.access(config.folder(), &config::env);
    let shown: Vec<_> = webhooks
        .iter()
        .map(|webhook| ShownWebhook {
            webhook,
            access: access(&webhook.secret),
            previous_access: webhook.previous_secret.as_ref().map(access),
        })
        .collect();
    output.stdout(match format {
        FormatArg::Human => webhook_list(&shown, output.palette()),
        FormatArg::Json => shown.iter().map(webhook_json).collect(),
    });
}
