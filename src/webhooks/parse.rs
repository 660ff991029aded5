//! Turns the text of pgwh.toml into a [`Config`], or says what is wrong with it, and where.

use std::path::Path;
use std::time::Duration;

use toml_edit::Item;
use url::Url;

use super::{Config, RequestsSettings, SecretSource, SendDefaults, Subscription, Webhook};
use crate::files::read_regular;
use crate::pgm;
use crate::text::{http_url, nearest};
use crate::toml_file::{KnownTable, TomlFileError, TomlText, decode_toml};

const SECRET_EXAMPLE: &str = "{ env = \"PGM_BOOKING_SECRET\" }";

/// The longest pgwh.toml, in bytes: the page reads it again and again (our choice).
const MAX_FILE: u64 = 1024 * 1024;

/// The longest duration that a key takes: a hundred years.
const MAX_DURATION: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Reads the file.
///
/// # Errors
/// When it is not a regular file (a pipe may never end) of at most a megabyte, cannot be read, or
/// something in it is not understood.
pub fn read(path: &Path) -> Result<Config, TomlFileError> {
    read_text(path, &decode_toml(path, read_regular(path, MAX_FILE))?)
}

/// Parses the text of the file at `path`.
///
/// # Errors
/// When something in it is not understood.
pub fn read_text(path: &Path, text: &str) -> Result<Config, TomlFileError> {
    let file = TomlText { path, text };
    let document = file.document()?;
    let root = document.as_table();
    let root = file.known("pgwh.toml", root, None, &["webhook", "send", "requests"])?;
    let mut warnings = Vec::new();
    Ok(Config {
        path: Some(path.to_owned()),
        webhooks: root
            .get("webhook")
            .map_or(Ok(vec![]), |item| webhooks(file, item, &mut warnings))?,
        send: root.get("send").map_or(Ok(SendDefaults::default()), |item| send(file, item))?,
        requests: root
            .get("requests")
            .map_or(Ok(RequestsSettings::default()), |item| requests(file, item))?,
        is_named: false,
        warnings,
    })
}

fn webhooks(
    file: TomlText<'_>,
    item: &Item,
    warnings: &mut Vec<TomlFileError>,
) -> Result<Vec<Webhook>, TomlFileError> {
    let Some(tables) = item.as_array_of_tables() else {
        return Err(file
            .error(item.span(), "webhooks are a list")
            .help("begin each with [[webhook]], in two brackets"));
    };
    let mut webhooks: Vec<Webhook> = Vec::new();
    for table in tables {
        let known = ["name", "url", "events", "secret", "previous-secret"];
        let fields = file.known("[[webhook]]", table, table.span(), &known)?;
        let webhook = webhook(file, &fields)?;
        if webhooks.iter().any(|other| other.name == webhook.name) {
            let span = table.get("name").and_then(Item::span);
            let message = format!("there are two webhooks with the name {}", webhook.name);
            return Err(file.error(span, message).help("give each a name of its own"));
        }
        if let (Some(item), Subscription::Only(events)) = (fields.get("events"), &webhook.events) {
            warnings.extend(mistyped_events(&fields, item, events));
        }
        webhooks.push(webhook);
    }
    Ok(webhooks)
}

fn webhook<'a>(file: TomlText<'a>, fields: &KnownTable<'a>) -> Result<Webhook, TomlFileError> {
    let name = fields.required("name", "\"booking\"")?;
    let url = fields.required("url", "\"https://staging.example.com/pgm\"")?;
    let secret = fields.required("secret", SECRET_EXAMPLE)?;
    let previous = fields.get("previous-secret");
    Ok(Webhook {
        name: fields.parsed("name", name, str::parse)?,
        url: fields.parsed("url", url, parse_url)?,
        events: fields.get("events").map_or(Ok(Subscription::All), |item| events(fields, item))?,
        secret: secret_source(file, fields, "secret", secret)?,
        previous_secret: previous
            .map(|item| secret_source(file, fields, "previous-secret", item))
            .transpose()?,
    })
}

