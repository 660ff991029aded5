//! `--config`

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::values::path_or_nothing;

/// Which pgwh.toml to use.
#[derive(Debug, Args)]
#[command(next_help_heading = "Configuration")]
pub struct ConfigArgs {
    /// Use this pgwh.toml
    ///
    /// The default is the one in this folder or the nearest folder above it, else the one in your
    /// configuration folder.
    #[arg(
        long,
        value_name = "FILE",
        env = "PGWH_CONFIG",
        hide_short_help = true,
        value_parser = path_or_nothing(),
        value_hint = ValueHint::FilePath,
    )]
    pub config: Option<PathBuf>,
}
