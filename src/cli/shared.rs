//! Arguments that several commands have.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum, ValueHint};

use super::values::{DateAssignment, path_or_nothing};
use crate::payload::{Assignment, DataPath};

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

/// The formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people.
    Human,
    /// For programs: one JSON object per line.
    Json,
    /// JUnit XML, which CI systems show as test results.
    Junit,
    /// Annotations for GitHub Actions; also appended to the step summary.
    Github,
    /// A table for a comment or a page.
    Markdown,
}

/// The output format, and reports in files.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reports")]
pub struct ReportArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: ReportFormat,
    /// Also write a report to FILE; repeatable
    #[arg(long, value_name = "FORMAT=FILE")]
    pub report: Vec<ReportFile>,
}

/// `FORMAT=FILE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// The format.
    pub format: ReportFormat,
    /// The file.
    pub file: PathBuf,
}

impl FromStr for ReportFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = || {
            let names =
                ReportFormat::value_variants().iter().filter_map(ValueEnum::to_possible_value);
            let names: Vec<_> = names.map(|value| value.get_name().to_owned()).collect();
            format!("expected FORMAT=FILE, as in junit=report.xml; formats: {}", names.join(", "))
        };
        let (format, file) = text.split_once('=').ok_or_else(known)?;
        let format = ReportFormat::from_str(format, false).map_err(|_| known())?;
        if file.is_empty() {
            return Err(known());
        }
        Ok(Self { format, file: file.into() })
    }
}

/// Where the webhook's secret comes from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Secret")]
pub struct SecretArgs {
    /// Read the secret from a file [default: $PGWH_SECRET]
    ///
    /// `-` reads standard input. One trailing newline is stripped.
    #[arg(long, value_name = "FILE|-", value_hint = ValueHint::FilePath)]
    pub secret_file: Option<PathBuf>,
    /// The secret itself; other users of this machine can see it in the list of processes
    #[arg(
        long,
        hide_short_help = true,
        value_name = "SECRET",
        conflicts_with = "secret_file",
        allow_hyphen_values = true
    )]
    pub secret: Option<String>,
}

/// What to send.
#[derive(Debug, Args)]
#[command(next_help_heading = "Payload")]
pub struct PayloadArgs {
    /// Replace the sample's `data`: JSON, @FILE, or - for standard input
    ///
    /// From a whole envelope, only `data` is used.
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true, requires = "event")]
    pub data: Option<String>,
    /// Replace one value in `data`, such as user.userId=42
    ///
    /// VALUE is JSON if it can be (42, true, null, {"a":1}, "42"), else a string. PATH is
    /// `user.userId`, `list[0]` or `"a key with . or ="`.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<Assignment>,
    /// Add a value at a path that `data` does not have yet
    #[arg(long, value_name = "PATH=VALUE")]
    pub add: Vec<Assignment>,
    /// Remove a value from `data`
    #[arg(long, value_name = "PATH", hide_short_help = true)]
    pub remove: Vec<DataPath>,
    /// Set a date in `data`, such as startDate=+2d
    ///
    /// DATE is a date, now, or a distance from now. It is written like the date that it replaces.
    #[arg(long, hide_short_help = true, value_name = "PATH=DATE")]
    pub set_date: Vec<DateAssignment>,
    /// Edit the body in $VISUAL or $EDITOR before it is signed
    #[arg(long)]
    pub edit: bool,
    /// Use exactly these bytes as the body
    ///
    /// The bytes are the text itself, those of @FILE, or standard input for `-`.
    #[arg(
        long,
        value_name = "TEXT|@FILE|-",
        allow_hyphen_values = true,
        conflicts_with_all = ["data", "set", "add", "remove", "set_date", "edit", "event", "triggered_date", "unlisted"],
    )]
    pub body: Option<String>,
    /// A folder with your own payloads
    ///
    /// Each is a file NAME.json with `data` or a whole envelope. They replace the built-in samples,
    /// or add to them.
    #[arg(long, hide_short_help = true, value_name = "DIR", env = "PGWH_FIXTURES", value_parser = path_or_nothing(), value_hint = ValueHint::DirPath)]
    pub fixtures: Option<PathBuf>,
    /// Allow an EVENT that neither the built-in samples nor --fixtures have; needs --data
    #[arg(long, hide_short_help = true, requires = "data")]
    pub unlisted: bool,
}

impl PayloadArgs {
    /// Whether anything of a payload is changed.
    pub fn has_edits(&self) -> bool {
        let Self { set, add, remove, set_date, edit, .. } = self;
        *edit || !(set.is_empty() && add.is_empty() && remove.is_empty() && set_date.is_empty())
    }
}
