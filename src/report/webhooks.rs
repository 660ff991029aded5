//! The webhooks list, without a secret in it.

use serde_json::{Value, json};

use super::json::json_line;
use super::{Palette, escape};
use crate::files::error_text;
use crate::text::shown_url;
use crate::webhooks::{SecretAccess, SecretError, SecretSource, Subscription, Webhook};

/// A webhook, and whether its secrets are available.
#[derive(Debug)]
pub struct ShownWebhook<'a> {
    /// The webhook.
    pub webhook: &'a Webhook,
    /// Whether its secret is available.
    pub access: SecretAccess,
    /// Whether its previous secret is available, if it has one.
    pub previous_access: Option<SecretAccess>,
}

/// Three or four lines for each webhook.
pub fn webhook_list(webhooks: &[ShownWebhook<'_>], palette: Palette) -> String {
    let name = |shown: &ShownWebhook<'_>| escape(shown.webhook.name.as_str());
    let width = webhooks.iter().map(|shown| name(shown).chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for shown in webhooks {
        let webhook = shown.webhook;
        let margin = " ".repeat(width);
        let name = name(shown);
        let padding = " ".repeat(width - name.chars().count());
        let url = escape(&shown_url(&webhook.url));
        text += &format!("{}{padding}  {url}\n", palette.highlight(&name));
        let events = format!("events: {}", escape(&subscription(&webhook.events)));
        text += &format!("{margin}  {}\n", palette.dim(&events));
        let previous = webhook.previous_secret.as_ref().zip(shown.previous_access.as_ref());
        for (label, source, access) in std::iter::once(("secret", &webhook.secret, &shown.access))
            .chain(previous.map(|(source, access)| ("previous secret", source, access)))
        {
            let reference = palette.dim(&format!("{label}: {}", escape(&source.to_string())));
            text += &format!("{margin}  {reference} {}\n", access_text(source, access, palette));
        }
    }
    text
}

/// One line of JSON.
pub fn webhook_json(shown: &ShownWebhook<'_>) -> String {
    let Webhook { name, url, events, secret, previous_secret } = shown.webhook;
    let previous = previous_secret.as_ref().zip(shown.previous_access.as_ref());
    let json = json!({
        "type": "webhook",
        "name": name.as_str(),
        "url": shown_url(url),
        "events": match events {
            Subscription::All => Value::from("all"),
            Subscription::Only(names) => Value::from(names.clone()),
        },
        "secret": secret_json(secret, &shown.access),
        "previousSecret": previous.map(|(source, access)| secret_json(source, access)),
    });
    json_line(&json)
}

/// The subscriptions of each webhook, a line each, for a message.
pub fn subscriptions(webhooks: &[Webhook]) -> Vec<String> {
    let line = |webhook: &Webhook| {
        format!("{} is subscribed to {}", webhook.name, subscription(&webhook.events))
    };
    webhooks.iter().map(line).collect()
}

fn secret_json(source: &SecretSource, access: &SecretAccess) -> Value {
    let (kind, reference) = match source {
        SecretSource::Env(name) => ("env", name.clone()),
        SecretSource::File(path) => ("file", path.display().to_string()),
        SecretSource::Command(words) => ("command", words.join(" ")),
    };
    let (access, reason) = match access {
        SecretAccess::Available => ("available", None),
        SecretAccess::NotChecked => ("not-checked", None),
        SecretAccess::Missing(error) => ("missing", Some(error.to_string())),
    };
    json!({"source": kind, "reference": reference, "access": access, "reason": reason})
}

fn subscription(events: &Subscription) -> String {
    match events {
        Subscription::All => "all".to_owned(),
        Subscription::Only(names) if names.is_empty() => "none".to_owned(),
        Subscription::Only(names) => names.join(", "),
    }
}

/// What follows the source in parentheses; the source itself is not repeated.
fn access_text(source: &SecretSource, access: &SecretAccess, palette: Palette) -> String {
    match (access, source) {
        (SecretAccess::Available, SecretSource::Env(_)) => palette.success("(set)"),
        (SecretAccess::Available, _) => palette.success("(readable)"),
        (SecretAccess::NotChecked, _) => palette.dim("(runs when it is needed)"),
        (SecretAccess::Missing(SecretError::NotSet(_)), _) => palette.error("(not set)"),
        (SecretAccess::Missing(SecretError::Empty(_)), _) => palette.error("(empty)"),
        (SecretAccess::Missing(SecretError::File { error, .. }), _) => {
            palette.error(&format!("({})", escape(&error_text(error))))
        }
        (SecretAccess::Missing(error), _) => {
            palette.error(&format!("({})", escape(&error.to_string())))
        }
    }
}
