//! `pgwh send --count` and `--duration`: a load run, from its arguments to its start.

mod run;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;
use std::{fmt, fs};

use clap::{Args, ValueHint};
use url::Url;

use super::{SendArgs, Target, Targets};
use crate::cli::{MAX_COUNT, number, output_file, rate, time_limit};
use crate::commands::reports::{ReportFile, cannot_write, report_file};
use crate::commands::{CliError, Exit, bodies, now, secret};
use crate::fixtures::Fixture;
use crate::load::{BodyTemplate, K6Error, K6Script, LoadConfig, Rate, StopAfter, Workload};
use crate::payload::Variation;
use crate::report::{Output, ReportFormat, escape};
use crate::webhooks::Config;

/// Flags of single requests, which a load run cannot have.
const SINGLE_REQUEST_FLAGS: [&str; 15] = [
    "edit",
    "unsigned",
    "wrong_signature",
    "from",
    "body",
    "request_id",
    "triggered_date",
    "save",
    "verbose",
    "retries",
    "retry_delay",
    "backoff",
    "retry_on",
    "repeat",
    "parallel",
];

/// Many new requests at once.
#[derive(Debug, Args)]
#[command(next_help_heading = "Load")]
pub(super) struct LoadArgs {
    /// Send N new requests and report how the target held up
    ///
    /// Several events are mixed: EVENT=WEIGHT says how often each is sent.
    #[arg(long, value_name = "N", group = "load", value_parser = number::<u64>(1..=MAX_COUNT), conflicts_with_all = SINGLE_REQUEST_FLAGS)]
    count: Option<u64>,
    /// Send new requests for this long
    #[arg(long, value_name = "TIME", group = "load", value_parser = time_limit, conflicts_with_all = SINGLE_REQUEST_FLAGS)]
    duration: Option<Duration>,
    /// The most connections [default: 64; with --rate 512, opened as needed]
    #[arg(long, hide_short_help = true, value_name = "N", requires = "load", value_parser = number::<u32>(1..=MAX_CONNECTIONS))]
    concurrency: Option<u32>,
    /// Threads that share the connections [default: one per core; with --rate one]
    #[arg(long, hide_short_help = true, value_name = "N", requires = "load", value_parser = number::<u32>(1..=MAX_THREADS))]
    threads: Option<u32>,
    /// Start requests at this rate, such as 500/s or growing 10/s..500/s
    ///
    /// Latency counts from when each request was scheduled. Without a rate, each connection sends
    /// the next request as soon as it has the response to the last.
    #[arg(long, value_name = "RATE", requires = "load")]
    rate: Option<Rate>,
    /// Set a path in `data` to a random whole number from FROM to TO; repeatable
    #[arg(long, hide_short_help = true, value_name = "PATH=FROM..TO", requires = "load")]
    vary: Vec<Variation>,
    /// Send this share of the requests twice, as PGM has been seen to do: 0.05 is one in twenty
    #[arg(long, hide_short_help = true, value_name = "SHARE", requires = "load", value_parser = rate, default_value_t = 0.0, hide_default_value = true)]
    repeat_rate: f64,
    /// Exit with 0 if at most this many fail: a number, or a share such as 0.1%
    #[arg(long, hide_short_help = true, value_name = "N|N%", requires = "load")]
    allow_failures: Option<AllowedFailures>,
    /// Also write a report to FILE: human, json or markdown; repeatable
    #[arg(long, hide_short_help = true, value_name = "FORMAT=FILE", value_parser = report_file(&REPORT_FORMATS), requires = "load")]
    report: Vec<ReportFile>,
    /// Write the latencies to FILE in HdrHistogram's text format, in milliseconds
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "load", value_parser = output_file(), value_hint = ValueHint::FilePath)]
    histogram: Option<PathBuf>,
    /// Write the load to a file as a script for k6, and send nothing
    #[arg(long, hide_short_help = true, value_name = "k6=FILE", requires = "load", conflicts_with_all = ["threads", "histogram", "report"])]
    export: Option<ExportFile>,
    /// Confirm that you may load-test a public host
    #[arg(long, hide_short_help = true, requires = "load")]
    yes_load_test: bool,
}

/// The formats that a load run has; there are no single results to list.
const REPORT_FORMATS: [ReportFormat; 3] =
    [ReportFormat::Human, ReportFormat::Json, ReportFormat::Markdown];

impl LoadArgs {
    /// Whether this is a load run.
    pub fn is_requested(&self) -> bool {
        self.count.is_some() || self.duration.is_some()
    }
}

/// `k6=FILE`
#[derive(Debug, Clone, PartialEq, Eq)]
struct ExportFile(PathBuf);

