//! `pgwh events`

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::error::CliError;
use super::{Exit, bodies, requests, system};
use crate::cli::{EventsArgs, FormatArg};
use crate::fixtures::{Fixture, Fixtures};
use crate::payload;
use crate::report::{Output, event_list, event_list_json, event_page, event_page_json};

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

fn all(fixtures: &Fixtures, now: DateTime<Utc>) -> Result<Vec<(&str, Fixture)>, CliError> {
    let names = fixtures.names().into_iter();
    names.map(|name| Ok((name, bodies::sample(name, fixtures, false, now)?))).collect()
}
