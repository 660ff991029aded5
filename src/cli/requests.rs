//! `pgwh requests`

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::values::{MAX_COUNT, Since, duration, number};
use super::{ConfigArgs, FormatArg, NetworkArgs, SecretArgs, TargetUrl, help};

/// Show and retry sent requests, like PGM's Requests list
///
/// Lists each request with its status, payload and responses. Without a subcommand, shows the
/// newest requests.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = help::MORE, after_long_help = help::after(&[
            "pgwh requests",
            "pgwh requests --failed --since 2h",
            "pgwh requests show last",
            "pgwh requests retry 7f6c2d4e                (same id, same signature, same bytes)",
            "pgwh requests export --event ClassesBooked > captures.ndjson",
        ],
        &[0, 1, 2, 3, 130, 143],
    ),
)]
pub struct RequestsArgs {
    /// What to do
    #[command(subcommand)]
    pub action: Option<RequestsAction>,
    /// Show at most N requests, the newest
    #[arg(long, value_name = "N", default_value = "20", value_parser = number::<usize>(0..=MAX_COUNT))]
    pub limit: usize,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub filter: FilterArgs,
}

/// What to do with the requests.
#[derive(Debug, Subcommand)]
pub enum RequestsAction {
    /// Show one request: its payload, and the response of each attempt
    Show(RequestShowArgs),
    /// Send requests again, with the same id, signature and bytes
    Retry(Box<RetryArgs>),
    /// Show what differs between the payloads of two requests
    Diff(RequestDiffArgs),
    /// Remove old requests, irreversibly
    Prune(PruneArgs),
    /// Write requests as captures, oldest first
    Export(ExportArgs),
}

impl RequestsArgs {
    /// The output format, for people where there is no choice.
    pub(super) fn format(&self) -> FormatArg {
        match &self.action {
            None => self.format,
            Some(RequestsAction::Show(args)) => args.format,
            Some(RequestsAction::Retry(args)) => args.format,
            Some(RequestsAction::Diff(args)) => args.format,
            Some(RequestsAction::Prune(args)) => args.format,
            Some(RequestsAction::Export(_)) => FormatArg::Human,
        }
    }
}

/// Which requests.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filter")]
pub struct FilterArgs {
    /// Only unsuccessful requests: failed, unreachable or interrupted
    #[arg(long)]
    pub failed: bool,
    /// Only requests of this event
    #[arg(long, value_name = "EVENT")]
    pub event: Option<String>,
    /// Only requests sent to this webhook
    #[arg(long, value_name = "NAME")]
    pub webhook: Option<String>,
    /// Only requests of this story, which `pgwh play` sent
    #[arg(long, value_name = "NAME")]
    pub story: Option<String>,
    /// Only requests first sent since then: a time ago such as 2h, or a date
    #[arg(long, value_name = "TIME|DATE")]
    pub since: Option<Since>,
    /// Only requests whose id begins with this
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub id: Option<String>,
}

/// `pgwh requests show`
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&["pgwh requests show last", "pgwh requests show 7f6c2d4e --as curl"],
    &[0, 2],
))]
pub struct RequestShowArgs {
    /// The beginning of the request's id, or `last`; ID~1 is the one before the newest with that id
    #[arg(value_name = "ID")]
    pub id: String,
    /// Print only the request, in this form
    #[arg(long = "as", value_name = "FORM", value_enum, conflicts_with = "format")]
    pub form: Option<StoredForm>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
    /// Show the headers of the responses
    #[arg(short, long)]
    pub verbose: bool,
}

/// How to print a request of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StoredForm {
    /// A command that can be pasted into a shell
    Curl,
    /// The whole request, as HTTP/1.1
    Http,
    /// A line of pgwh's capture format
    Capture,
}

/// `pgwh requests retry`
#[derive(Debug, Args)]
#[command(
    mut_arg("header", |header| header.hide(true)),
    after_help = help::MORE, after_long_help = help::after(&[
            "pgwh requests retry last",
            "pgwh requests retry --failed --since 2h",
            "pgwh requests retry last --url http://localhost:3000/pgm",
            "pgwh requests retry 7f6c2d4e --resign --secret-file new.secret",
        ],
        &[0, 1, 2, 3, 130, 143],
    ),
)]
pub struct RetryArgs {
    /// The beginning of each request's id, or `last`
    #[arg(
        value_name = "ID",
        required_unless_present = "failed",
        conflicts_with_all = ["failed", "event", "webhook", "since"],
    )]
    pub ids: Vec<String>,
    /// All unsuccessful requests: failed, unreachable or interrupted
    #[arg(long)]
    pub failed: bool,
    /// With --failed: only requests of this event
    #[arg(long, value_name = "EVENT", requires = "failed", hide_short_help = true)]
    pub event: Option<String>,
    /// With --failed: only requests to this webhook
    #[arg(long, value_name = "NAME", requires = "failed", hide_short_help = true)]
    pub webhook: Option<String>,
    /// With --failed: only requests first sent since then: a time ago such as 2h, or a date
    #[arg(long, value_name = "TIME|DATE", requires = "failed", hide_short_help = true)]
    pub since: Option<Since>,
    /// Send to this URL instead, as a new request of the list
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub url: Option<TargetUrl>,
    /// Sign again because the secret has changed, with the secret given here, else with the webhook's
    #[arg(long)]
    pub resign: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
    /// Show the headers of request and response
    #[arg(short, long)]
    pub verbose: bool,
    /// Show only the verdict
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub secret: SecretArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub network: NetworkArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
}

/// `pgwh requests diff`
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(
    &["pgwh requests diff 7f6c2d4e last"],
    &[0, 1, 2],
))]
pub struct RequestDiffArgs {
    /// The beginning of one request's id, or `last`
    #[arg(value_name = "ID")]
    pub first: String,
    /// The beginning of another request's id, or `last`
    #[arg(value_name = "ID")]
    pub second: String,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
}

/// `pgwh requests prune`
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&["pgwh requests prune --keep 100", "pgwh requests prune --older-than 7d"],
    &[0, 2],
))]
pub struct PruneArgs {
    /// Keep N requests, the newest [default: as in pgwh.toml, else 1000]
    #[arg(long, value_name = "N", value_parser = number::<u32>(0..=MAX_COUNT))]
    pub keep: Option<u32>,
    /// Remove requests older than this [default: as in pgwh.toml, else 30d]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub older_than: Option<Duration>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
}

/// `pgwh requests export`
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "pgwh requests export > captures.ndjson",
        "pgwh requests export --failed --output failed.ndjson",
    ],
    &[0, 2],
))]
pub struct ExportArgs {
    /// Write at most N requests, the newest
    #[arg(long, value_name = "N", value_parser = number::<usize>(0..=MAX_COUNT))]
    pub limit: Option<usize>,
    /// Append to this file instead of printing
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub filter: FilterArgs,
}
