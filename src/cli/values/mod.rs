//! Values of arguments that are more than a word.

mod date;
mod header;
mod listen;
mod quantities;
mod url;

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};

pub use date::{DateAssignment, Since, TriggeredDate};
pub use header::HeaderArg;
pub use listen::{DelayArg, ListenAddress, Route};
pub(super) use listen::{rate, status};
pub use quantities::AllowedFailures;
pub(super) use quantities::{MAX_COUNT, duration, number, size, time_limit};
pub use url::{CheckedTarget, TargetUrl};

use crate::pgm;
use crate::scaffold::Scaffold;
use crate::verify::FindingKind;

/// Accepts any path, also an empty one: an empty environment variable means none.
pub(super) fn path_or_nothing() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

/// Accepts any text and completes these names in a shell. The command itself answers an unknown
/// name, with the nearest one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Suggestions(fn() -> Vec<&'static str>);

/// Names of events: PGM's are suggested, but the user's own fixtures may have others.
pub(super) fn event_name() -> Suggestions {
    Suggestions(|| pgm::event_names().collect())
}

/// Ids of findings: too many to list them all when one is misspelled.
pub(super) fn finding_id() -> Suggestions {
    Suggestions(|| FindingKind::all().map(|kind| kind.id).collect())
}

/// Names of receivers to start from.
pub(super) fn scaffold_name() -> Suggestions {
    Suggestions(|| Scaffold::all().map(|scaffold| scaffold.name).collect())
}

impl TypedValueParser for Suggestions {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)().into_iter().map(PossibleValue::new)))
    }
}
