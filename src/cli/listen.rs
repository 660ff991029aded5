//! `pgwh listen`

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::values::{duration, event_name, rate, size, status};
use super::{
    ConfigArgs, DelayArg, FormatArg, HeaderArg, ListenAddress, Route, SecretArgs, TargetUrl, help,
};

/// Receive requests here: verify, save, forward, or misbehave
///
/// Receives requests on this machine: those of the real PGM through a tunnel, or those of `pgwh
/// send` in tests. Reports whether each request is genuine, and responds 200, or misbehaves on
/// request.
#[derive(Debug, Args)]
#[command(after_help = help::after!(
    [
        "PGWH_SECRET=… pgwh listen",
        "pgwh listen --secret-file pgm.secret --save captures.ndjson --save-fixtures payloads",
        "pgwh listen --forward-to http://localhost:3000 --route Test=http://localhost:3001",
        "pgwh listen --fail-first 2                   (each request succeeds at its third call)",
        "pgwh listen --status 503 --delay 1s..6s      (a target that has a bad day)",
        "pgwh listen --addr 127.0.0.1:0 --expect 1 --expect-event Test --timeout 30s",
    ],
    [0, 1, 2, 130],
))]
pub struct ListenArgs {
    /// Where to listen; port 0 picks a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:4100")]
    pub addr: ListenAddress,
    /// How to tell what comes
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
    /// Show headers and bodies
    #[arg(short, long)]
    pub verbose: bool,
    /// Show only where it listens, and the summary
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub keep: KeepArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub answer: AnswerArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub forward: ForwardArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub end: EndArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub tls: ListenTlsArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub limits: LimitArgs,
    /// Accept the secret of this webhook of pgwh.toml [default: the secret that is given, else
    /// those of all its webhooks]
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Secret",
        conflicts_with_all = ["secret_file", "secret"],
    )]
    pub webhook: Vec<String>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub secret: SecretArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
}

/// Keeping what comes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Keep")]
pub struct KeepArgs {
    /// Append each request to a file, as a capture, before it is answered
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,
    /// Begin a new file when this one would grow beyond SIZE; full ones become FILE.1, FILE.2 …
    #[arg(long, value_name = "SIZE", requires = "save", value_parser = size)]
    pub rotate: Option<u64>,
    /// Answer only after the capture is on the disk (fsync), not just with the system
    #[arg(long, requires = "save")]
    pub sync: bool,
    /// Keep the newest payload of each event, as NAME.json, for send --fixtures. With a secret
    /// only those of valid requests
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub save_fixtures: Option<PathBuf>,
}

/// Answering on purpose.
#[derive(Debug, Args)]
#[command(next_help_heading = "Answer")]
pub struct AnswerArgs {
    /// The status to answer [default: 200]. With --fail-first or --fail-rate: that of the
    /// failures [default: 503]. The same goes for the options from here to --drop
    #[arg(long, value_name = "STATUS", value_parser = status)]
    pub status: Option<u16>,
    /// The body to answer [default: Ok]
    #[arg(long, value_name = "TEXT|@FILE|-", allow_hyphen_values = true)]
    pub body: Option<String>,
    /// A header to answer
    #[arg(long, value_name = "NAME: VALUE")]
    pub header: Vec<HeaderArg>,
    /// Wait before the answer: 6s, or a time between two, 1s..3s
    #[arg(long, value_name = "TIME")]
    pub delay: Option<DelayArg>,
    /// Send the answer's body byte by byte, over this time
    #[arg(
        long,
        value_name = "TIME",
        num_args = 0..=1,
        default_missing_value = "10s",
        require_equals = true,
        value_parser = duration,
    )]
    pub drip: Option<Duration>,
    /// Close the connection without an answer
    #[arg(long, conflicts_with_all = ["status", "body", "header", "drip"])]
    pub drop: bool,
    /// Fail the first N calls of each request id
    #[arg(long, value_name = "N")]
    pub fail_first: Option<u32>,
    /// Fail this part of the calls: 0 to 1
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub fail_rate: Option<f64>,
    /// Draw --fail-rate and --delay from this number, to repeat a run [default: a new one]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Answers by event or by number, in TOML: `[[answer]]` with `event`, `request` or `call`,
    /// and `status`, `body`, `headers`, `delay`, `drip` or `drop`. The first that fits decides
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub script: Option<PathBuf>,
    /// Answer 401 to requests that do not verify
    #[arg(long)]
    pub reject_invalid: bool,
}

/// Passing requests on.
#[derive(Debug, Args)]
#[command(next_help_heading = "Forward")]
pub struct ForwardArgs {
    /// Pass each request on, bytes and headers as they came, and answer what this target
    /// answers. The request's path and query go behind the URL's own. Of several targets the
    /// first that fails decides
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub forward_to: Vec<TargetUrl>,
    /// Pass the requests with this event on to URL, in place of --forward-to
    #[arg(long, value_name = "EVENT=URL")]
    pub route: Vec<Route>,
    /// Pass on only requests that verify
    #[arg(long)]
    pub only_valid: bool,
    /// Time for a target to answer; then the caller gets a 504
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub forward_timeout: Duration,
    /// Trust only the authorities in this PEM file, for targets with https
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "insecure")]
    pub ca_cert: Option<PathBuf>,
    /// Trust any certificate of a target
    #[arg(long)]
    pub insecure: bool,
}

/// Ending by itself.
#[derive(Debug, Args)]
#[command(next_help_heading = "End")]
pub struct EndArgs {
    /// End with exit code 0 as soon as N valid requests have come
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub expect: Option<u64>,
    /// Count only those with this event; may be given several times
    #[arg(long, value_name = "EVENT", requires = "expect", value_parser = event_name(), hide_possible_values = true)]
    pub expect_event: Vec<String>,
    /// End with exit code 1 when they have not come by then [default: wait for ever]
    #[arg(long, value_name = "TIME", requires = "expect", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// End after N requests, whatever they are
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_requests: Option<u64>,
}

/// Speaking TLS.
#[derive(Debug, Args)]
#[command(next_help_heading = "TLS")]
pub struct ListenTlsArgs {
    /// Speak https, with a certificate made for this run
    #[arg(long)]
    pub tls: bool,
    /// Write the authority behind that certificate to FILE, for send --ca-cert
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "tls", conflicts_with = "cert")]
    pub tls_ca: Option<PathBuf>,
    /// Speak https, with this certificate (PEM)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "key")]
    pub cert: Option<PathBuf>,
    /// The key of --cert (PEM)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "cert")]
    pub key: Option<PathBuf>,
}

/// What a caller may ask for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// Largest body; a larger one gets a 413
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = size)]
    pub max_body: u64,
    /// Largest head; a larger one gets a 431
    #[arg(long, value_name = "SIZE", default_value = "64KiB", value_parser = size)]
    pub max_head: u64,
    /// Time to send a head, and for a silent connection; then a 408
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration)]
    pub head_time: Duration,
    /// Time to send a body; then a 408
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub body_time: Duration,
    /// Open connections; the next one waits
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_connections: u32,
}
