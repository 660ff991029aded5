//! `pgwh verify`

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{FormatArg, SecretArgs, help};

/// Says for each captured request whether its signature was made with your secret
#[derive(Debug, Args)]
#[command(after_help = help::after(
    &[
        "PGWH_SECRET=… pgwh verify captures.ndjson",
        "pgwh verify - --secret-file pgm.secret < captures.ndjson",
    ],
    &[0, 1, 2],
))]
pub struct VerifyArgs {
    /// Files of captures; - for standard input
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub secret: SecretArgs,
}
