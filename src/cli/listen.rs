//! `pgwh listen`

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::values::{MAX_COUNT, duration, event_name, number, rate, size, status};
use super::{
    ConfigArgs, DelayArg, FormatArg, HeaderArg, ListenAddress, NamedFile, ReportFile, Route,
    SecretArgs, TargetUrl, help,
};
use crate::http1::Resolve;
use crate::payload::Assignment;

/// Receive requests here: verify, save, forward, or misbehave
///
/// Receives requests on this machine: those of the real PGM through a tunnel, or those of `pgwh
/// send` in tests. Reports whether each request is genuine, and responds 200, or misbehaves on
/// request.
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "PGWH_SECRET=… pgwh listen",
        "pgwh listen --secret-file pgm.secret --save captures.ndjson --save-fixtures payloads",
        "pgwh listen --forward-to http://localhost:3000/pgm",
        "pgwh listen --fail-first 2                   (each request succeeds at its third attempt)",
        "pgwh listen --status 503 --delay 1s..6s      (a target that has a bad day)",
        "pgwh listen --addr 127.0.0.1:0 --expect 1 --expect-event Test --timeout 30s",
    ],
    &[0, 1, 2, 130, 143],
))]
pub struct ListenArgs {
    /// Listen on this address; port 0 picks a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:4100")]
    pub addr: ListenAddress,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
    /// Show headers and bodies
    ///
    /// Those of the targets that requests are forwarded to, too.
    #[arg(short, long)]
    pub verbose: bool,
    /// Show only the first line and the summary
    #[arg(short, long, conflicts_with = "verbose", hide_short_help = true)]
    pub quiet: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub keep: KeepArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub response: ResponseArgs,
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
    /// Accept the secret of this webhook of pgwh.toml
    ///
    /// Without it: the given secret, else those of all webhooks of pgwh.toml.
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Secret",
        hide_short_help = true,
        conflicts_with_all = ["secret_file", "secret"],
    )]
    pub webhook: Vec<String>,
    /// Accept another secret too, as while it is being changed
    ///
    /// NAME says in the output which one matched.
    #[arg(long, value_name = "NAME=FILE", help_heading = "Secret", hide_short_help = true)]
    pub also_secret_file: Vec<NamedFile>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub secret: SecretArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
}

/// Keeping requests.
#[derive(Debug, Args)]
#[command(next_help_heading = "Keep")]
pub struct KeepArgs {
    /// Append each request to FILE, as a capture, before it gets a response
    ///
    /// A forwarded request is saved with what its targets responded.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,
    /// Rename FILE to FILE.1, FILE.2 … and start a new one before it exceeds SIZE
    #[arg(
        long, value_name = "SIZE", requires = "save", value_parser = size, hide_short_help = true
    )]
    pub rotate: Option<u64>,
    /// Respond only after the capture is on the disk (fsync)
    #[arg(long, requires = "save", hide_short_help = true)]
    pub sync: bool,
    /// Keep the newest payload of each event as DIR/EVENT.json
    ///
    /// For send --fixtures. With a secret, only those of valid requests.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub save_fixtures: Option<PathBuf>,
}

/// Responding on purpose.
#[derive(Debug, Args)]
#[command(next_help_heading = "Response")]
pub struct ResponseArgs {
    /// Respond with this status [default: 200]
    ///
    /// With --fail-first or --fail-rate: the status of the failures [default: 503]. The same goes
    /// for the options from here to --drop.
    #[arg(long, value_name = "STATUS", value_parser = status)]
    pub status: Option<u16>,
    /// Respond with this body [default: Ok]
    #[arg(long, value_name = "TEXT|@FILE|-", allow_hyphen_values = true, hide_short_help = true)]
    pub body: Option<String>,
    /// Add a header to the response
    #[arg(long, value_name = "NAME: VALUE", hide_short_help = true)]
    pub header: Vec<HeaderArg>,
    /// Wait before the response: 6s, or a time between two, 1s..3s
    #[arg(long, value_name = "TIME")]
    pub delay: Option<DelayArg>,
    /// Send the body byte by byte over this time
    #[arg(
        long,
        value_name = "TIME",
        num_args = 0..=1,
        default_missing_value = "10s",
        require_equals = true,
        value_parser = duration,
        hide_short_help = true,
    )]
    pub drip: Option<Duration>,
    /// Close the connection without a response
    #[arg(long, conflicts_with_all = ["status", "body", "header", "drip"], hide_short_help = true)]
    pub drop: bool,
    /// Fail the first N attempts of each request id
    #[arg(long, value_name = "N", value_parser = number::<u32>(0..=MAX_COUNT))]
    pub fail_first: Option<u32>,
    /// Fail this share of the requests: 0 to 1
    #[arg(long, value_name = "RATE", value_parser = rate, hide_short_help = true)]
    pub fail_rate: Option<f64>,
    /// Draw --fail-rate and --delay from this number, to repeat a run [default: a new one]
    #[arg(
        long, value_name = "N", value_parser = number::<u64>(0..=u64::MAX), hide_short_help = true
    )]
    pub seed: Option<u64>,
    /// Choose responses by event or by number, as this TOML file says
    ///
    /// A list of `[[response]]` with `event`, `request` or `attempt`, and `status`, `body`,
    /// `headers`, `delay`, `drip` or `drop`. The first match decides.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    pub script: Option<PathBuf>,
    /// Respond 401 to requests that do not verify
    #[arg(long)]
    pub reject_invalid: bool,
}

