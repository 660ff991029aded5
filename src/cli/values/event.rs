//! Event names: any text is taken, the known ones are offered to the shell.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};

use crate::pgm;

/// Takes any name, as the user's own fixtures may have it, and lets shells complete PGM's.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct EventName;

impl TypedValueParser for EventName {
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
        Some(Box::new(pgm::catalogue().map(PossibleValue::new)))
    }
}
