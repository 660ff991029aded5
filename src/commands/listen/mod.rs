//! `pgwh listen`: its arguments

mod session;
mod setup;

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{ValueParser, ValueParserFactory};
use clap::{Args, ValueHint};

use super::ConfigArgs;
use super::page::PageServerArgs;
use super::reports::{ReportFile, report_file};
use super::secret::{NamedFile, SecretArgs};
use crate::cli::{
    self, HeaderArg, ListenAddress, MAX_COUNT, TargetUrl, duration, event_name, number,
    output_file, rate, size, time_limit, url_parser,
};
use crate::http1::Resolve;
use crate::payload::Assignment;
use crate::receiver::{parse_delay, parse_status};
use crate::report::{OutputFormat, ReportFormat};

/// No process has more open files than this.
const MAX_CONNECTIONS: u64 = 1 << 20;

/// Receive requests here: verify, save, forward, or misbehave
///
/// Receives requests on this machine: those of the real PGM through a tunnel, or those of `pgwh
/// send` in tests. Reports whether each request is genuine, and responds 200, or misbehaves on
/// request.
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
        "PGWH_SECRET=… pgwh listen",
        "pgwh listen --secret-file pgm.secret --save captures.ndjson",
        "pgwh listen --forward-to http://localhost:3000/pgm",
        "pgwh listen --fail-first 2                   (the third attempt succeeds)",
        "pgwh listen --status 503 --delay 1s..6s      (an unreliable target)",
        "pgwh listen --addr 127.0.0.1:0 --expect 1 --expect-event Test --timeout 30s",
    ],
    &[0, 1, 2, 130, 143],
))]
#[command(
    mut_arg("page_addr", |arg| arg.requires("page").hide_short_help(true)),
    mut_arg("page_host", |arg| arg.requires("page").hide_short_help(true)),
    mut_arg("open", |arg| arg.requires("page").hide_short_help(true)),
)]
pub(super) struct ListenArgs {
    /// Listen on this address; port 0 picks a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:4100")]
    addr: ListenAddress,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: OutputFormat,
    /// Show headers and bodies
    ///
    /// With --forward-to or --route, those of the targets' responses too.
    #[arg(short, long)]
    verbose: bool,
    /// Show only the first line and the summary
    #[arg(short, long, conflicts_with = "verbose", hide_short_help = true)]
    quiet: bool,
    #[command(flatten)]
    keep: KeepArgs,
    #[command(flatten)]
    response: ResponseArgs,
    #[command(flatten)]
    forward: ForwardArgs,
    #[command(flatten)]
    end: EndArgs,
    #[command(flatten)]
    tls: ListenTlsArgs,
    #[command(flatten)]
    limits: LimitArgs,
    /// Also show received requests in the browser, on another port
    ///
    /// The page has the requests list and the webhooks too: see `pgwh page`.
    #[arg(long, help_heading = "Page")]
    page: bool,
    #[command(flatten)]
    page_server: PageServerArgs,
    /// Accept the secret of this webhook of pgwh.toml; repeatable
    ///
    /// Without it: the given secret, else those of all webhooks of pgwh.toml.
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Secret",
        hide_short_help = true,
        conflicts_with_all = ["secret_file", "secret"],
    )]
    webhook: Vec<String>,
    /// Also accept the secret in FILE, for example while it is being changed
    ///
    /// NAME appears in the output where it matched.
    #[arg(long, value_name = "NAME=FILE", help_heading = "Secret", hide_short_help = true)]
    also_secret_file: Vec<NamedFile>,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Keeping requests.
#[derive(Debug, Args)]
#[command(next_help_heading = "Save")]
struct KeepArgs {
    /// Append each request to FILE, as a capture, before responding
    ///
    /// A forwarded request is saved with the responses of its targets.
    #[arg(long, value_name = "FILE", value_parser = output_file(), value_hint = ValueHint::FilePath)]
    save: Option<PathBuf>,
    /// Rename FILE to FILE.1, FILE.2 … and start a new one before it exceeds SIZE
    #[arg(
        long, value_name = "SIZE", requires = "save", value_parser = size, hide_short_help = true
    )]
    rotate: Option<u64>,
    /// Respond only after the capture is on the disk (fsync)
    #[arg(long, requires = "save", hide_short_help = true)]
    sync: bool,
    /// Keep the newest payload of each event as DIR/EVENT.json
    ///
    /// For send --fixtures. With a secret, only payloads of valid requests are kept.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    save_fixtures: Option<PathBuf>,
}

