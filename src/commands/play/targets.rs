//! Where the steps of a story go.

use url::Url;

use super::PlayArgs;
use crate::cli::TargetUrl;
use crate::commands::config;
use crate::commands::error::CliError;
use crate::commands::secret::SigningSecrets;
use crate::delivery::{HttpTransport, Protocol};
use crate::pgm::Secret;
use crate::report::{Output, subscriptions};
use crate::story::{Destination, Step, Story};
use crate::webhooks::{Config, Webhook};

/// A receiver of a story's requests, with all that it takes to send it one.
pub(super) struct Target {
    pub webhook: Option<String>,
    pub url: Url,
    pub secret: Secret,
    pub transport: HttpTransport,
}

/// A receiver by its name and URL.
pub(super) struct Address {
    pub webhook: Option<String>,
    pub url: Url,
}

/// The targets of a story.
pub(super) struct Targets<'a, T> {
    args: &'a PlayArgs,
    config: &'a Config,
    all: Vec<(Destination, T)>,
}

impl<'a> Targets<'a, Address> {
    /// The targets as far as they are known without a secret.
    pub(super) fn without_secrets(
        args: &'a PlayArgs,
        story: &Story,
        config: &'a Config,
    ) -> Result<Self, CliError> {
        let mut all = Vec::new();
        for destination in destinations(args, story, config)? {
            let address = match &destination {
                Destination::Url(url) => Address { webhook: None, url: url.clone() },
                Destination::Webhook(name) => {
                    let url = config::webhook(config, name)?.url.clone();
                    Address { webhook: Some(name.clone()), url }
                }
            };
            all.push((destination, address));
        }
        Ok(Self { args, config, all })
    }
}

impl<'a> Targets<'a, Target> {
    pub(super) fn new(
        args: &'a PlayArgs,
        story: &Story,
        config: &'a Config,
        output: &mut Output,
    ) -> Result<Self, CliError> {
        let addresses = Targets::without_secrets(args, story, config)?.all;
        if addresses.is_empty() {
            let mut error = CliError::new(format!(
                "no webhook in {} is subscribed to an event of this story",
                config::file(config)
            ));
            for line in subscriptions(&config.webhooks) {
                error = error.help(line);
            }
            return Err(error);
        }
        let secrets = SigningSecrets::new(&args.secret, output)?;
        let mut signed = Vec::new();
        for (destination, address) in addresses {
            let secret = match &address.webhook {
                None => secrets.required(output)?,
                Some(name) => secrets.for_webhook(config, name, output)?,
            };
            signed.push((destination, address, secret));
        }
        let urls: Vec<_> = signed.iter().map(|(_, address, _)| &address.url).collect();
        let transports = args.network.transports(&urls, Protocol::Http1, output)?;
        let all = signed.into_iter().zip(transports);
        let all = all.map(|((destination, Address { webhook, url }, secret), transport)| {
            (destination, Target { webhook, url, secret, transport })
        });
        Ok(Self { args, config, all: all.collect() })
    }
}

impl<T> Targets<'_, T> {
    /// The targets of a step's request; none when no webhook is subscribed to its event.
    pub(super) fn of(&self, step: &Step, event: &str) -> impl Iterator<Item = &T> {
        let wanted = destinations_of(self.args, step, event, self.config);
        let is_wanted = move |(known, _): &&(Destination, T)| wanted.contains(known);
        self.all.iter().filter(is_wanted).map(|(_, target)| target)
    }
}

/// All places that a story's requests go to, each once.
fn destinations(
    args: &PlayArgs,
    story: &Story,
    config: &Config,
) -> Result<Vec<Destination>, CliError> {
    let is_chosen = args.url.is_some() || args.webhook.is_some();
    if !is_chosen && story.steps.iter().any(|step| step.to.is_none()) {
        config::some_webhook(config)?;
    }
    let mut found = Vec::new();
    for step in &story.steps {
        for sample in &step.events {
            for destination in destinations_of(args, step, &sample.event, config) {
                if !found.contains(&destination) {
                    found.push(destination);
                }
            }
        }
    }
    Ok(found)
}

/// What was typed counts before what the story says, and that before the subscriptions.
fn destinations_of(args: &PlayArgs, step: &Step, event: &str, config: &Config) -> Vec<Destination> {
    let by_name = |webhook: &Webhook| Destination::Webhook(webhook.name.to_string());
    match (&args.url, &args.webhook, &step.to) {
        (Some(TargetUrl(url)), ..) => vec![Destination::Url(url.clone())],
        (None, Some(name), _) => vec![Destination::Webhook(name.clone())],
        (None, None, Some(to)) => vec![to.clone()],
        (None, None, None) => config.webhooks_for(event).into_iter().map(by_name).collect(),
    }
}
