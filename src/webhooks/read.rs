//! From the file's text to its meaning, or to what is wrong with it, and where.

use std::fs;
use std::path::Path;
use std::time::Duration;

use toml_edit::{Document, Item};
use url::Url;

use super::fields::{Fields, Source};
use super::{
    Config, ConfigError, RequestsSettings, SecretSource, SendDefaults, Subscription, Webhook,
};

const SECRET_EXAMPLE: &str = "{ env = \"PGM_BOOKING_SECRET\" }";

/// Reads the file.
///
/// # Errors
/// When it cannot be read, or says something that cannot be understood.
pub fn read(path: &Path) -> Result<Config, ConfigError> {
    let failed = |error| ConfigError::whole(path, format!("cannot read it: {error}"));
    let bytes = fs::read(path).map_err(failed)?;
    match std::str::from_utf8(&bytes) {
        // Editors on Windows like to put a byte order mark first.
        Ok(text) => read_text(path, text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(_) => Err(ConfigError::whole(path, "it is not UTF-8 text")),
    }
}

/// Understands the text of the file at `path`.
///
/// # Errors
/// When it says something that cannot be understood.
pub fn read_text(path: &Path, text: &str) -> Result<Config, ConfigError> {
    let source = Source { path, text };
    let document = Document::parse(text)
        .map_err(|error| source.error(error.span(), error.message().replace('\n', ", ")))?;
    let root = document.as_table();
    let root = source.known("pgwh.toml", root, None, &["webhook", "send", "requests"])?;
    let config = Config {
        path: Some(path.to_owned()),
        webhooks: root.get("webhook").map_or(Ok(vec![]), |item| webhooks(source, item))?,
        send: root.get("send").map_or(Ok(SendDefaults::default()), |item| send(source, item))?,
        requests: root
            .get("requests")
            .map_or(Ok(RequestsSettings::default()), |item| requests(source, item))?,
    };
    Ok(config)
}

fn webhooks(source: Source<'_>, item: &Item) -> Result<Vec<Webhook>, ConfigError> {
    let Some(tables) = item.as_array_of_tables() else {
        return Err(source
            .error(item.span(), "webhooks are a list")
            .help("begin each with [[webhook]], in two brackets"));
    };
    let mut webhooks: Vec<Webhook> = Vec::new();
    for table in tables {
        let known = ["name", "url", "events", "secret"];
        let fields = source.known("[[webhook]]", table, table.span(), &known)?;
        let webhook = webhook(source, &fields)?;
        if webhooks.iter().any(|other| other.name == webhook.name) {
            let place = table.get("name").and_then(Item::span);
            let message = format!("there are two webhooks with the name {}", webhook.name);
            return Err(source.error(place, message).help("give each a name of its own"));
        }
        webhooks.push(webhook);
    }
    Ok(webhooks)
}

fn webhook<'a>(source: Source<'a>, fields: &Fields<'a>) -> Result<Webhook, ConfigError> {
    let name = fields.required("name", "\"booking\"")?;
    let url = fields.required("url", "\"https://staging.example.com/pgm\"")?;
    let secret = fields.required("secret", SECRET_EXAMPLE)?;
    Ok(Webhook {
        name: fields.parsed("name", name, |text| {
            text.parse().map_err(|why: super::InvalidName| why.to_string())
        })?,
        url: fields.parsed("url", url, parse_url)?,
        events: fields.get("events").map_or(Ok(Subscription::All), |item| events(fields, item))?,
        secret: secret_source(source, fields, secret)?,
    })
}

fn parse_url(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ => Err("expected an https or http URL, as in https://staging.example.com/pgm".to_owned()),
    }
}

fn events<'a>(fields: &Fields<'a>, item: &'a Item) -> Result<Subscription, ConfigError> {
    match item.as_str() {
        Some("all") => Ok(Subscription::All),
        Some(_) => Err(fields
            .wrong(item, "events is \"all\" or a list")
            .help("as in events = [\"ClassesBooked\", \"ClassesBookingCancelled\"]")),
        None => fields.texts("events", item).map(Subscription::Only),
    }
}

fn secret_source<'a>(
    source: Source<'a>,
    webhook: &Fields<'a>,
    item: &'a Item,
) -> Result<SecretSource, ConfigError> {
    if item.is_str() {
        return Err(webhook
            .wrong(item, "a secret does not belong into this file: refer to it instead")
            .help(format!("as in secret = {SECRET_EXAMPLE}"))
            .help("or { file = \"pgm.secret\" }, or { command = [\"pass\", \"pgm/booking\"] }"));
    }
    let fields = source.fields("secret", item, &["env", "file", "command"])?;
    match (fields.get("env"), fields.get("file"), fields.get("command")) {
        (Some(env), None, None) => Ok(SecretSource::Env(filled(&fields, "env", env)?)),
        (None, Some(file), None) => Ok(SecretSource::File(filled(&fields, "file", file)?.into())),
        (None, None, Some(command)) => match fields.texts("command", command)? {
            words if words.is_empty() => {
                Err(fields.wrong(command, "command names a program, then its arguments"))
            }
            words => Ok(SecretSource::Command(words)),
        },
        _ => Err(fields
            .wrong(item, "secret has one source: env, file or command")
            .help(format!("as in secret = {SECRET_EXAMPLE}"))),
    }
}

fn filled<'a>(fields: &Fields<'a>, key: &str, item: &'a Item) -> Result<String, ConfigError> {
    match fields.text(key, item)? {
        "" => Err(fields.wrong(item, format!("{key} is empty"))),
        text => Ok(text.to_owned()),
    }
}

fn send(source: Source<'_>, item: &Item) -> Result<SendDefaults, ConfigError> {
    let known = ["timeout", "retries", "fixtures", "ca-cert"];
    let fields = source.fields("[send]", item, &known)?;
    let folder = source.path.parent().unwrap_or(Path::new(""));
    let path = |key: &str| {
        let item = fields.get(key);
        item.map(|item| filled(&fields, key, item).map(|path| folder.join(path))).transpose()
    };
    Ok(SendDefaults {
        timeout: duration(&fields, "timeout")?,
        retries: number(&fields, "retries")?,
        fixtures: path("fixtures")?,
        ca_cert: path("ca-cert")?,
    })
}

fn requests(source: Source<'_>, item: &Item) -> Result<RequestsSettings, ConfigError> {
    let fields = source.fields("[requests]", item, &["keep", "older-than"])?;
    Ok(RequestsSettings {
        keep: number(&fields, "keep")?,
        older_than: duration(&fields, "older-than")?,
    })
}

fn number(fields: &Fields<'_>, key: &str) -> Result<Option<u32>, ConfigError> {
    fields.get(key).map(|item| fields.number(key, item)).transpose()
}

fn duration(fields: &Fields<'_>, key: &str) -> Result<Option<Duration>, ConfigError> {
    let parse = |text: &str| {
        humantime::parse_duration(text)
            .map_err(|_| "expected a number with a unit, such as 5s, 250ms or 30d".to_owned())
    };
    fields.get(key).map(|item| fields.parsed(key, item, parse)).transpose()
}
