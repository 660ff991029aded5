//! Where requests are sent: the URL that was typed, or the webhooks subscribed to the event.

use super::{SendArgs, Target};
use crate::commands::secret::SigningSecrets;
use crate::commands::{CliError, named_webhook, require_webhook};
use crate::report::{Output, escape};
use crate::webhooks::{Config, Webhook};

/// Finds the targets of each request.
#[derive(Debug)]
pub(super) struct Targets<'a> {
    args: &'a SendArgs,
    config: &'a Config,
    secrets: SigningSecrets,
    /// The one target, where a URL was typed.
    url: Option<Target>,
    /// Whether requests are signed here and now, for which a secret is needed.
    is_signed: bool,
}

impl<'a> Targets<'a> {
    pub fn new(
        args: &'a SendArgs,
        config: &'a Config,
        is_signed: bool,
        output: &mut Output,
    ) -> Result<Self, CliError> {
        if args.url.is_none() {
            require_webhook(config)?;
        }
        let secrets = SigningSecrets::new(&args.secret, output)?;
        let url = match &args.url {
            None => None,
            Some(url) => {
                let secret = match args.from {
                    _ if !is_signed => None,
                    Some(_) => secrets.optional(output)?,
                    None => Some(secrets.required(output)?),
                };
                Some(Target { webhook: None, url: url.0.clone(), secret })
            }
        };
        Ok(Self { args, config, secrets, url, is_signed })
    }

    /// The targets of an event, where it is known; none when no webhook is subscribed to it.
    pub fn of(&self, event: Option<&str>, output: &mut Output) -> Result<Vec<Target>, CliError> {
        if let Some(url) = &self.url {
            return Ok(vec![url.clone()]);
        }
        let webhooks = match (&self.args.webhook[..], event) {
            ([], Some(event)) => self.config.webhooks_for(event),
            ([], None) => {
                return Err(CliError::new(
                    "the body names no event, so no webhook is subscribed to it",
                )
                .help("choose where it goes with --webhook NAME or --url URL"));
            }
            (names, event) => self.named(names, event, output)?,
        };
        webhooks.into_iter().map(|webhook| self.target(webhook, output)).collect()
    }

    fn named(
        &self,
        names: &[String],
        event: Option<&str>,
        output: &mut Output,
    ) -> Result<Vec<&'a Webhook>, CliError> {
        let mut webhooks = Vec::new();
        for name in names {
            let webhook = named_webhook(self.config, name)?;
            if let Some(event) = event.filter(|event| !webhook.is_subscribed_to(event)) {
                let name = escape(name);
                let text =
                    format!("{name} is not subscribed to {}: PGM would not call it", escape(event));
                output.warn(text);
            }
            webhooks.push(webhook);
        }
        Ok(webhooks)
    }

    fn target(&self, webhook: &Webhook, output: &mut Output) -> Result<Target, CliError> {
        let secret = match self.is_signed {
            false => None,
            true => Some(self.secrets.for_webhook(self.config, webhook.name.as_str(), output)?),
        };
        Ok(Target { webhook: Some(webhook.name.to_string()), url: webhook.url.clone(), secret })
    }
}
