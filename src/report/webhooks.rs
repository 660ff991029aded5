//! The webhooks list, without a secret in it.

use serde_json::{Value, json};

use super::json::json_line;
use super::{Palette, escape};
use crate::text::shown_url;
use crate::webhooks::{Access, SecretSource, Subscription, Webhook};

/// A webhook, and whether its secret can be had.
#[derive(Debug)]
pub struct ShownWebhook<'a> {
    /// The webhook.
    pub webhook: &'a Webhook,
    /// What looking for its secret found.
    pub access: Access,
}

/// Three lines a webhook.
pub fn webhook_list(webhooks: &[ShownWebhook<'_>], palette: Palette) -> String {
    let name = |shown: &ShownWebhook<'_>| escape(shown.webhook.name.as_str());
    let width = webhooks.iter().map(|shown| name(shown).chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for shown in webhooks {
        text += &format!(
            "{}  {}\n{:width$}  {}\n{:width$}  {} {}\n",
            palette.name(&format!("{:<width$}", name(shown))),
            escape(&shown_url(&shown.webhook.url)),
            "",
            palette.faint(&format!("events: {}", escape(&subscription(&shown.webhook.events)))),
            "",
            palette.faint(&format!("secret: {},", escape(&shown.webhook.secret.to_string()))),
            access(&shown.access, palette),
        );
    }
    text
}

/// One line of JSON.
pub fn webhook_json(shown: &ShownWebhook<'_>) -> String {
    let Webhook { name, url, events, secret } = shown.webhook;
    let why = match &shown.access {
        Access::Missing(error) => Value::from(error.to_string()),
        Access::Ready | Access::Unasked => Value::Null,
    };
    let json = json!({
        "type": "webhook",
        "name": name.as_str(),
        "url": shown_url(url),
        "events": match events {
            Subscription::All => Value::from("all"),
            Subscription::Only(names) => Value::from(names.clone()),
        },
        "secret": {
            "source": match secret {
                SecretSource::Env(_) => "env",
                SecretSource::File(_) => "file",
                SecretSource::Command(_) => "command",
            },
            "reference": match secret {
                SecretSource::Env(name) => name.clone(),
                SecretSource::File(path) => path.display().to_string(),
                SecretSource::Command(words) => words.join(" "),
            },
            "access": match &shown.access {
                Access::Ready => "ready",
                Access::Unasked => "unasked",
                Access::Missing(_) => "missing",
            },
            "why": why,
        },
    });
    json_line(&json)
}

/// Who listens to what: a line each, for a message.
pub fn listeners(webhooks: &[Webhook]) -> Vec<String> {
    let line = |webhook: &Webhook| {
        format!("{} listens to {}", webhook.name, subscription(&webhook.events))
    };
    webhooks.iter().map(line).collect()
}

fn subscription(events: &Subscription) -> String {
    match events {
        Subscription::All => "all".to_owned(),
        Subscription::Only(names) if names.is_empty() => "none".to_owned(),
        Subscription::Only(names) => names.join(", "),
    }
}

fn access(access: &Access, palette: Palette) -> String {
    match access {
        Access::Ready => palette.good("there"),
        Access::Unasked => palette.faint("run when it is needed"),
        Access::Missing(error) => palette.bad(&escape(&error.to_string())),
    }
}
