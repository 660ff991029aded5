//! Bodies that are to be signed, from the arguments.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::error::CliError;
use super::input;
use crate::cli::{PayloadArgs, TriggeredDate};
use crate::fixtures::{self, Fixture, Fixtures};
use crate::payload::{self, EditError};
use crate::pgm::Envelope;
use crate::report::escape;
use crate::text::nearest;

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
        Some(date) => date.resolve(now).ok_or_else(|| {
            CliError::new("--triggered-date: a date of PGM is in the years 0 to 9999")
        }),
    }
}

/// The body of each event, or the one of `--body`.
pub(super) fn bodies(
    events: &[String],
    args: &PayloadArgs,
    triggered_date: DateTime<Utc>,
) -> Result<Vec<UnsignedBody>, CliError> {
    if let Some(body) = &args.body {
        let body = input::text_or_file("--body", body)?;
        return Ok(vec![UnsignedBody { event: event_of(&body), body }]);
    }
    let body = |sample: Fixture| {
        let Fixture { event, data, .. } = sample;
        let body = Envelope { event: event.clone(), triggered_date, data }.to_body();
        UnsignedBody { event: Some(event), body }
    };
    Ok(samples(events, args)?.into_iter().map(body).collect())
}

/// The sample of each event, with the edits of the arguments.
pub(super) fn samples(events: &[String], args: &PayloadArgs) -> Result<Vec<Fixture>, CliError> {
    let fixtures = Fixtures::open(args.fixtures.as_deref())?;
    let data = args.data.as_deref().map(read_data).transpose()?;
    let changed = |name: &String| {
        let mut sample = sample(name, &fixtures, args.unlisted)?;
        if let Some(data) = &data {
            data.clone_into(&mut sample.data);
        }
        edit(name, &mut sample.data, args)?;
        Ok(sample)
    };
    events.iter().map(changed).collect()
}

/// The event that a body names, if it is an envelope.
pub(super) fn event_of(body: &[u8]) -> Option<String> {
    let json: Value = serde_json::from_slice(body).ok()?;
    json.get("event")?.as_str().map(str::to_owned)
}

/// The sample of an event; an error suggests similar names.
pub(super) fn sample(name: &str, fixtures: &Fixtures, unlisted: bool) -> Result<Fixture, CliError> {
    match fixtures.find(name)? {
        Some(sample) => Ok(sample),
        None if unlisted => Ok(Fixture::unlisted(name)),
        None => Err(unknown_event(name, &fixtures.names())),
    }
}

fn unknown_event(name: &str, known: &[&str]) -> CliError {
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
    Ok(fixtures::data_of(json))
}

fn edit(event: &str, data: &mut Value, args: &PayloadArgs) -> Result<(), CliError> {
    for assignment in &args.set {
        payload::set(data, assignment).map_err(|error| edit_error("--set", event, error))?;
    }
    for assignment in &args.add {
        payload::add(data, assignment).map_err(|error| edit_error("--add", event, error))?;
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
