//! `pgwh events`

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum, ValueHint};
use serde_json::{Value, json};

use super::{CliError, Exit, bodies, now, requests};
use crate::cli::{self, event_name, path_or_nothing};
use crate::fixtures::{Fixture, Fixtures};
use crate::payload;
use crate::report::{
    Output, OutputFormat, event_list, event_page, event_schema, example_date, openapi,
};

/// List PGM's events, or show one with its sample body
///
/// Prints the name of each event, when PGM sends it, and how well its payload is known. With a
/// name, prints that event with its sample body.
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
        "pgwh events",
        "pgwh events ClassesBooked",
        "pgwh events ClassesBooked --diff ClassesBookingCancelled",
        "pgwh events --as openapi > pgm-openapi.json",
        "pgwh events UserModified --as schema",
        "pgwh events --fixtures ./payloads --format json",
    ],
    &[0, 1, 2],
))]
pub(super) struct EventsArgs {
    /// Show this event
    #[arg(value_name = "EVENT", value_parser = event_name(), hide_possible_values = true)]
    event: Option<String>,
    /// Compare the payload of EVENT with that of another event
    #[arg(long, value_name = "EVENT", requires = "event", value_parser = event_name(), hide_possible_values = true)]
    diff: Option<String>,
    /// Use the payloads in this folder too: files NAME.json, in place of samples of the same name
    #[arg(long, value_name = "DIR", env = "PGWH_FIXTURES", value_parser = path_or_nothing(), value_hint = ValueHint::DirPath)]
    fixtures: Option<PathBuf>,
    /// Print a schema instead: JSON Schema of EVENT's body, or OpenAPI of EVENT or of all events
    #[arg(long = "as", value_name = "FORM", value_enum, conflicts_with_all = ["diff", "format"])]
    form: Option<EventForm>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: OutputFormat,
}

/// What `events --as` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EventForm {
    /// JSON Schema 2020-12 of the whole body; needs EVENT
    Schema,
    /// OpenAPI 3.1, each event a webhook
    Openapi,
}

impl EventsArgs {
    pub fn run(&self, output: &mut Output) -> Result<Exit, CliError> {
        let now = now();
        let fixtures = Fixtures::open(self.fixtures.as_deref())?;
        if let (Some(first), Some(second)) = (&self.event, &self.diff) {
            let body = |name: &str| -> Result<Value, CliError> {
                let sample = bodies::sample(name, &fixtures, now)?;
                Ok(json!({"event": sample.event, "data": sample.data}))
            };
            let differences = payload::diff(&body(first)?, &body(second)?, usize::MAX);
            return Ok(requests::print_differences(&differences, self.format, output));
        }
        if let Some(form) = self.form {
            output.stdout(types(form, self.event.as_deref(), &fixtures)?);
            return Ok(Exit::Yes);
        }
        let palette = output.palette();
        let text = match &self.event {
            None => event_list(self.format, &all(&fixtures, now)?, now, palette),
            Some(name) => {
                let sample = bodies::sample(name, &fixtures, now)?;
                event_page(self.format, name, &sample, now, palette)
            }
        };
        output.stdout(text);
        Ok(Exit::Yes)
    }
}

fn types(form: EventForm, name: Option<&str>, fixtures: &Fixtures) -> Result<String, CliError> {
    // Examples have the same dates in every run, so that the output can be compared.
    let date = example_date();
    let sample = |name| bodies::sample(name, fixtures, date);
    match (form, name) {
        (EventForm::Schema, Some(name)) => Ok(event_schema(name, &sample(name)?)),
        (EventForm::Schema, None) => Err(CliError::new("--as schema needs an event")
            .help("pgwh events UserModified --as schema")
            .help("--as openapi has the schemas of all events")),
        (EventForm::Openapi, Some(name)) => Ok(openapi(&[(name, sample(name)?)])),
        (EventForm::Openapi, None) => Ok(openapi(&all(fixtures, date)?)),
    }
}

fn all(fixtures: &Fixtures, now: DateTime<Utc>) -> Result<Vec<(&str, Fixture)>, CliError> {
    let names = fixtures.names().into_iter();
    names.map(|name| Ok((name, bodies::sample(name, fixtures, now)?))).collect()
}