impl FromStr for ExportFile {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some(("k6", "-")) => Err("k6 reads its script from a file, as in k6=load.js"),
            Some(("k6", file)) if !file.is_empty() => Ok(Self(file.into())),
            _ => Err("expected k6=FILE, as in k6=load.js"),
        }
    }
}

/// The local ports to one address are fewer than 2 to the 16th.
const MAX_CONNECTIONS: u64 = 28_000;

/// More threads than this do not help.
const MAX_THREADS: u64 = 64;

/// `--allow-failures`: how many requests may fail.
#[derive(Debug, Clone, Copy, PartialEq)]
enum AllowedFailures {
    /// At most this many.
    Count(u64),
    /// At most this share of all requests, in percent.
    Percent(f64),
}

impl AllowedFailures {
    /// Whether `failed` of `requests` are few enough.
    #[allow(clippy::cast_precision_loss, reason = "a share does not need 53 bits")]
    fn allows(self, failed: u64, requests: u64) -> bool {
        match self {
            Self::Count(max) => failed <= max,
            Self::Percent(percent) => failed as f64 * 100.0 <= percent * requests as f64,
        }
    }
}

impl FromStr for AllowedFailures {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = || "expected a number such as 10, or a share such as 0.1%".to_owned();
        let Some(percent) = text.strip_suffix('%') else {
            return text.parse().map(Self::Count).map_err(|_| expected());
        };
        let percent = percent.trim_end().parse().ok();
        let percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
        percent.map(Self::Percent).ok_or_else(expected)
    }
}

/// As given on the command line.
impl fmt::Display for AllowedFailures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(max) => write!(f, "{max}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

/// Requests a second that no server minds.
const HARMLESS_RATE: f64 = 10.0;

/// The bodies, with placeholders for what varies.
fn templates(
    events: &[(String, u32)],
    args: &SendArgs,
) -> Result<Vec<(u32, BodyTemplate)>, CliError> {
    let names: Vec<_> = events.iter().map(|(event, _)| event.clone()).collect();
    let samples = args.payload.samples(&names, now())?;
    let template = |((event, weight), sample): (&(String, u32), Fixture)| {
        BodyTemplate::new(&sample.event, sample.data, &args.load.vary)
            .map(|template| (*weight, template))
            .map_err(|error| bodies::edit_error("--vary", event, error))
    };
    events.iter().zip(samples).map(template).collect()
}

/// A load run that is about to start.
struct LoadPlan<'a> {
    args: &'a SendArgs,
    config: &'a Config,
    target: Target,
    /// Each with its weight.
    events: Vec<(String, u32)>,
    load: LoadConfig,
}

pub(super) fn run(args: &SendArgs, config: &Config, output: &mut Output) -> Result<Exit, CliError> {
    let events = events(args)?;
    if let Some(ExportFile(file)) = &args.load.export {
        let Target { url, .. } = target(args, config, &events, false, output)?;
        return export(file, &url, args, &events, output);
    }
    let target = target(args, config, &events, true, output)?;
    let secret = target.secret.clone().ok_or_else(secret::missing)?;
    let headers = args.network.headers();
    let workload = Workload { events: templates(&events, args)?, secret, headers };
    let plan = LoadPlan { args, config, target, events, load: load_config(args) };
    run::run(&plan, workload, output)
}

/// Connections of a run without a rate, as other load generators have it.
const CONNECTIONS: u32 = 64;
/// The most connections of a run with a rate: only a target that stalls needs this many.
const CONNECTIONS_AT_A_RATE: u32 = 512;

/// The events of the command line and their weights, such as `UserCardScanned=8 ClassesBooked=2`.
fn events(args: &SendArgs) -> Result<Vec<(String, u32)>, CliError> {
    let weighted = |text: &String| {
        let Some((event, weight)) = text.rsplit_once('=') else {
            return Ok((text.clone(), 1));
        };
        match weight.parse() {
            Ok(weight @ 1..) => Ok((event.to_owned(), weight)),
            _ => Err(CliError::new(format!(
                "{}: a weight is a whole number from 1, as in {}=8",
                escape(text),
                escape(event)
            ))),
        }
    };
    args.event.iter().map(weighted).collect()
}

/// The URL that was typed, or the one webhook that is subscribed to the events.
fn target(
    args: &SendArgs,
    config: &Config,
    events: &[(String, u32)],
    is_signed: bool,
    output: &mut Output,
) -> Result<Target, CliError> {
    let targets = Targets::new(args, config, is_signed, output)?;
    let mut found: Vec<Target> = Vec::new();
    for (event, _) in events {
        for target in targets.of(Some(event), output)? {
            if !found.iter().any(|known| known.webhook == target.webhook) {
                found.push(target);
            }
        }
    }
    let error = CliError::new(match found.len() {
        0 => "no webhook is subscribed to these events".to_owned(),
        n => format!("a load run has one target, but {n} webhooks are subscribed to these events"),
    });
    match (found.pop(), found.is_empty()) {
        (Some(target), true) => Ok(target),
        _ => Err(error.help("pick one with --webhook NAME, or send elsewhere with --url URL")),
    }
}

