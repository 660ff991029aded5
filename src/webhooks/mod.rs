//! pgwh.toml: PGM's webhooks list as a file, and the defaults of `send`. Safe to commit, as secrets
//! are only referenced. Reads and writes files; prints nothing.

mod edit;
mod parse;
mod search;
mod secret_source;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use url::Url;

use crate::toml_file::TomlFileError;

pub use edit::{Changes, ConfigEditError, STARTER, add, change, remove};
pub use parse::{read, read_text};
pub use search::{FILE_NAME, SearchPath, SearchResult, find, is_trusted, trust};
pub use secret_source::{SecretAccess, SecretError, SecretSource};

/// The event that PGM sends to all defined webhooks, whatever they are subscribed to (documented).
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
    /// Whether its commands may run although nobody has trusted them one by one: the user named the
    /// file, which was not found by searching.
    pub is_named: bool,
    /// What is probably wrong with the file.
    pub warnings: Vec<TomlFileError>,
}

/// One of PGM's webhooks.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The friendly name.
    pub name: WebhookName,
    /// The URL that it calls.
    pub url: Url,
    /// The events that it is subscribed to.
    pub events: Subscription,
    /// Where its secret is.
    pub secret: SecretSource,
    /// Where the secret is that it had before, while receivers change to the new one.
    pub previous_secret: Option<SecretSource>,
}

/// The events that a webhook is subscribed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subscription {
    /// All events.
    All,
    /// These, by their technical names.
    Only(Vec<String>),
}

/// `[send]`: the values of the flags of these names when they are not typed.
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
    /// `keep`: the number of requests, the newest.
    pub keep: Option<u32>,
    /// `older-than`: remove what is older than this.
    pub older_than: Option<Duration>,
}

/// A webhook's friendly name: one line of text that can also be typed as an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookName(String);

impl Subscription {
    /// Whether an event is among them.
    fn includes(&self, event: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(events) => events.iter().any(|known| known == event),
        }
    }
}

impl Webhook {
    /// Whether PGM would call it for this event. `Test` goes to all (documented: "Test all
    /// webhooks").
    pub fn is_subscribed_to(&self, event: &str) -> bool {
        event == TEST_EVENT || self.events.includes(event)
    }

    /// Its secret sources, the current one first.
    pub fn secret_sources(&self) -> impl Iterator<Item = &SecretSource> {
        std::iter::once(&self.secret).chain(&self.previous_secret)
    }
}

impl Config {
    /// The webhook of this name.
    pub fn webhook(&self, name: &str) -> Option<&Webhook> {
        self.webhooks.iter().find(|webhook| webhook.name.as_str() == name)
    }

    /// The webhooks that PGM would call for this event, in the order of the file.
    pub fn webhooks_for(&self, event: &str) -> Vec<&Webhook> {
        self.webhooks.iter().filter(|webhook| webhook.is_subscribed_to(event)).collect()
    }

    /// The folder of the file: relative paths in it, and its commands, start there.
    pub fn folder(&self) -> &Path {
        let folder = self.path.as_deref().and_then(Path::parent);
        folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }
}

impl WebhookName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebhookName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for WebhookName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_valid = !text.is_empty()
            && text.trim() == text
            && !text.starts_with('-')
            && !text.chars().any(char::is_control);
        match is_valid {
            true => Ok(Self(text.to_owned())),
            false => {
                Err("a webhook's name is one line of text that does not start with a dash or \
                          with white space, as in booking or \"New bookings\"")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_line_that_can_be_typed() {
        for good in ["booking", "New bookings", "zajęcia", "a-b"] {
            assert!(good.parse::<WebhookName>().is_ok(), "{good}");
        }
        for bad in ["", " a", "a ", "-a", "a\nb", "a\u{1b}b"] {
            assert!(bad.parse::<WebhookName>().is_err(), "{bad:?}");
        }
    }
}
