//! The lists of events, of receivers to start from, and of webhooks, without a secret in it.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::request::payload_block;
use super::{OutputFormat, Palette, escape, json_line};
use crate::files::error_text;
use crate::fixtures::{Fixture, Origin};
use crate::pgm::{Confidence, Envelope};
use crate::scaffold::Scaffold;
use crate::text::{shown_name, shown_url};
use crate::webhooks::{SecretAccess, SecretError, SecretSource, Subscription, Webhook};

/// One line an event.
pub fn event_list(
    format: OutputFormat,
    samples: &[(&str, Fixture)],
    date: DateTime<Utc>,
    palette: Palette,
) -> String {
    if format == OutputFormat::Json {
        return samples.iter().map(|(name, sample)| event_json(name, sample, date)).collect();
    }
    let width = samples.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for (name, sample) in samples {
        let (when, payload) = about(name, sample);
        text += &format!(
            "{}  {}\n{:width$}  {}\n",
            palette.highlight(&format!("{:<width$}", escape(name))),
            when,
            "",
            palette.dim(&format!("payload: {payload}")),
        );
    }
    text
}

/// One event: what it is, its sample body, and how sure each field is.
pub fn event_page(
    format: OutputFormat,
    name: &str,
    sample: &Fixture,
    date: DateTime<Utc>,
    palette: Palette,
) -> String {
    if format == OutputFormat::Json {
        return event_json(name, sample, date);
    }
    let (when, payload) = about(name, sample);
    let mut text = format!("{}: {when}\n", palette.bold(&escape(name)));
    text += &format!("payload: {payload}\n");
    let event = sample.described();
    if let Some(note) = event.as_ref().and_then(|event| event.note.as_ref()) {
        text += &format!("note: {note}\n");
    }
    text += &format!("\n{}", payload_block(&envelope(sample, date).to_body(), palette));
    if let Some(event) = event {
        let width = event.fields.keys().map(String::len).max().unwrap_or_default();
        text += "\n";
        for path in event.fields.keys() {
            let confidence = event.confidence(path).unwrap_or(Confidence::Illustrative);
            text += &format!("{path:<width$}  {}\n", sure(confidence, palette));
        }
    }
    text
}

/// One event as a line of JSON.
fn event_json(name: &str, sample: &Fixture, date: DateTime<Utc>) -> String {
    let (when, payload) = about(name, sample);
    let fields = sample.described().map(|event| event.fields).unwrap_or_default();
    let file = match &sample.origin {
        Origin::File(path) => Value::from(path.display().to_string()),
        Origin::BuiltIn | Origin::Unlisted => Value::Null,
    };
    let body = String::from_utf8_lossy(&envelope(sample, date).to_body()).into_owned();
    let json = json!({
        "type": "event",
        "name": name,
        "event": sample.event,
        "when": when,
        "payload": payload,
        "fields": fields,
        "file": file,
        "data": sample.data,
        "body": body,
    });
    json_line(&json)
}

fn envelope(sample: &Fixture, triggered_date: DateTime<Utc>) -> Envelope {
    Envelope { event: sample.event.clone(), triggered_date, data: sample.data.clone() }
}

/// When the event is sent, and how sure its payload is.
fn about(name: &str, sample: &Fixture) -> (String, String) {
    match (sample.described(), &sample.origin) {
        (Some(event), _) => {
            let payload = event.summary();
            (event.when, payload)
        }
        (None, Origin::File(path)) => {
            let when = match crate::pgm::find(&sample.event) {
                Some(event) if sample.event == name => event.when,
                Some(event) => format!("{}: {}", event.event, event.when),
                None => format!("{}, an event of your own", escape(&shown_name(&sample.event))),
            };
            (when, format!("your own, {}", escape(&path.display().to_string())))
        }
        (None, Origin::BuiltIn | Origin::Unlisted) => {
            ("an event of your own".to_owned(), "your own".to_owned())
        }
    }
}

fn sure(confidence: Confidence, palette: Palette) -> String {
    let word = confidence.to_string();
    match confidence {
        Confidence::Documented | Confidence::Observed => palette.success(&word),
        Confidence::ReadByReceiver => word,
        Confidence::Illustrative => palette.dim(&word),
    }
}

/// One line a receiver.
pub fn scaffold_list(format: OutputFormat, all: &[Scaffold], palette: Palette) -> String {
    if format == OutputFormat::Json {
        return all.iter().map(scaffold_json).collect();
    }
    let width = all.iter().map(|scaffold| scaffold.name.len()).max().unwrap_or_default();
    let line = |scaffold: &Scaffold| {
        format!(
            "{}  {}\n",
            palette.highlight(&format!("{:<width$}", scaffold.name)),
            scaffold.title()
        )
    };
    all.iter().map(line).collect()
}

/// A receiver with all its files, as a line of JSON.
pub fn scaffold_json(scaffold: &Scaffold) -> String {
    let file = |(path, text): &(&str, &str)| json!({ "path": path, "text": text });
    json_line(&json!({
        "type": "receiver",
        "name": scaffold.name,
        "title": scaffold.title(),
        "commands": scaffold.commands().collect::<Vec<_>>(),
        "files": scaffold.files.iter().map(file).collect::<Vec<_>>(),
    }))
}

/// Which files were written, and how to run them.
pub fn scaffold_written(
    format: OutputFormat,
    scaffold: &Scaffold,
    folder: &Path,
    palette: Palette,
) -> String {
    if format == OutputFormat::Json {
        return json_line(&json!({
            "type": "written",
            "name": scaffold.name,
            "title": scaffold.title(),
            "commands": scaffold.commands().collect::<Vec<_>>(),
            "files": scaffold_paths(scaffold, folder).collect::<Vec<_>>(),
        }));
    }
    let mut text = String::new();
    for path in scaffold_paths(scaffold, folder) {
        text += &format!("wrote {}\n", escape(&path));
    }
    text += &format!("\n{}\n", palette.bold("Run and check it:"));
    text += &format!("  cd {}\n", escape(&folder.display().to_string()));
    for command in scaffold.commands() {
        text += &format!("  {command}\n");
    }
    text
}

fn scaffold_paths<'a>(
    scaffold: &'a Scaffold,
    folder: &'a Path,
) -> impl Iterator<Item = String> + 'a {
    scaffold.files.iter().map(|(path, _)| folder.join(path).display().to_string())
}

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
pub fn webhook_list(
    format: OutputFormat,
    webhooks: &[ShownWebhook<'_>],
    palette: Palette,
) -> String {
    if format == OutputFormat::Json {
        return webhooks.iter().map(webhook_json).collect();
    }
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
fn webhook_json(shown: &ShownWebhook<'_>) -> String {
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
        (SecretAccess::Missing(SecretError::File(_, error)), _) => {
            palette.error(&format!("({})", escape(&error_text(error))))
        }
        (SecretAccess::Missing(error), _) => {
            palette.error(&format!("({})", escape(&error.to_string())))
        }
    }
}
