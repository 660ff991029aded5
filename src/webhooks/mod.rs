//! pgwh.toml: PGM's webhooks list as a file, and the defaults of `send`. Safe to commit, as secrets
//! are only referenced. Reads and writes files; prints nothing.

mod config;
mod edit;
mod parse;
mod search;
mod secret_source;

pub use config::{
    Config, InvalidWebhookName, RequestsSettings, SendDefaults, Subscription, Webhook, WebhookName,
};
pub use edit::{Changes, ConfigEditError, STARTER, add, change, remove};
pub use parse::{read, read_text};
pub use search::{FILE_NAME, SearchPath, SearchResult, TrustedCommands, find};
pub use secret_source::{SecretAccess, SecretError, SecretSource};
