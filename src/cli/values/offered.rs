//! Names that shells complete, while any text is taken: the command itself answers a mistyped one
//! with the nearest, or finds it among the user's own.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};

use crate::pgm;
use crate::verify::FindingKind;

/// Takes any text and offers these names.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Offered(fn() -> Vec<&'static str>);

/// Names of events: PGM's are offered, the user's own fixtures may have others.
pub(in crate::cli) fn event_name() -> Offered {
    Offered(|| pgm::catalogue().collect())
}

/// Ids of findings: there are too many to list them all when one is misspelt.
pub(in crate::cli) fn finding_id() -> Offered {
    Offered(|| FindingKind::all().map(|kind| kind.id).collect())
}

impl TypedValueParser for Offered {
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
