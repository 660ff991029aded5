//! The arguments of `pgwh verify`

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::cli::{finding_id, help};
use crate::commands::config::ConfigArgs;
use crate::commands::reports::ReportArgs;
use crate::commands::secret::{NamedFile, SecretArgs};

/// Check whether captured requests are genuine, and why not
///
/// Checks for each captured request whether its signature was made with your secret, and searches
/// for the cause if it was not. Reads what any tool saved: webhook.site, ngrok, HAR, AWS, n8n,
/// Zapier, raw HTTP and many more; the format is detected automatically.
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "PGWH_SECRET=… pgwh verify requests.har",
        "pgwh verify captures.ndjson --secret-file pgm.secret --report junit=verify.xml",
        "pgwh verify --request-id 6f1c9d0e-… --signature 4d7cdf31… --webhook booking",
        "pgwh verify - --format json < captures.ndjson",
        "pgwh verify --explain secret-newline",
    ],
    &[0, 1, 2],
))]
pub struct VerifyArgs {
    /// Files of captures, folders of such files, or - for standard input
    #[arg(
        value_name = "FILE",
        required_unless_present_any = ["request_id", "explain"],
        value_hint = ValueHint::AnyPath,
    )]
    pub files: Vec<PathBuf>,
    /// Show every capture and every finding, however many there are
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Print nothing; use the exit code and --report files
    #[arg(short, long)]
    pub quiet: bool,
    /// Show the signature that an invalid capture should have
    ///
    /// Only on a terminal: for that request it is as good as the secret.
    #[arg(long, hide_short_help = true)]
    pub show_expected: bool,
    /// Explain a finding and what to do; without ID, list all findings
    #[arg(
        long,
        value_name = "ID",
        num_args = 0..=1,
        default_missing_value = "",
        value_parser = finding_id(),
        hide_possible_values = true,
        conflicts_with_all = ["files", "request_id", "report"],
    )]
    pub explain: Option<String>,
    #[command(flatten)]
    pub shown: ShownArgs,
    #[command(flatten)]
    pub reports: ReportArgs,
    #[command(flatten)]
    pub secret: SecretArgs,
    #[command(flatten)]
    pub others: OtherSecretArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// A request copied from a screen, for tools that save nothing.
#[derive(Debug, Args)]
#[command(next_help_heading = "A request from a screen, instead of files")]
pub struct ShownArgs {
    /// The value of X-PerfectGym-Request
    #[arg(long, value_name = "ID", requires = "signature", conflicts_with = "files")]
    pub request_id: Option<String>,
    /// The value of X-PerfectGym-Signature
    #[arg(long, value_name = "HEX", requires = "request_id", allow_hyphen_values = true)]
    pub signature: Option<String>,
    /// The body: text, @FILE, or - for standard input
    #[arg(
        long,
        value_name = "TEXT|@FILE|-",
        requires = "request_id",
        allow_hyphen_values = true,
        value_hint = ValueHint::FilePath,
    )]
    pub body: Option<String>,
}

/// Secrets of several webhooks; the output says which one matched.
#[derive(Debug, Args)]
#[command(next_help_heading = "Secret")]
pub struct OtherSecretArgs {
    /// Also accept the secret in FILE, and call it NAME; repeatable
    #[arg(long, value_name = "NAME=FILE")]
    pub also_secret_file: Vec<NamedFile>,
    /// Also accept the secret of this webhook of pgwh.toml; repeatable
    ///
    /// Without any secret, those of all webhooks are accepted.
    #[arg(long, value_name = "NAME")]
    pub webhook: Vec<String>,
}
