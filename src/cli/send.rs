//! `pgwh send`

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use super::values::{duration, event_name, number, time_limit};
use super::{
    ConfigArgs, FormatArg, HeaderArg, LoadArgs, PayloadArgs, SecretArgs, TargetUrl, TriggeredDate,
    help,
};
use crate::delivery::RetryOn;
use crate::http1::Resolve;
use crate::pgm;

/// Send events to a URL as PGM does, with retries or under load
///
/// Signs each event as PGM does, sends it to a URL or to the webhooks of pgwh.toml that are
/// subscribed to it, and reports what PGM would make of the response.
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "PGWH_SECRET=… pgwh send ClassesBooked --url http://localhost:3000/pgm",
        "pgwh send Test --url https://staging.example.com/pgm --secret-file pgm.secret --retries 3",
        "pgwh send ClassesBooked                                  (to all subscribed webhooks)",
        "pgwh send UserModified --url … --set user.userEmail=zaneta@example.com --set userId=7",
        "pgwh send ClassesBooked --url … --repeat 4 --parallel     (as PGM does in the field)",
        "pgwh send UserCardScanned=8 ClassesBooked=2 --url … --duration 30s --rate 500/s   (load)",
        "pgwh send --from captures.ndjson --url …                  (same id, same body)",
    ],
    &[0, 1, 2, 3, 130, 143],
))]
pub struct SendArgs {
    /// Events to send, each as its own request
    ///
    /// They are sent one after the other. With --count or --duration they are mixed, by weights such
    /// as ClassesBooked=2.
    #[arg(
        value_name = "EVENT",
        value_parser = event_name(),
        hide_possible_values = true,
        required_unless_present_any = ["body", "from"],
    )]
    pub event: Vec<String>,
    /// The URL to call [default: the subscribed webhooks of pgwh.toml]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub url: Option<TargetUrl>,
    /// Send to this webhook of pgwh.toml only, whatever it is subscribed to
    #[arg(long, value_name = "NAME", conflicts_with = "url")]
    pub webhook: Vec<String>,
    /// Send captured requests again, with their ids and bodies
    ///
    /// Reads a file, or standard input with `-`. The requests are signed with your secret if there
    /// is one, else they keep the captured signature. With --set, --add, --remove, --set-date,
    /// --edit or --triggered-date they become new requests, with new ids.
    #[arg(
        long,
        value_name = "CAPTURE",
        value_hint = ValueHint::FilePath,
        conflicts_with_all = ["event", "data", "body", "request_id"],
    )]
    pub from: Option<PathBuf>,
    /// From the captures, send only the one whose request id begins with ID, or the last
    #[arg(long, value_name = "ID|last", requires = "from", hide_short_help = true)]
    pub id: Option<String>,
    /// From the captures, send only those of this event
    #[arg(id = "from_event", long = "event", value_name = "EVENT", requires = "from", value_parser = event_name(), hide_possible_values = true, hide_short_help = true)]
    pub from_event: Option<String>,
    /// Use this request id instead of a new one
    #[arg(long, value_name = "ID", allow_hyphen_values = true, hide_short_help = true)]
    pub request_id: Option<String>,
    /// When the event happened: a date, now, -5m [default: now]
    #[arg(long, value_name = "DATE", allow_hyphen_values = true, hide_short_help = true)]
    pub triggered_date: Option<TriggeredDate>,
    /// Send without the headers of the request id and the signature, as a webhook without a secret
    #[arg(long, hide_short_help = true)]
    pub unsigned: bool,
    /// Send a wrong signature, which a receiver has to refuse
    #[arg(long, hide_short_help = true, conflicts_with = "unsigned")]
    pub wrong_signature: bool,
    /// Append the requests to a file, as captures
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    pub save: Option<PathBuf>,
    /// Do not record the requests in the requests list
    #[arg(long, hide_short_help = true)]
    pub no_record: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
    /// Show the headers of requests and responses
    #[arg(short, long)]
    pub verbose: bool,
    /// Show only the verdict
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub delivery: DeliveryArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub load: LoadArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub payload: PayloadArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub secret: SecretArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub network: NetworkArgs,
    /// Send over HTTP/2 instead of HTTP/1.1; header names are then in lower case
    #[arg(long, help_heading = "Network", hide_short_help = true, conflicts_with_all = ["count", "duration"])]
    pub http2: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
}

/// How often requests are sent.
#[derive(Debug, Args)]
#[command(next_help_heading = "Delivery")]
pub struct DeliveryArgs {
    /// Retry up to N times while it fails, with the same id and bytes
    #[arg(long, value_name = "N", value_parser = number::<u32>(0..=MAX_RETRIES))]
    pub retries: Option<u32>,
    /// Wait this long before a retry
    #[arg(long, hide_short_help = true, value_name = "TIME", default_value = "1s", value_parser = duration)]
    pub retry_delay: Duration,
    /// Whether the wait stays the same or doubles with each retry
    #[arg(long, hide_short_help = true, value_name = "HOW", default_value = "fixed", value_enum)]
    pub backoff: BackoffArg,
    /// What to retry: failure (anything but a 2xx in time), or any of timeout, unreachable, broken,
    /// 3xx, 4xx, 5xx, a status
    #[arg(
        long,
        hide_short_help = true,
        value_name = "KIND,…",
        default_value = "failure",
        value_delimiter = ','
    )]
    pub retry_on: Vec<RetryOn>,
    /// Send the same request N times, whatever the responses
    #[arg(
        long,
        value_name = "N",
        value_parser = number::<u32>(1..=MAX_REPEATS),
        conflicts_with_all = ["retries", "retry_delay", "backoff", "retry_on"],
    )]
    pub repeat: Option<u32>,
    /// Send the repeats all at the same time
    #[arg(long, hide_short_help = true, requires = "repeat")]
    pub parallel: bool,
}

/// How the wait before a retry grows.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BackoffArg {
    Fixed,
    Exponential,
}

/// More than this is a load run: --count.
const MAX_REPEATS: u64 = 1000;

/// More retries than this never end.
const MAX_RETRIES: u64 = 1000;

/// How requests reach the target.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Network")]
pub struct NetworkArgs {
    /// Time limit of an attempt [default: 5s, as PGM allows]
    ///
    /// It covers everything from the start to the last byte of the response.
    #[arg(long, value_name = "TIME", value_parser = time_limit)]
    pub timeout: Option<Duration>,
    /// Add a header, replace one of PGM's, or leave one out with 'NAME:'
    #[arg(long, hide_short_help = true, value_name = "NAME: VALUE")]
    pub header: Vec<HeaderArg>,
    /// Trust only the certificate authorities in this PEM file
    #[arg(long, hide_short_help = true, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "insecure")]
    pub ca_cert: Option<PathBuf>,
    /// Trust any certificate
    #[arg(long, hide_short_help = true)]
    pub insecure: bool,
    /// Connect to ADDR for this host and port, as with curl
    #[arg(long, hide_short_help = true, value_name = "HOST:PORT:ADDR")]
    pub resolve: Vec<Resolve>,
}

impl NetworkArgs {
    /// The time limit of an attempt: the one given, else PGM's own.
    pub fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(pgm::TIMEOUT)
    }
}
