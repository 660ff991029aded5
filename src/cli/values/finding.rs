//! Ids of findings: any text is taken, the known ones are offered to the shell.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};

use crate::verify::Kind;

/// Takes any id: there are too many to list them all when one is misspelt.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct FindingId;

impl TypedValueParser for FindingId {
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
        Some(Box::new(Kind::all().map(|kind| PossibleValue::new(kind.id))))
    }
}