/// How the run goes.
fn load_config(args: &SendArgs) -> LoadConfig {
    let load = &args.load;
    let default = if load.rate.is_some() { CONNECTIONS_AT_A_RATE } else { CONNECTIONS };
    let connections = load.concurrency.unwrap_or(default) as usize;
    // More connections than requests would stay unused; some requests may be sent twice.
    let most = load.count.map(|count| usize::try_from(count).unwrap_or(usize::MAX));
    let most = most.map(|count| count.saturating_mul(if load.repeat_rate > 0.0 { 2 } else { 1 }));
    let connections = most.map_or(connections, |most| connections.min(most));
    let threads = match load.threads {
        Some(threads) => (threads as usize).min(connections),
        None => LoadConfig::default_threads(load.rate, connections),
    };
    LoadConfig {
        stop_after: match (load.count, load.duration) {
            (Some(count), _) => StopAfter::Count(count),
            (None, duration) => StopAfter::Duration(duration.unwrap_or_default()),
        },
        rate: load.rate,
        connections,
        threads,
        repeat_share: load.repeat_rate,
    }
}

/// Headers whose values may be secrets.
const SECRET_HEADERS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// Writes the script; sends nothing and reads no secret.
fn export(
    file: &Path,
    url: &Url,
    args: &SendArgs,
    events: &[(String, u32)],
    output: &mut Output,
) -> Result<Exit, CliError> {
    let network = args.network.elsewhere(url, output)?;
    if network.ca_cert.is_some() {
        return Err(CliError::new("--ca-cert: k6 has no option for certificate authorities")
            .help("name them when it runs: SSL_CERT_FILE=ca.pem k6 run …"));
    }
    let (config, headers) = (load_config(args), args.network.headers());
    let is_harmless = config.peak().is_some_and(|peak| peak <= HARMLESS_RATE);
    let script = K6Script {
        url,
        config: &config,
        events: &templates(events, args)?,
        headers: &headers,
        network: &network,
        allowed_failures: allowed_failures(args, config.stop_after)?,
        allows_public_hosts: args.load.yes_load_test || is_harmless,
    };
    let script = script.render().map_err(|error| {
        let cli_error = CliError::new(format!("--export: {error}"));
        match error {
            K6Error::Password => {
                cli_error.help("leave it out; PGWH_URL names the whole URL when k6 runs the script")
            }
            K6Error::Number(_) | K6Error::Header(_) => cli_error,
        }
    })?;
    for (name, _) in headers {
        if SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            output.warn(format!("the value of the header {} is in the script", escape(&name)));
        }
    }
    fs::write(file, script).map_err(|error| cannot_write("--export", file, &error))?;
    let shown = file.display();
    output.stderr(&format!("wrote {shown}; run it with: PGWH_SECRET=… k6 run {shown}\n"));
    Ok(Exit::Yes)
}

/// The share of requests that may fail.
#[allow(clippy::cast_precision_loss, reason = "a share does not need 53 bits")]
fn allowed_failures(args: &SendArgs, stop_after: StopAfter) -> Result<f64, CliError> {
    match (args.load.allow_failures, stop_after) {
        (None, _) => Ok(0.0),
        (Some(AllowedFailures::Percent(percent)), _) => Ok(percent / 100.0),
        (Some(AllowedFailures::Count(most)), StopAfter::Count(total)) => {
            Ok((most as f64 / total as f64).min(1.0))
        }
        (Some(AllowedFailures::Count(_)), StopAfter::Duration(_)) => {
            Err(CliError::new("--allow-failures: k6 can limit only the share of failures")
                .help("allow a share, as in --allow-failures 0.1%"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_allowed_by_number_or_share() {
        let allowed = |text: &str| text.parse::<AllowedFailures>();
        assert!(allowed("10").unwrap().allows(10, 11) && !allowed("10").unwrap().allows(11, 99));
        let share = allowed("0.1%").unwrap();
        assert!(share.allows(100, 100_000) && !share.allows(101, 100_000));
        assert_eq!(share.to_string(), "0.1%");
        for bad in ["", "%", "-1", "101%", "NaN%", "0.1", "x"] {
            assert!(allowed(bad).is_err(), "{bad}");
        }
    }
}
