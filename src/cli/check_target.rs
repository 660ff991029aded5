//! `pgwh check-target`

use clap::{Args, ValueHint};

use super::{FormatArg, NetworkArgs, SecretArgs, TargetUrl, help};

/// Sends the event Test to a URL and says whether it does what PGM demands
#[derive(Debug, Args)]
#[command(after_help = help::after(
    &["PGWH_SECRET=… pgwh check-target https://staging.example.com/hooks/pgm"],
    &[0, 1, 2, 3, 130],
))]
pub struct CheckTargetArgs {
    /// The URL to check
    #[arg(value_name = "URL", value_hint = ValueHint::Url)]
    pub url: TargetUrl,
    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub secret: SecretArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub network: NetworkArgs,
}
