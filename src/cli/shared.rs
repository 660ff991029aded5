//! Arguments that several commands have.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::payload::Assignment;

// Variants without doc comments: clap would list them one a line in every help text.

/// `--color`
#[allow(missing_docs, reason = "the names say it")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    #[default]
    Auto,
    Always,
    Never,
}

/// `--format` of commands that answer: for people, or one JSON object a line for programs.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    #[default]
    Human,
    Json,
}

/// Where the webhook's secret comes from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Secret")]
pub struct SecretArgs {
    /// Read the webhook's secret from a file, or from standard input with `-`; one line break
    /// at its end is left out. Without it: the environment variable PGWH_SECRET
    #[arg(long, value_name = "FILE|-", value_hint = ValueHint::FilePath)]
    pub secret_file: Option<PathBuf>,
    /// The webhook's secret itself. Other users of this machine can see it in the list of
    /// processes
    #[arg(long, value_name = "SECRET", conflicts_with = "secret_file", allow_hyphen_values = true)]
    pub secret: Option<String>,
}

/// What to send.
#[derive(Debug, Args)]
#[command(next_help_heading = "Payload")]
pub struct PayloadArgs {
    /// Replace the sample's `data`: JSON, @FILE, or - for standard input
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub data: Option<String>,
    /// Replace one value in `data`. VALUE is typed like JSON (42, true, null, {"a":1}, "42"),
    /// else it is text. PATH: user.userId, list[0], "a key with . or ="
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<Assignment>,
    /// The same for a path that `data` does not have yet
    #[arg(long, value_name = "PATH=VALUE")]
    pub add: Vec<Assignment>,
    /// Send exactly these bytes as the body: text, @FILE, or - for standard input
    #[arg(
        long,
        value_name = "TEXT|@FILE|-",
        allow_hyphen_values = true,
        conflicts_with_all = ["data", "set", "add", "event", "triggered_date"],
    )]
    pub body: Option<String>,
    /// A folder of your own payloads, NAME.json each: a bare `data` or a whole envelope. They
    /// go over the built-in samples, or beside them
    #[arg(long, value_name = "DIR", env = "PGWH_FIXTURES", value_hint = ValueHint::DirPath)]
    pub fixtures: Option<PathBuf>,
    /// Let EVENT be one that neither the catalogue nor --fixtures knows; needs --data
    #[arg(long, requires = "data")]
    pub unlisted: bool,
}