fn parse_url(text: &str) -> Result<Url, String> {
    http_url(text)?.ok_or_else(|| {
        "expected an https or http URL, as in https://staging.example.com/pgm".to_owned()
    })
}

fn events<'a>(fields: &KnownTable<'a>, item: &'a Item) -> Result<Subscription, TomlFileError> {
    match item.as_str() {
        Some("all") => Ok(Subscription::All),
        Some(_) => Err(fields
            .error(item, "events is \"all\" or a list")
            .help("as in events = [\"ClassesBooked\", \"ClassesBookingCancelled\"]")),
        None => fields.texts("events", item).map(Subscription::Only),
    }
}

/// Events that look like a known one and are none. Others may be events of PGM that are not known.
fn mistyped_events(fields: &KnownTable<'_>, item: &Item, events: &[String]) -> Vec<TomlFileError> {
    let known: Vec<_> = pgm::event_names().collect();
    let mistyped = |name: &&String| !known.contains(&name.as_str());
    let warning = |name: &String| {
        let nearest = nearest(name, &known)?;
        let message = format!("PGM is not known to have an event {name:?}");
        Some(fields.error(item, message).help(format!("did you mean {nearest}?")))
    };
    events.iter().filter(mistyped).filter_map(warning).collect()
}

fn secret_source<'a>(
    file: TomlText<'a>,
    webhook: &KnownTable<'a>,
    key: &'static str,
    item: &'a Item,
) -> Result<SecretSource, TomlFileError> {
    if item.is_str() {
        return Err(webhook
            .error(item, "secrets don't belong in this file; reference one")
            .help(format!("as in {key} = {SECRET_EXAMPLE}"))
            .help("or { file = \"pgm.secret\" }, or { command = [\"pass\", \"pgm/booking\"] }"));
    }
    let fields = file.table(key, item, &["env", "file", "command"])?;
    match (fields.get("env"), fields.get("file"), fields.get("command")) {
        (Some(env), None, None) => Ok(SecretSource::Env(fields.non_empty("env", env)?)),
        (None, Some(path), None) => Ok(SecretSource::File(fields.non_empty("file", path)?.into())),
        (None, None, Some(command)) => match fields.texts("command", command)? {
            words if words.is_empty() => {
                Err(fields.error(command, "command is a program, followed by its arguments"))
            }
            words => Ok(SecretSource::Command(words)),
        },
        _ => Err(fields
            .error(item, format!("{key} has one source: env, file or command"))
            .help(format!("as in {key} = {SECRET_EXAMPLE}"))),
    }
}

fn send(file: TomlText<'_>, item: &Item) -> Result<SendDefaults, TomlFileError> {
    let known = ["timeout", "retries", "fixtures", "ca-cert"];
    let fields = file.table("[send]", item, &known)?;
    let folder = file.path.parent().unwrap_or(Path::new(""));
    let path = |key: &str| {
        let item = fields.get(key);
        item.map(|item| fields.non_empty(key, item).map(|path| folder.join(path))).transpose()
    };
    Ok(SendDefaults {
        timeout: duration(&fields, "timeout")?,
        retries: fields.number("retries", 0..=u32::MAX)?,
        fixtures: path("fixtures")?,
        ca_cert: path("ca-cert")?,
    })
}

fn requests(file: TomlText<'_>, item: &Item) -> Result<RequestsSettings, TomlFileError> {
    let fields = file.table("[requests]", item, &["keep", "older-than"])?;
    Ok(RequestsSettings {
        keep: fields.number("keep", 0..=u32::MAX)?,
        older_than: duration(&fields, "older-than")?,
    })
}

fn duration(fields: &KnownTable<'_>, key: &str) -> Result<Option<Duration>, TomlFileError> {
    let parse = |text: &str| match humantime::parse_duration(text) {
        Ok(duration) if duration <= MAX_DURATION => Ok(duration),
        Ok(_) => Err("the longest is 36500d"),
        Err(_) => Err("expected a number with a unit, such as 5s, 250ms or 30d"),
    };
    fields.get(key).map(|item| fields.parsed(key, item, parse)).transpose()
}
