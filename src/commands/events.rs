//! `pgwh events`

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::error::CliError;
use super::{Exit, bodies, requests, system};
use crate::cli::{EventForm, EventsArgs, FormatArg};
use crate::fixtures::{Fixture, Fixtures};
use crate::payload;
use crate::report::{
    Output, event_list, event_list_json, event_page, event_page_json, event_schema, example_date,
    openapi,
};

pub(super) fn run(args: &EventsArgs, output: &mut Output) -> Result<Exit, CliError> {
    let now = system::now();
    let fixtures = Fixtures::open(args.fixtures.as_deref())?;
    if let (Some(first), Some(second)) = (&args.event, &args.diff) {
        let body = |name: &str| -> Result<Value, CliError> {
            let sample = bodies::sample(name, &fixtures, false, now)?;
            Ok(json!({"event": sample.event, "data": sample.data}))
        };
        let differences = payload::diff(&body(first)?, &body(second)?);
        return Ok(requests::print_differences(&differences, args.format, output));
    }
    if let Some(form) = args.form {
        output.stdout(types(form, args.event.as_deref(), &fixtures)?);
        return Ok(Exit::Yes);
    }
    let palette = output.palette();
    let text = match (&args.event, args.format) {
        (None, FormatArg::Human) => event_list(&all(&fixtures, now)?, palette),
        (None, FormatArg::Json) => event_list_json(&all(&fixtures, now)?, now),
        (Some(name), format) => {
            let sample = bodies::sample(name, &fixtures, false, now)?;
            match format {
                FormatArg::Human => event_page(name, &sample, now, palette),
                FormatArg::Json => event_page_json(name, &sample, now),
            }
        }
    };
    output.stdout(text);
    Ok(Exit::Yes)
}

fn types(form: EventForm, name: Option<&str>, fixtures: &Fixtures) -> Result<String, CliError> {
    // Examples have the same dates in every run, so that the output can be compared.
    let date = example_date();
    let sample = |name| bodies::sample(name, fixtures, false, date);
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
    names.map(|name| Ok((name, bodies::sample(name, fixtures, false, now)?))).collect()
}
