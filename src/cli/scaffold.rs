//! `pgwh scaffold`

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::values::scaffold_name;
use super::{FormatArg, help};

/// Print a receiver in your language, ready to run
///
/// Lists the receivers. With a name, prints that one; with --out, writes it with its few files and
/// prints the two commands that run and check it. Each verifies signatures in constant time,
/// refuses what does not verify, ignores repeats, and responds first and works later.
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "pgwh scaffold",
        "pgwh scaffold express",
        "pgwh scaffold fastapi --out ./receiver",
    ],
    &[0, 2],
))]
pub struct ScaffoldArgs {
    /// Print this receiver
    #[arg(value_name = "NAME", value_parser = scaffold_name(), hide_possible_values = true)]
    pub name: Option<String>,
    /// Write the receiver's files into this folder
    #[arg(long, value_name = "DIR", requires = "name", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Overwrite files in --out
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
}
