//! `pgwh check-target`

use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueHint};

use super::values::{duration, event_name, number};
use super::{CheckedTarget, ConfigArgs, NetworkArgs, ReportArgs, SecretArgs, help};
use crate::check::PROBES;

/// More requests than this at once say more about this machine than about the target.
const MAX_REQUESTS: u64 = 1000;

/// Check whether a URL is ready for PGM
///
/// Checks whether a target meets PGM's requirements and copes with what PGM does. Sends only the
/// event Test and one that does not exist, unless you ask for more, so nothing is booked anywhere.
#[derive(Debug, Args)]
#[command(
    after_help = help::MORE, after_long_help = help::after(&[
            "PGWH_SECRET=… pgwh check-target https://staging.example.com/hooks/pgm",
            "pgwh check-target https://… --events all --strict --require-signature",
            "pgwh check-target http://localhost:3000/pgm --start 'npm start' --format json",
            "pgwh check-target booking                   (a webhook of pgwh.toml)",
            "pgwh check-target --list",
            "pgwh check-target --explain four-at-once",
        ],
        &[0, 1, 2, 3, 130, 143],
    ),
    mut_arg("timeout", |arg| {
        arg.help("How long to wait for a response at all [default: 10s]").long_help(
            "How long to wait for a response at all [default: 10s]\n\nA response after --max-time \
             fails, but the report says how late it was.",
        )
    }),
)]
pub struct CheckTargetArgs {
    /// The URL to check, or the name of a webhook of pgwh.toml
    #[arg(
        value_name = "URL|NAME",
        value_hint = ValueHint::Url,
        required_unless_present_any = ["list", "explain", "all_webhooks"],
    )]
    pub target: Option<CheckedTarget>,
    /// Check every webhook of pgwh.toml, one after the other
    #[arg(long, conflicts_with_all = ["target", "start"])]
    pub all_webhooks: bool,
    /// Poll the target for this long until it accepts a connection
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub wait: Option<Duration>,
    /// Start the target with this shell command, and end it after the check
    ///
    /// Waits until the target accepts a connection (--wait, by default 60s). Everything that the
    /// command started ends with it. Its output goes to stderr.
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString)]
    pub start: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub checks: ChecksArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub reports: ReportArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub secret: SecretArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub network: NetworkArgs,
}

/// Which checks are made, and how strictly.
#[derive(Debug, Args)]
#[command(next_help_heading = "Checks")]
pub struct ChecksArgs {
    /// Make only these checks; --list shows all
    #[arg(long, value_name = "ID,…", value_delimiter = ',', value_parser = ids(), hide_possible_values = true)]
    pub only: Vec<String>,
    /// Leave these checks out
    #[arg(long, hide_short_help = true, value_name = "ID,…", value_delimiter = ',', value_parser = ids(), hide_possible_values = true)]
    pub skip: Vec<String>,
    /// Treat recommendations as requirements
    #[arg(long)]
    pub strict: bool,
    /// Fail if bad signatures are accepted
    #[arg(long)]
    pub require_signature: bool,
    /// Accept a URL that PGM would not call: not https, or not on port 443
    #[arg(long, hide_short_help = true)]
    pub allow_url: bool,
    /// Also send these events: names, or `all`. Every id in them is 999999999
    #[arg(
        long,
        value_name = "all|EVENT,…",
        value_delimiter = ',',
        value_parser = event_name(),
        hide_possible_values = true,
    )]
    pub events: Vec<String>,
    /// Measure the time of N responses
    #[arg(long, hide_short_help = true, value_name = "N", default_value = "5", value_parser = number::<u32>(1..=MAX_REQUESTS))]
    pub samples: u32,
    /// How long a response may take
    #[arg(long, hide_short_help = true, value_name = "TIME", default_value = "5s", value_parser = duration)]
    pub max_time: Duration,
    /// Also send N different requests at once
    #[arg(long, value_name = "N", value_parser = number::<u32>(1..=MAX_REQUESTS))]
    pub burst: Option<u32>,
    /// List the checks with their levels and sources
    #[arg(long, conflicts_with_all = ["target", "explain"])]
    pub list: bool,
    /// Explain what a check sends, why it matters and what to do
    #[arg(long, value_name = "ID", value_parser = ids(), hide_possible_values = true, conflicts_with = "target")]
    pub explain: Option<String>,
}

/// The ids of the checks; clap suggests the nearest for a mistyped one.
fn ids() -> PossibleValuesParser {
    PossibleValuesParser::new(PROBES.iter().map(|probe| probe.id))
}

/// Runs a target for `check-target --start`; of no use to people.
#[derive(Debug, Args)]
pub struct SuperviseArgs {
    /// The shell command
    pub command: String,
}
