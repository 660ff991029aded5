//! Changes the text of pgwh.toml; its comments, its order and everything else in it stay.

use toml_edit::{
    Array, ArrayOfTables, DocumentMut, InlineTable, Item, RawString, Table, TomlError, Value, value,
};
use url::Url;

use super::{SecretSource, Subscription, Webhook, WebhookName};

/// A commented example of pgwh.toml, valid as it is: one webhook, the rest commented out.
pub const STARTER: &str = include_str!("starter.toml");

/// What is to change about a webhook.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Another name.
    pub name: Option<WebhookName>,
    /// Another URL.
    pub url: Option<Url>,
    /// Another subscription.
    pub events: Option<Subscription>,
    /// Another source of the secret.
    pub secret: Option<SecretSource>,
    /// Another source of the previous secret; `Some(None)` removes it.
    pub previous_secret: Option<Option<SecretSource>>,
}

/// Why a file cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum ConfigEditError {
    /// It is not TOML.
    #[error("it is not TOML: {0}")]
    Toml(#[from] TomlError),
    /// It has no webhook of that name.
    #[error("it has no webhook {0}")]
    Missing(String),
    /// Its `webhook` is not a list of tables.
    #[error("its webhooks are not written as [[webhook]]")]
    Shape,
}

/// The text with one more webhook, after those that are there.
///
/// # Errors
/// When the text is not a pgwh.toml.
pub fn add(text: &str, webhook: &Webhook) -> Result<String, ConfigEditError> {
    let mut document: DocumentMut = text.parse()?;
    let mut table = Table::new();
    table.insert("name", value(webhook.name.as_str()));
    table.insert("url", value(webhook.url.as_str()));
    table.insert("events", events(&webhook.events));
    table.insert("secret", secret(&webhook.secret));
    if let Some(previous) = &webhook.previous_secret {
        table.insert("previous-secret", secret(previous));
    }
    if !text.trim().is_empty() {
        table.decor_mut().set_prefix("\n");
    }
    let list = document.entry("webhook").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    list.as_array_of_tables_mut().ok_or(ConfigEditError::Shape)?.push(table);
    Ok(document.to_string())
}

/// The text with the webhook of this name changed.
///
/// # Errors
/// When there is no such webhook.
pub fn change(text: &str, name: &str, changes: &Changes) -> Result<String, ConfigEditError> {
    let mut document: DocumentMut = text.parse()?;
    let index = position(&document, name)?;
    let table = tables(&mut document)?
        .get_mut(index)
        .ok_or_else(|| ConfigEditError::Missing(name.to_owned()))?;
    let items = [
        ("name", changes.name.as_ref().map(|name| value(name.as_str()))),
        ("url", changes.url.as_ref().map(|url| value(url.as_str()))),
        ("events", changes.events.as_ref().map(events)),
        ("secret", changes.secret.as_ref().map(secret)),
        ("previous-secret", changes.previous_secret.iter().flatten().next().map(secret)),
    ];
    for (key, item) in items {
        if let Some(item) = item {
            replace(table, key, item);
        }
    }
    if changes.previous_secret == Some(None) {
        table.remove("previous-secret");
    }
    Ok(document.to_string())
}

/// The text without the webhook of this name. Comments directly above it go with it; those
/// separated by an empty line stay.
///
/// # Errors
/// When there is no such webhook.
pub fn remove(text: &str, name: &str) -> Result<String, ConfigEditError> {
    let mut document: DocumentMut = text.parse()?;
    let index = position(&document, name)?;
    let list = tables(&mut document)?;
    let removed = list.remove(index);
    let kept = removed.decor().prefix().and_then(RawString::as_str).and_then(separate_comments);
    if list.is_empty() {
        document.remove("webhook");
    }
    if let Some(kept) = kept {
        move_to_next(&mut document, index, kept);
    }
    Ok(document.to_string())
}

/// Replaces a value; the comment behind it stays.
fn replace(table: &mut Table, key: &str, item: Item) {
    let Some(old) = table.get_mut(key) else {
        table.insert(key, item);
        return;
    };
    let decor = old.as_value().map(|old| old.decor().clone());
    *old = item;
    if let (Some(decor), Some(new)) = (decor, old.as_value_mut()) {
        *new.decor_mut() = decor;
    }
}

/// The part of a table's comments that is not directly above it.
fn separate_comments(prefix: &str) -> Option<String> {
    let end = prefix.rfind("\n\n")? + 1;
    let kept = &prefix[..end];
    kept.contains('#').then(|| kept.to_owned())
}

/// Moves comments to what follows the removed webhook.
fn move_to_next(document: &mut DocumentMut, index: usize, kept: String) {
    let next = document
        .get_mut("webhook")
        .and_then(Item::as_array_of_tables_mut)
        .and_then(|list| list.get_mut(index));
    match next {
        Some(table) => {
            let own = table.decor().prefix().and_then(RawString::as_str).unwrap_or_default();
            let prefix = format!("{kept}{}{own}", if own.starts_with('\n') { "" } else { "\n" });
            table.decor_mut().set_prefix(prefix);
        }
        None => {
            let rest = document.trailing().as_str().unwrap_or_default().to_owned();
            document.set_trailing(format!("{kept}{rest}"));
        }
    }
}

fn tables(document: &mut DocumentMut) -> Result<&mut ArrayOfTables, ConfigEditError> {
    document.get_mut("webhook").and_then(Item::as_array_of_tables_mut).ok_or(ConfigEditError::Shape)
}

fn position(document: &DocumentMut, name: &str) -> Result<usize, ConfigEditError> {
    let list = document.get("webhook").and_then(Item::as_array_of_tables);
    list.into_iter()
        .flatten()
        .position(|table| table.get("name").and_then(Item::as_str) == Some(name))
        .ok_or_else(|| ConfigEditError::Missing(name.to_owned()))
}

fn events(events: &Subscription) -> Item {
    match events {
        Subscription::All => value("all"),
        Subscription::Only(names) => value(names.iter().collect::<Array>()),
    }
}

fn secret(source: &SecretSource) -> Item {
    let (key, reference) = match source {
        SecretSource::Env(name) => ("env", Value::from(name)),
        SecretSource::File(path) => ("file", Value::from(path.display().to_string())),
        SecretSource::Command(words) => ("command", Value::from(words.iter().collect::<Array>())),
    };
    let mut table = InlineTable::new();
    table.insert(key, reference);
    value(table)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::webhooks::read_text;

    #[test]
    fn the_starter_is_valid_and_so_is_each_line_of_it_without_its_hash() {
        let config = read_text(Path::new("pgwh.toml"), STARTER).unwrap();
        assert_eq!(config.webhooks.len(), 1);
        let line = |line: &str| match line.strip_prefix("# ") {
            Some(code) if code.contains(" = ") && !code.contains("command = ") => code.to_owned(),
            Some("[[webhook]]") => "[[webhook]]".to_owned(),
            _ => line.to_owned(),
        };
        let all: Vec<_> = STARTER.lines().map(line).collect();
        let config = read_text(Path::new("pgwh.toml"), &all.join("\n")).unwrap();
        assert_eq!(config.webhooks.len(), 2);
        assert!(config.webhooks[1].previous_secret.is_some());
        assert_eq!((config.send.retries, config.requests.keep), (Some(3), Some(1000)));
    }
}