/// Forwarding requests.
#[derive(Debug, Args)]
#[command(next_help_heading = "Forward")]
pub struct ForwardArgs {
    /// Forward each request to URL, and respond as this target does
    ///
    /// The body is exact. A URL without a path, or with one that ends in /, gets the request's
    /// path. Of several targets the first that fails decides.
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub forward_to: Vec<TargetUrl>,
    /// Forward requests with this event to URL instead
    #[arg(long, value_name = "EVENT=URL")]
    pub route: Vec<Route>,
    /// Set a header on forwarded requests
    #[arg(long, value_name = "NAME: VALUE", hide_short_help = true)]
    pub forward_header: Vec<HeaderArg>,
    /// Forward only requests that verify
    #[arg(long, hide_short_help = true)]
    pub only_valid: bool,
    /// Time for a target to respond; then the client gets a 504
    #[arg(
        long, value_name = "TIME", default_value = "30s", value_parser = duration,
        hide_short_help = true,
    )]
    pub forward_timeout: Duration,
    /// Connect to ADDR for this host and port of a target, as with curl
    #[arg(long, value_name = "HOST:PORT:ADDR", hide_short_help = true)]
    pub resolve: Vec<Resolve>,
    /// Trust only the authorities in this PEM file, for targets with https
    #[arg(
        long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "insecure",
        hide_short_help = true,
    )]
    pub ca_cert: Option<PathBuf>,
    /// Trust any certificate of a target
    #[arg(long, hide_short_help = true)]
    pub insecure: bool,
}

/// Ending by itself.
#[derive(Debug, Args)]
#[command(next_help_heading = "End")]
pub struct EndArgs {
    /// Exit with 0 as soon as N valid requests have arrived
    #[arg(long, value_name = "N", value_parser = number::<u64>(1..=MAX_COUNT))]
    pub expect: Option<u64>,
    /// Count only requests with this event; repeatable
    #[arg(
        long, value_name = "EVENT", requires = "expect", value_parser = event_name(),
        hide_possible_values = true,
    )]
    pub expect_event: Vec<String>,
    /// Count only requests whose data has this value, as in userId=7; repeatable
    #[arg(long, value_name = "PATH=VALUE", requires = "expect", hide_short_help = true)]
    pub expect_data: Vec<Assignment>,
    /// Exit with 1 when they have not arrived by then
    #[arg(long, value_name = "TIME", requires = "expect", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// Write what was expected and what arrived as JUnit XML: junit=FILE
    #[arg(long, value_name = "FORMAT=FILE", requires = "expect", hide_short_help = true)]
    pub report: Option<ReportFile>,
    /// Exit after N requests, whatever they are
    #[arg(
        long, value_name = "N", value_parser = number::<u64>(1..=MAX_COUNT),
        hide_short_help = true,
    )]
    pub max_requests: Option<u64>,
}

/// Serving https.
#[derive(Debug, Args)]
#[command(next_help_heading = "TLS")]
pub struct ListenTlsArgs {
    /// Serve https, with a certificate made for this run
    #[arg(long, hide_short_help = true)]
    pub tls: bool,
    /// Make that certificate for this name or address too; repeatable
    #[arg(long, value_name = "HOST", requires = "tls", hide_short_help = true)]
    pub tls_name: Vec<String>,
    /// Write the authority behind that certificate to FILE, for send --ca-cert
    #[arg(
        long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "tls",
        conflicts_with = "cert", hide_short_help = true,
    )]
    pub tls_ca: Option<PathBuf>,
    /// Serve https, with this certificate (PEM)
    #[arg(
        long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "key",
        conflicts_with = "tls_name", hide_short_help = true,
    )]
    pub cert: Option<PathBuf>,
    /// The key of --cert (PEM)
    #[arg(
        long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "cert",
        hide_short_help = true,
    )]
    pub key: Option<PathBuf>,
}

/// What a client may ask for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// Accept requests that a web page of another site sends from a browser
    #[arg(long, hide_short_help = true)]
    pub allow_browser: bool,
    /// Largest body; a larger one gets a 413
    #[arg(
        long, value_name = "SIZE", default_value = "1MiB", value_parser = size,
        hide_short_help = true,
    )]
    pub max_body: u64,
    /// Largest head; a larger one gets a 431
    #[arg(
        long, value_name = "SIZE", default_value = "64KiB", value_parser = size,
        hide_short_help = true,
    )]
    pub max_head: u64,
    /// Time to send a head, and for an idle connection; then a 408
    #[arg(
        long, value_name = "TIME", default_value = "5s", value_parser = duration,
        hide_short_help = true,
    )]
    pub head_time: Duration,
    /// Time to send a body; then a 408
    #[arg(
        long, value_name = "TIME", default_value = "30s", value_parser = duration,
        hide_short_help = true,
    )]
    pub body_time: Duration,
    /// Open connections; the next one waits
    #[arg(
        long, value_name = "N", default_value = "1024",
        value_parser = number::<u32>(1..=MAX_CONNECTIONS), hide_short_help = true,
    )]
    pub max_connections: u32,
}

/// No process has more open files than this.
const MAX_CONNECTIONS: u64 = 1 << 20;
