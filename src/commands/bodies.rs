//! Bodies that are to be signed, from the arguments.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::error::CliError;
use super::{editor, input};
use crate::cli::{DateAssignment, PayloadArgs, TargetUrl, TriggeredDate};
use crate::fixtures::{self, Fixture, Fixtures};
use crate::payload::{self, Assignment, EditError};
use crate::pgm::{self, Envelope};
use crate::report::{Output, escape};
use crate::text::{hide_password, nearest};

/// A body to be signed.
#[derive(Debug)]
pub(super) struct UnsignedBody {
    /// Its event, where it is known.
    pub(super) event: Option<String>,
    pub(super) body: Vec<u8>,
}

/// The value of `triggeredDate`.
pub(super) fn triggered_date(
    wanted: Option<TriggeredDate>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, CliError> {
    match wanted {
        None => Ok(now),
        Some(date) => date
            .resolve(now)
            .ok_or_else(|| CliError::new("a date of PGM is in the years 0 to 9999")),
    }
}

/// The body of each event, or the one of `--body`.
pub(super) fn bodies(
    events: &[String],
    args: &PayloadArgs,
    triggered_date: DateTime<Utc>,
    output: &mut Output,
) -> Result<Vec<UnsignedBody>, CliError> {
    if let Some(body) = &args.body {
        let body = input::text_or_file("--body", body)?;
        return Ok(vec![UnsignedBody { event: event_of(&body), body }]);
    }
    if events.is_empty() && args.has_edits() {
        return Err(CliError::new("--set, --add, --remove, --set-date and --edit need an EVENT"));
    }
    let mut bodies = Vec::new();
    for Fixture { event, data, .. } in samples(events, args, triggered_date)? {
        let body = Envelope { event: event.clone(), triggered_date, data }.to_body();
        bodies.push(match args.edit {
            true => in_editor(&serde_json::from_slice(&body)?, output)?,
            false => UnsignedBody { event: Some(event), body },
        });
    }
    Ok(bodies)
}

/// The sample of each event, with the edits of the arguments. Its dates are near `now`.
pub(super) fn samples(
    events: &[String],
    args: &PayloadArgs,
    now: DateTime<Utc>,
) -> Result<Vec<Fixture>, CliError> {
    let fixtures = Fixtures::open(args.fixtures.as_deref())?;
    let data = args.data.as_deref().map(read_data).transpose()?;
    let edited = |name: &String| {
        let mut sample = sample(name, &fixtures, args.unlisted, now)?;
        if let Some(data) = &data {
            sample.data = data_for(&sample.event, data)?;
        }
        edit(name, &mut sample.data, args, now)?;
        Ok(sample)
    };
    events.iter().map(edited).collect()
}

/// A captured body with the edits of the arguments: the body of a new request.
pub(super) fn edited(
    body: &[u8],
    args: &PayloadArgs,
    triggered_date: Option<TriggeredDate>,
    now: DateTime<Utc>,
    output: &mut Output,
) -> Result<UnsignedBody, CliError> {
    let mut json: Value = serde_json::from_slice(body)
        .map_err(|error| CliError::new(format!("--from: the body is not JSON: {error}")))?;
    if let Some(date) = triggered_date {
        json["triggeredDate"] = self::triggered_date(Some(date), now).map(pgm::format_date)?.into();
    }
    let event = json.get("event").and_then(Value::as_str).unwrap_or("(no event)").to_owned();
    match json.get_mut("data") {
        Some(data) => edit(&event, data, args, now)?,
        None => edit(&event, &mut json, args, now)?,
    }
    if args.edit {
        return in_editor(&json, output);
    }
    let body = serde_json::to_vec(&json)?;
    Ok(UnsignedBody { event: event_of(&body), body })
}

fn in_editor(json: &Value, output: &mut Output) -> Result<UnsignedBody, CliError> {
    let body = serde_json::to_vec(&editor::edit(json, output)?)?;
    Ok(UnsignedBody { event: event_of(&body), body })
}

/// The event that a body names, if it is an envelope.
pub(super) fn event_of(body: &[u8]) -> Option<String> {
    let json: Value = serde_json::from_slice(body).ok()?;
    json.get("event")?.as_str().map(str::to_owned)
}

/// The sample of an event; an error suggests similar names.
pub(super) fn sample(
    name: &str,
    fixtures: &Fixtures,
    unlisted: bool,
    now: DateTime<Utc>,
) -> Result<Fixture, CliError> {
    match fixtures.find(name, now)? {
        Some(sample) => Ok(sample),
        None if unlisted => Ok(Fixture::unlisted(name)),
        None => Err(unknown_event(name, &fixtures.names())),
    }
}

fn unknown_event(name: &str, known: &[&str]) -> CliError {
    if name.parse::<TargetUrl>().is_ok() {
        let url = hide_password(name);
        return CliError::new(format!("{} is a URL, not an event", escape(&url)))
            .help(format!("did you mean --url {}?", escape(&url)));
    }
    CliError::new(format!("there is no event \"{}\"", escape(name)))
        .suggest(nearest(name, known))
        .help(format!("the known events are {}", known.join(", ")))
        .help("to send an event that is not listed, add --unlisted and --data")
}

fn read_data(text: &str) -> Result<Value, CliError> {
    let bytes = input::text_or_file("--data", text)?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let json = serde_json::from_slice(text).map_err(|error| {
        CliError::new(format!("--data is not JSON: {error}"))
            .help("quote it for your shell: --data '{\"userId\": 7}'")
            .help("read it from a file with --data @FILE, from standard input with --data -")
    })?;
    Ok(json)
}

/// The `data` of `--data`, which may be a whole envelope, but not one of another event.
fn data_for(event: &str, json: &Value) -> Result<Value, CliError> {
    match fixtures::envelope(json) {
        None => Ok(json.clone()),
        Some((own, data)) if own == event => Ok(data.clone()),
        Some((own, _)) => {
            let own = escape(own);
            Err(CliError::new(format!("--data is an envelope of {own}, not of {event}"))
                .help(format!("to send it as {own}: pgwh send {own} --data …"))
                .help("to send it as it is: pgwh send --body …"))
        }
    }
}

fn edit(
    event: &str,
    data: &mut Value,
    args: &PayloadArgs,
    now: DateTime<Utc>,
) -> Result<(), CliError> {
    for assignment in &args.set {
        payload::set(data, assignment).map_err(|error| edit_error("--set", event, error))?;
    }
    for assignment in &args.add {
        payload::add(data, assignment).map_err(|error| edit_error("--add", event, error))?;
    }
    for DateAssignment { path, date } in &args.set_date {
        let date = triggered_date(Some(*date), now)?;
        // Written like the date that it replaces.
        let old = payload::get(data, path).and_then(Value::as_str).unwrap_or_default();
        let value = match old.parse::<NaiveDate>() {
            Ok(_) => date.format("%Y-%m-%d").to_string(),
            Err(_) => pgm::format_date(date),
        };
        let assignment = Assignment { path: path.clone(), value: value.into() };
        payload::set(data, &assignment).map_err(|error| edit_error("--set-date", event, error))?;
    }
    for path in &args.remove {
        payload::remove(data, path).map_err(|error| edit_error("--remove", event, error))?;
    }
    Ok(())
}

/// The error of a flag whose path does not fit `data`.
pub(super) fn edit_error(flag: &str, event: &str, error: EditError) -> CliError {
    let cli_error = CliError::new(format!("{flag}: {event}: {error}"));
    let EditError::Missing { nearest, known, path } = error else { return cli_error };
    cli_error
        .suggest(nearest.as_deref())
        .help(format!("data has {}", known.join(", ")))
        .help(format!("to add what is not there: --add {path}=…"))
}
