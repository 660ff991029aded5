//! What the file says.

use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use super::{SecretSource, WebhookName};

/// The event that PGM sends to all defined webhooks, whatever they subscribed to (documented).
const TEST_EVENT: &str = "Test";

/// The settings of a project, or of a user.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The file that they were read from; `None` when there is no file.
    pub path: Option<PathBuf>,
    /// In the order of the file.
    pub webhooks: Vec<Webhook>,
    /// Defaults of `send`.
    pub send: SendDefaults,
    /// How much the requests list keeps.
    pub requests: RequestsSettings,
}

/// One of PGM's webhooks.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The friendly name.
    pub name: WebhookName,
    /// Where it calls.
    pub url: Url,
    /// What it listens to.
    pub events: Subscription,
    /// Where its secret is.
    pub secret: SecretSource,
}

/// The events that a webhook is subscribed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subscription {
    /// All that there are.
    All,
    /// These, by their technical names.
    Only(Vec<String>),
}

/// `[send]`: what the flags of that name say when they are not typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendDefaults {
    /// `timeout`
    pub timeout: Option<Duration>,
    /// `retries`
    pub retries: Option<u32>,
    /// `fixtures`, a folder
    pub fixtures: Option<PathBuf>,
    /// `ca-cert`, a file
    pub ca_cert: Option<PathBuf>,
}

/// `[requests]`: how much the requests list keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestsSettings {
    /// `keep`: this many, the newest.
    pub keep: Option<u32>,
    /// `older-than`: remove what is older than this.
    pub older_than: Option<Duration>,
}

impl Subscription {
    /// Whether an event is among them.
    pub fn includes(&self, event: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(events) => events.iter().any(|known| known == event),
        }
    }
}

impl Webhook {
    /// Whether PGM would call it for this event. `Test` goes to all (documented: "Test all
    /// webhooks").
    pub fn listens_to(&self, event: &str) -> bool {
        event == TEST_EVENT || self.events.includes(event)
    }
}

impl Config {
    /// The webhook of this name.
    pub fn webhook(&self, name: &str) -> Option<&Webhook> {
        self.webhooks.iter().find(|webhook| webhook.name.as_str() == name)
    }

    /// The webhooks that PGM would call for this event, in the order of the file.
    pub fn webhooks_for(&self, event: &str) -> Vec<&Webhook> {
        self.webhooks.iter().filter(|webhook| webhook.listens_to(event)).collect()
    }

    /// The folder of the file: relative paths in it, and its commands, start there.
    pub fn folder(&self) -> &Path {
        let folder = self.path.as_deref().and_then(Path::parent);
        folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }
}
