//! From arguments to the requests that are to be signed.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::error::CliError;
use super::input;
use crate::cli::{PayloadArgs, TriggeredDate};
use crate::fixtures::{self, Fixtures, Sample};
use crate::payload::{self, EditError};
use crate::pgm::Envelope;
use crate::report::escape;
use crate::text::nearest;

/// A body that is ready to be signed.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// The event in it, where that is known.
    pub(super) event: Option<String>,
    pub(super) body: Vec<u8>,
}

/// When the events are said to have happened.
pub(super) fn date(
    wanted: Option<TriggeredDate>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, CliError> {
    match wanted {
        None => Ok(now),
        Some(date) => date.resolve(now).ok_or_else(|| {
            CliError::new("--triggered-date: PGM's dates have room for the years 0 to 9999")
        }),
    }
}

/// The body for each event, or the one that `--body` gives.
pub(super) fn bodies(
    events: &[String],
    args: &PayloadArgs,
    triggered_date: DateTime<Utc>,
) -> Result<Vec<Outgoing>, CliError> {
    if let Some(body) = &args.body {
        let body = input::text_or_file("--body", body)?;
        return Ok(vec![Outgoing { event: event_of(&body), body }]);
    }
    let body = |sample: Sample| {
        let Sample { event, data, .. } = sample;
        let body = Envelope { event: event.clone(), triggered_date, data }.to_body();
        Outgoing { event: Some(event), body }
    };
    Ok(samples(events, args)?.into_iter().map(body).collect())
}

/// The sample of each event, changed as the arguments say.
pub(super) fn samples(events: &[String], args: &PayloadArgs) -> Result<Vec<Sample>, CliError> {
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

/// The sample of this name, or the names that look like it.
pub(super) fn sample(name: &str, fixtures: &Fixtures, unlisted: bool) -> Result<Sample, CliError> {
    match fixtures.find(name)? {
        Some(sample) => Ok(sample),
        None if unlisted => Ok(Sample::unlisted(name)),
        None => Err(unknown_event(name, &fixtures.names())),
    }
}

fn unknown_event(name: &str, known: &[&str]) -> CliError {
    let failure = CliError::new(format!("there is no event \"{}\"", escape(name)));
    let failure = match nearest(name, known) {
        Some(nearest) => failure.help(format!("did you mean {nearest}?")),
        None => failure,
    };
    failure
        .help(format!("the known events are {}", known.join(", ")))
        .help("--unlisted with --data sends an event that is not listed")
}

fn read_data(text: &str) -> Result<Value, CliError> {
    let bytes = input::text_or_file("--data", text)?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let json = serde_json::from_slice(text).map_err(|error| {
        CliError::new(format!("--data is not JSON: {error}"))
            .help("quote it for your shell: --data '{\"userId\": 7}'")
            .help("--data @FILE reads a file, --data - standard input")
    })?;
    Ok(fixtures::data_of(json))
}

fn edit(event: &str, data: &mut Value, args: &PayloadArgs) -> Result<(), CliError> {
    for assignment in &args.set {
        payload::set(data, assignment).map_err(|error| edit_failure("--set", event, error))?;
    }
    for assignment in &args.add {
        payload::add(data, assignment).map_err(|error| edit_failure("--add", event, error))?;
    }
    Ok(())
}

/// What is wrong with a path that a flag names.
pub(super) fn edit_failure(flag: &str, event: &str, error: EditError) -> CliError {
    let mut failure = CliError::new(format!("{flag}: {event}: {error}"));
    if let EditError::Missing { nearest, known, path } = error {
        if let Some(nearest) = nearest {
            failure = failure.help(format!("did you mean {nearest}?"));
        }
        failure = failure
            .help(format!("data has {}", known.join(", ")))
            .help(format!("--add {path}=… puts in what is not there"));
    }
    failure
}
