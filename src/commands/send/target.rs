//! Whom to send to: the URL that was typed, or the webhooks that listen to the event.

use url::Url;

use super::item::Item;
use crate::cli::SendArgs;
use crate::commands::config;
use crate::commands::failure::Failure;
use crate::commands::secret;
use crate::pgm::Secret;
use crate::report::{Output, escape};
use crate::webhooks::{Config, Webhook};

/// A receiver of requests.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Its name in the webhooks file.
    pub(super) webhook: Option<String>,
    pub(super) url: Url,
    /// What to sign with; only what was captured goes without.
    pub(super) secret: Option<Secret>,
}

/// Finds the targets of each item.
#[derive(Debug)]
pub(super) struct Targets<'a> {
    args: &'a SendArgs,
    config: &'a Config,
    /// The secret of the flags; it goes before the webhooks' own.
    typed: Option<Secret>,
    /// The one target, where a URL was typed.
    url: Option<Target>,
}

impl<'a> Targets<'a> {
    pub(super) fn new(
        args: &'a SendArgs,
        config: &'a Config,
        output: &mut Output,
    ) -> Result<Self, Failure> {
        let Some(url) = &args.url else {
            some_webhook(config)?;
            let typed = secret::typed(&args.secret, output)?;
            return Ok(Self { args, config, typed, url: None });
        };
        let secret = match args.from {
            Some(_) => secret::optional(&args.secret, output)?,
            None => Some(secret::required(&args.secret, output)?),
        };
        let url = Target { webhook: None, url: url.0.clone(), secret };
        Ok(Self { args, config, typed: None, url: Some(url) })
    }

    /// The targets of an item; none when nobody listens to its event.
    pub(super) fn of(&self, item: &Item, output: &mut Output) -> Result<Vec<Target>, Failure> {
        self.of_event(item.event().as_deref(), output)
    }

    /// The targets of an event, where it is known.
    pub(super) fn of_event(
        &self,
        event: Option<&str>,
        output: &mut Output,
    ) -> Result<Vec<Target>, Failure> {
        if let Some(url) = &self.url {
            return Ok(vec![url.clone()]);
        }
        let webhooks = match (&self.args.webhook[..], event) {
            ([], Some(event)) => self.config.webhooks_for(event),
            ([], None) => {
                return Err(Failure::new("the body names no event that webhooks could listen to")
                    .help("--webhook NAME or --url URL says where it goes"));
            }
            (names, event) => self.named(names, event, output)?,
        };
        webhooks.into_iter().map(|webhook| self.target(webhook)).collect()
    }

    fn named(
        &self,
        names: &[String],
        event: Option<&str>,
        output: &mut Output,
    ) -> Result<Vec<&'a Webhook>, Failure> {
        let mut webhooks = Vec::new();
        for name in names {
            let webhook = config::webhook(self.config, name)?;
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

    fn target(&self, webhook: &Webhook) -> Result<Target, Failure> {
        let secret = match &self.typed {
            Some(secret) => secret.clone(),
            None => config::secret(self.config, webhook)?,
        };
        Ok(Target {
            webhook: Some(webhook.name.to_string()),
            url: webhook.url.clone(),
            secret: Some(secret),
        })
    }
}

fn some_webhook(config: &Config) -> Result<(), Failure> {
    if !config.webhooks.is_empty() {
        return Ok(());
    }
    let failure = match &config.path {
        Some(path) => Failure::new(format!("no --url, and {} has no webhook", path.display())),
        None => Failure::new("no --url, and no pgwh.toml with webhooks"),
    };
    Err(failure
        .help("--url URL says where to send, as in --url http://localhost:3000/pgm")
        .help("`pgwh webhook add` keeps a URL with its secret and its events"))
}
