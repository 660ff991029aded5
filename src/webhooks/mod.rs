//! The webhooks file, `pgwh.toml`: what PGM's webhooks list holds, and the defaults of `send`.
//! Safe to commit, as secrets are only referred to. Reads and writes files; prints nothing.

mod config;
mod edit;
mod error;
mod fields;
mod locate;
mod names;
mod read;
mod source;
mod starter;

pub use config::{Config, RequestsSettings, SendDefaults, Subscription, Webhook};
pub use edit::{Changes, EditError, add, change, remove};
pub use error::ConfigError;
pub use locate::{FILE_NAME, Places, find};
pub use names::{InvalidName, WebhookName};
pub use read::{read, read_text};
pub use source::{Access, SecretError, SecretSource};
pub use starter::STARTER;
