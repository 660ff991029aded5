//! What the arguments of several commands have in common: values, output formats, exit codes and the
//! ends of help texts. Does no work; each command's own arguments are with the command. Pure.

mod dates;
pub mod help;
mod http;
mod values;

use clap::ValueEnum;

pub use dates::{Since, TriggeredDate};
pub use help::Exit;
pub use http::{HeaderArg, ListenAddress, TargetUrl, url_parser};
pub use values::{
    MAX_COUNT, duration, event_name, finding_id, number, path_or_nothing, rate, scaffold_name,
    size, time_limit,
};

/// `--format` of commands that answer: for people, or one JSON object a line for programs.
// Variants without doc comments: clap would list them one a line in every help text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    #[default]
    Human,
    Json,
}
