//! `pgwh events`

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::values::{event_name, path_or_nothing};
use super::{FormatArg, help};

/// List PGM's events, or show one with its sample body
///
/// Prints the name of each event, when PGM sends it, and how well its payload is known. With a
/// name, prints that event with its sample body.
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "pgwh events",
        "pgwh events ClassesBooked",
        "pgwh events ClassesBooked --diff ClassesBookingCancelled",
        "pgwh events --as openapi > pgm-openapi.json",
        "pgwh events UserModified --as schema",
        "pgwh events --fixtures ./payloads --format json",
    ],
    &[0, 1, 2],
))]
pub struct EventsArgs {
    /// Show this event
    #[arg(value_name = "EVENT", value_parser = event_name(), hide_possible_values = true)]
    pub event: Option<String>,
    /// Show what differs between the payloads of EVENT and of this event
    #[arg(long, value_name = "EVENT", requires = "event", value_parser = event_name(), hide_possible_values = true)]
    pub diff: Option<String>,
    /// A folder of your own payloads, NAME.json each, over the built-in ones or beside them
    #[arg(long, value_name = "DIR", env = "PGWH_FIXTURES", value_parser = path_or_nothing(), value_hint = ValueHint::DirPath)]
    pub fixtures: Option<PathBuf>,
    /// Print types instead: a JSON Schema of EVENT's body, or OpenAPI of all events or of EVENT
    #[arg(long = "as", value_name = "FORM", value_enum, conflicts_with_all = ["diff", "format"])]
    pub form: Option<EventForm>,
    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
}

/// What `events --as` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EventForm {
    /// JSON Schema 2020-12 of the whole body; needs EVENT
    Schema,
    /// OpenAPI 3.1, each event a webhook
    Openapi,
}
