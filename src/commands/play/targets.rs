//! Where the steps of a story go.

use url::Url;

use crate::commands::network::NetworkArgs;
use crate::commands::secret::{SecretArgs, SigningSecrets};
use crate::commands::{CliError, config_file, named_webhook, require_webhook};
use crate::delivery::{HttpTransport, Protocol};
use crate::pgm::Secret;
use crate::report::{Output, subscriptions};
use crate::story::{Destination, Step, Story};
use crate::webhooks::{Config, Webhook};

/// A receiver of a story's requests.
pub(super) struct StoryTarget<T> {
    /// The name of the webhook, if it is one of pgwh.toml.
    pub webhook: Option<String>,
    pub url: Url,
    /// What it takes to send it a request.
    pub access: T,
}

/// How a receiver is called.
pub(super) struct TargetAccess {
    pub secret: Secret,
    pub transport: HttpTransport,
}

/// The targets of a story.
pub(super) struct StoryTargets<'a, T> {
    /// Where everything goes, if the user said so.
    chosen: Option<Destination>,
    config: &'a Config,
    all: Vec<(Destination, StoryTarget<T>)>,
}

impl<'a> StoryTargets<'a, ()> {
    /// The targets of a story: where the user says, else where the story says, else the webhooks
    /// that are subscribed.
    pub fn new(
        chosen: Option<Destination>,
        story: &Story,
        config: &'a Config,
    ) -> Result<Self, CliError> {
        if chosen.is_none() && story.steps.iter().any(|step| step.to.is_none()) {
            require_webhook(config)?;
        }
        let mut targets = Self { chosen, config, all: Vec::new() };
        for step in &story.steps {
            for sample in &step.events {
                for destination in targets.destinations(step, &sample.event) {
                    if !targets.all.iter().any(|(known, _)| *known == destination) {
                        let (webhook, url) = match &destination {
                            Destination::Url(url) => (None, url.clone()),
                            Destination::Webhook(name) => {
                                (Some(name.clone()), named_webhook(config, name)?.url.clone())
                            }
                        };
                        let target = StoryTarget { webhook, url, access: () };
                        targets.all.push((destination, target));
                    }
                }
            }
        }
        Ok(targets)
    }

    /// The same with all that it takes to send to them.
    pub fn accessible(
        self,
        secrets: &SecretArgs,
        network: &NetworkArgs,
        output: &mut Output,
    ) -> Result<StoryTargets<'a, TargetAccess>, CliError> {
        let Self { chosen, config, all } = self;
        if all.is_empty() {
            let error = CliError::new(format!(
                "no webhook in {} is subscribed to an event of this story",
                config_file(config)
            ));
            return Err(subscriptions(&config.webhooks).into_iter().fold(error, CliError::help));
        }
        let signing = SigningSecrets::new(secrets, output)?;
        let mut secrets = Vec::new();
        for (_, target) in &all {
            secrets.push(match &target.webhook {
                None => signing.required(output)?,
                Some(name) => signing.for_webhook(config, name, output)?,
            });
        }
        let urls: Vec<_> = all.iter().map(|(_, target)| &target.url).collect();
        let transports = network.transports(&urls, Protocol::Http1, output)?;
        let access = secrets.into_iter().zip(transports);
        let with_access =
            |((destination, target), (secret, transport)): ((_, StoryTarget<()>), _)| {
                let access = TargetAccess { secret, transport };
                (destination, StoryTarget { webhook: target.webhook, url: target.url, access })
            };
        Ok(StoryTargets {
            chosen,
            config,
            all: all.into_iter().zip(access).map(with_access).collect(),
        })
    }
}

impl<T> StoryTargets<'_, T> {
    /// The targets of a step's request; none when no webhook is subscribed to its event.
    pub fn of(&self, step: &Step, event: &str) -> impl Iterator<Item = &StoryTarget<T>> {
        let wanted = self.destinations(step, event);
        let is_wanted = move |(known, _): &&(Destination, _)| wanted.contains(known);
        self.all.iter().filter(is_wanted).map(|(_, target)| target)
    }

    fn destinations(&self, step: &Step, event: &str) -> Vec<Destination> {
        let by_name = |webhook: &Webhook| Destination::Webhook(webhook.name.to_string());
        match self.chosen.as_ref().or(step.to.as_ref()) {
            Some(one) => vec![one.clone()],
            None => self.config.webhooks_for(event).into_iter().map(by_name).collect(),
        }
    }
}
