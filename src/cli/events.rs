//! `pgwh events`

use std::path::PathBuf;

use clap::{Args, ValueHint};

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
    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
}