/// Responding on purpose.
#[derive(Debug, Args)]
#[command(next_help_heading = "Response")]
struct ResponseArgs {
    /// Respond with this status [default: 200]
    ///
    /// With --fail-first or --fail-rate: the status of the failures [default: 503]. The same goes
    /// for the options from here to --drop.
    #[arg(long, value_name = "STATUS", value_parser = status)]
    status: Option<u16>,
    /// Respond with this body [default: Ok]
    #[arg(long, value_name = "TEXT|@FILE|-", allow_hyphen_values = true, hide_short_help = true)]
    body: Option<String>,
    /// Add a header to the response; repeatable
    #[arg(long, value_name = "NAME: VALUE", hide_short_help = true)]
    header: Vec<HeaderArg>,
    /// Delay the response by 6s, or by a random time such as 1s..3s
    #[arg(long, value_name = "TIME")]
    delay: Option<DelayArg>,
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
    drip: Option<Duration>,
    /// Close the connection without a response
    #[arg(long, conflicts_with_all = ["status", "body", "header", "drip"], hide_short_help = true)]
    drop: bool,
    /// Fail the first N attempts of each request id
    #[arg(long, value_name = "N", value_parser = number::<u32>(0..=MAX_COUNT))]
    fail_first: Option<u32>,
    /// Fail this share of the requests: 0 to 1
    #[arg(long, value_name = "RATE", value_parser = rate, hide_short_help = true)]
    fail_rate: Option<f64>,
    /// Seed --fail-rate and --delay with this number, to repeat a run [default: a new one]
    #[arg(
        long, value_name = "N", value_parser = number::<u64>(0..=u64::MAX), hide_short_help = true
    )]
    seed: Option<u64>,
    /// Choose responses by event, request or attempt, with the rules in this TOML file
    ///
    /// A list of `[[response]]` with `event`, `request` or `attempt`, and `status`, `body`,
    /// `headers`, `delay`, `drip` or `drop`. The first match decides.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    script: Option<PathBuf>,
    /// Respond 401 to requests that do not verify
    #[arg(long)]
    reject_invalid: bool,
}

/// Forwarding requests.
#[derive(Debug, Args)]
#[command(next_help_heading = "Forward")]
struct ForwardArgs {
    /// Forward each request to URL, and respond as this target does
    ///
    /// The body is exact. A URL without a path, or with one that ends in /, gets the request's
    /// path. Of several targets the first that fails decides.
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    forward_to: Vec<TargetUrl>,
    /// Forward requests with this event to URL instead; repeatable
    #[arg(long, value_name = "EVENT=URL")]
    route: Vec<Route>,
    /// Set a header on forwarded requests; repeatable
    #[arg(long, value_name = "NAME: VALUE", hide_short_help = true)]
    forward_header: Vec<HeaderArg>,
    /// Forward only requests that verify
    #[arg(long, hide_short_help = true)]
    only_valid: bool,
    /// Time limit for a target; after it, the client gets a 504 [default: 30s]
    #[arg(
        long, value_name = "TIME", value_parser = time_limit,
        hide_short_help = true,
    )]
    forward_timeout: Option<Duration>,
    /// Connect to ADDR for this host and port of a target, as with curl; repeatable
    #[arg(long, value_name = "HOST:PORT:ADDR", hide_short_help = true)]
    resolve: Vec<Resolve>,
    /// Trust only the authorities in this PEM file, for targets with https
    #[arg(
        long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "insecure",
        hide_short_help = true,
    )]
    ca_cert: Option<PathBuf>,
    /// Trust any certificate of a target
    #[arg(long, hide_short_help = true)]
    insecure: bool,
}

/// Ending by itself.
#[derive(Debug, Args)]
#[command(next_help_heading = "Exit")]
struct EndArgs {
    /// Exit with 0 as soon as N valid requests have arrived
    #[arg(long, value_name = "N", value_parser = number::<u64>(1..=MAX_COUNT))]
    expect: Option<u64>,
    /// Count only requests with this event; repeatable
    #[arg(
        long, value_name = "EVENT", requires = "expect", value_parser = event_name(),
        hide_possible_values = true,
    )]
    expect_event: Vec<String>,
    /// Count only requests whose data has this value, as in userId=7; repeatable
    #[arg(long, value_name = "PATH=VALUE", requires = "expect", hide_short_help = true)]
    expect_data: Vec<Assignment>,
    /// Exit with 1 if they have not arrived by then
    #[arg(long, value_name = "TIME", requires = "expect", value_parser = duration)]
    timeout: Option<Duration>,
    /// Write what was expected and what arrived, as JUnit XML: junit=FILE
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report_file(&[ReportFormat::Junit]), requires = "expect", hide_short_help = true)]
    report: Option<ReportFile>,
    /// Exit after N requests, whatever they are
    #[arg(
        long, value_name = "N", value_parser = number::<u64>(1..=MAX_COUNT),
        hide_short_help = true,
    )]
    max_requests: Option<u64>,
}

