//! `pgwh webhook list`, `show` and `secret`

use crate::cli::{FormatArg, NamedWebhookArgs, WebhookListArgs, WebhookShowArgs};
use crate::commands::failure::Failure;
use crate::commands::{Exit, config};
use crate::report::{Output, ShownWebhook, webhook_json, webhook_list};
use crate::webhooks::{Config, Webhook};

pub(super) fn list(args: &WebhookListArgs, output: &mut Output) -> Result<Exit, Failure> {
    let config = config::load(args.config.config.as_deref())?;
    if config.webhooks.is_empty() {
        let place = match &config.path {
            Some(path) => format!("no webhooks in {}", path.display()),
            None => "no webhooks: there is no pgwh.toml".to_owned(),
        };
        output.note(&format!("{place}; `pgwh webhook add` adds one\n"));
    }
    let webhooks: Vec<_> = config.webhooks.iter().collect();
    answer(&config, &webhooks, args.format, output);
    Ok(Exit::Yes)
}

pub(super) fn show(args: &WebhookShowArgs, output: &mut Output) -> Result<Exit, Failure> {
    let config = config::load(args.config.config.as_deref())?;
    let webhook = config::webhook(&config, &args.name)?;
    answer(&config, &[webhook], args.format, output);
    Ok(Exit::Yes)
}

/// The one place that prints a secret, as the user asked for it by name.
pub(super) fn secret(args: &NamedWebhookArgs, output: &mut Output) -> Result<Exit, Failure> {
    let config = config::load(args.config.config.as_deref())?;
    let secret = config::secret(&config, config::webhook(&config, &args.name)?)?;
    output.answer([secret.expose(), b"\n"].concat());
    Ok(Exit::Yes)
}

fn answer(config: &Config, webhooks: &[&Webhook], format: FormatArg, output: &mut Output) {
    let shown: Vec<_> = webhooks
        .iter()
        .map(|webhook| ShownWebhook {
            webhook,
            access: webhook.secret.access(config.folder(), &config::env),
        })
        .collect();
    output.answer(match format {
        FormatArg::Human => webhook_list(&shown, output.palette()),
        FormatArg::Json => shown.iter().map(webhook_json).collect(),
    });
}
