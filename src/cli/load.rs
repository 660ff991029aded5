//! `pgwh send --count` and `--duration`: load runs.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::ReportFile;
use super::values::{AllowedFailures, MAX_COUNT, number, rate, time_limit};
use crate::load::Rate;
use crate::payload::Variation;

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
pub struct LoadArgs {
    /// Send N new requests and report how the target held up
    ///
    /// Several events are mixed: EVENT=WEIGHT says how often each is sent.
    #[arg(long, value_name = "N", group = "load", value_parser = number::<u64>(1..=MAX_COUNT), conflicts_with_all = SINGLE_REQUEST_FLAGS)]
    pub count: Option<u64>,
    /// Send new requests for this long
    #[arg(long, value_name = "TIME", group = "load", value_parser = time_limit, conflicts_with_all = SINGLE_REQUEST_FLAGS)]
    pub duration: Option<Duration>,
    /// The most connections [default: 64; with --rate 512, opened as needed]
    #[arg(long, hide_short_help = true, value_name = "N", requires = "load", value_parser = number::<u32>(1..=MAX_CONNECTIONS))]
    pub concurrency: Option<u32>,
    /// Threads that share the connections [default: one per core; with --rate one]
    #[arg(long, hide_short_help = true, value_name = "N", requires = "load", value_parser = number::<u32>(1..=MAX_THREADS))]
    pub threads: Option<u32>,
    /// Start requests at this rate, such as 500/s or growing 10/s..500/s
    ///
    /// Latency counts from when each request was scheduled. Without a rate, each connection sends
    /// the next request as soon as it has the response to the last.
    #[arg(long, value_name = "RATE", requires = "load")]
    pub rate: Option<Rate>,
    /// Put random whole numbers of a range, ends included, at a path of `data`
    #[arg(long, hide_short_help = true, value_name = "PATH=FROM..TO", requires = "load")]
    pub vary: Vec<Variation>,
    /// Send this share of the requests twice, as PGM was seen to do: 0.05 is one in twenty
    #[arg(long, hide_short_help = true, value_name = "SHARE", requires = "load", value_parser = rate, default_value_t = 0.0, hide_default_value = true)]
    pub repeat_rate: f64,
    /// Exit with 0 while no more than this fail: a number, or a share such as 0.1%
    #[arg(long, hide_short_help = true, value_name = "N|N%", requires = "load")]
    pub allow_failures: Option<AllowedFailures>,
    /// Also write a report to a file: human, json or markdown; can be repeated
    #[arg(long, hide_short_help = true, value_name = "FORMAT=FILE", requires = "load")]
    pub report: Vec<ReportFile>,
    /// Write the latencies to a file in HdrHistogram's text format, in milliseconds
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "load", value_hint = ValueHint::FilePath)]
    pub histogram: Option<PathBuf>,
    /// Confirm that you may load-test a public host
    #[arg(long, hide_short_help = true, requires = "load")]
    pub yes_load_test: bool,
}

impl LoadArgs {
    /// Whether this is a load run.
    pub fn is_requested(&self) -> bool {
        self.count.is_some() || self.duration.is_some()
    }
}

/// The local ports to one address are fewer than 2 to the 16th.
const MAX_CONNECTIONS: u64 = 28_000;

/// More threads than this do not help.
const MAX_THREADS: u64 = 64;
