//! Where requests are sent: the URL that was typed, or the webhooks subscribed to the event.

use std::cell::RefCell;

use url::Url;

use super::requests::UnsignedRequest;
use crate::cli::SendArgs;
use crate::commands::config;
use crate::commands::error::CliError;
use crate::commands::secret;
use crate::pgm::Secret;
use crate::report::{Output, escape};
use crate::webhooks::{Config, Webhook};

/// A receiver of requests.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The name of the webhook, if it is one of pgwh.toml.
    pub(super) webhook: Option<String>,
    pub(super) url: Url,
    /// The secret; only captured requests can do without.
    pub(super) secret: Option<Secret>,
}

/// Finds the targets of each request.
#[derive(Debug)]
pub(super) struct Targets<'a> {
    args: &'a SendArgs,
    config: &'a Config,
    /// The secret of the flags, which takes precedence over the webhooks' own.
    typed: Option<Secret>,
    /// The one target, where a URL was typed.
    url: Option<Target>,
    /// The sources whose secrets were checked, so that each is warned about once.
    warned: RefCell<Vec<String>>,
}

impl<'a> Targets<'a> {
    pub(super) fn new(
        args: &'a SendArgs,
        config: &'a Config,
        output: &mut Output,
    ) -> Result<Self, CliError> {
        let Some(url) = &args.url else {
            some_webhook(config)?;
            let typed = secret::typed(&args.secret, output)?;
            return Ok(Self { args, config, typed, url: None, warned: RefCell::default() });
        };
        let secret = match args.from {
            _ if args.unsigned => None,
            Some(_) => secret::optional(&args.secret, output)?,
            None => Some(secret::required(&args.secret, output)?),
        };
        if let Some(secret) = &secret {
            secret::warn_if_mangled(secret, secret::source(&args.secret), output);
        }
        let url = Target { webhook: None, url: url.0.clone(), secret };
        Ok(Self { args, config, typed: None, url: Some(url), warned: RefCell::default() })
    }

    /// The targets of a request; none when no webhook is subscribed to its event.
    pub(super) fn of(
        &self,
        request: &UnsignedRequest,
        output: &mut Output,
    ) -> Result<Vec<Target>, CliError> {
        self.of_event(request.event().as_deref(), output)
    }

    /// The targets of an event, where it is known.
    pub(super) fn of_event(
        &self,
        event: Option<&str>,
        output: &mut Output,
    ) -> Result<Vec<Target>, CliError> {
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

    fn target(&self, webhook: &Webhook, output: &mut Output) -> Result<Target, CliError> {
        let name = webhook.name.to_string();
        let (secret, source) = match &self.typed {
            _ if self.args.unsigned => (None, String::new()),
            Some(secret) => (Some(secret.clone()), secret::source(&self.args.secret).to_owned()),
            None => (Some(config::secret(self.config, webhook)?), format!("the webhook {name}")),
        };
        if let Some(secret) = &secret
            && !self.warned.borrow().contains(&source)
        {
            secret::warn_if_mangled(secret, &source, output);
            self.warned.borrow_mut().push(source);
        }
        Ok(Target { webhook: Some(name), url: webhook.url.clone(), secret })
    }
}

fn some_webhook(config: &Config) -> Result<(), CliError> {
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