/// Serving https.
#[derive(Debug, Args)]
#[command(next_help_heading = "TLS")]
struct ListenTlsArgs {
    /// Serve https, with a certificate made for this run
    #[arg(long, hide_short_help = true)]
    tls: bool,
    /// Add this name or address to that certificate; repeatable
    #[arg(long, value_name = "HOST", requires = "tls", hide_short_help = true)]
    tls_name: Vec<String>,
    /// Write the authority behind that certificate to FILE, for send --ca-cert
    #[arg(
        long, value_name = "FILE", value_parser = output_file(), value_hint = ValueHint::FilePath, requires = "tls",
        conflicts_with = "cert", hide_short_help = true,
    )]
    tls_ca: Option<PathBuf>,
    /// Serve https, with this certificate (PEM)
    #[arg(
        long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "key",
        conflicts_with = "tls_name", hide_short_help = true,
    )]
    cert: Option<PathBuf>,
    /// The key of --cert (PEM)
    #[arg(
        long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "cert",
        hide_short_help = true,
    )]
    key: Option<PathBuf>,
}

/// What a client may ask for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
struct LimitArgs {
    /// Accept requests that a web page of another site sends from a browser
    #[arg(long, hide_short_help = true)]
    allow_browser: bool,
    /// Largest body; a larger one gets a 413
    #[arg(
        long, value_name = "SIZE", default_value = "1MiB", value_parser = size,
        hide_short_help = true,
    )]
    max_body: u64,
    /// Largest head; a larger one gets a 431
    #[arg(
        long, value_name = "SIZE", default_value = "64KiB", value_parser = size,
        hide_short_help = true,
    )]
    max_head: u64,
    /// Time limit for a head, and for an idle connection; after it, a 408
    #[arg(
        long, value_name = "TIME", default_value = "5s", value_parser = time_limit,
        hide_short_help = true,
    )]
    head_time: Duration,
    /// Time limit for a body; after it, a 408
    #[arg(
        long, value_name = "TIME", default_value = "30s", value_parser = time_limit,
        hide_short_help = true,
    )]
    body_time: Duration,
    /// Most open connections; further ones wait
    #[arg(
        long, value_name = "N", default_value = "1024",
        value_parser = number::<u32>(1..=MAX_CONNECTIONS), hide_short_help = true,
    )]
    max_connections: u32,
}

/// `--route EVENT=URL`
#[derive(Debug, Clone, PartialEq, Eq)]
struct Route {
    /// The event.
    event: String,
    /// Where its requests go.
    url: TargetUrl,
}

impl FromStr for Route {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((event, url)) if !event.is_empty() => {
                Ok(Self { event: event.to_owned(), url: url.parse()? })
            }
            _ => Err("expected EVENT=URL, as in Test=http://localhost:3000/test".to_owned()),
        }
    }
}

impl ValueParserFactory for Route {
    type Parser = ValueParser;

    fn value_parser() -> ValueParser {
        url_parser::<Self>()
    }
}

/// `--delay`: at least and at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DelayArg(Duration, Duration);

impl FromStr for DelayArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_delay(text).map(|(least, most)| Self(least, most))
    }
}

/// Reads a status that can end an exchange.
fn status(text: &str) -> Result<u16, String> {
    let expected = || "expected a status from 200 to 599, such as 503".to_owned();
    parse_status(text.parse().map_err(|_| expected())?).map(|status| status.as_u16())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_rates_and_statuses() {
        let route: Route = "Test=http://localhost:3000/x?a=b".parse().unwrap();
        assert_eq!((route.event.as_str(), route.url.0.query()), ("Test", Some("a=b")));
        assert!("http://localhost".parse::<Route>().is_err());
        assert!(rate("0.2").is_ok() && rate("1.1").is_err() && rate("NaN").is_err());
        assert!(status("503").is_ok() && status("101").is_err() && status("x").is_err());
    }
}
