//! `pgwh send --count` and `--duration`: many requests at once.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::ReportFile;
use super::values::{AllowedFailures, MAX_COUNT, number, rate, time_limit};
use crate::load::Rate;
use crate::payload::Variation;

/// Flags that are about one request, or about the same request again.
const SINGLE: [&str; 12] = [
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

/// Many new requests at once, and how the target bears them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Load")]
pub struct LoadArgs {
    /// Send this many requests, each a new one, and tell how the target bore it. Several events
    /// are mixed: EVENT=WEIGHT says how often each comes
    #[arg(long, value_name = "N", group = "load", value_parser = number::<u64>(1..=MAX_COUNT), conflicts_with_all = SINGLE)]
    pub count: Option<u64>,
    /// The same for this long
    #[arg(long, value_name = "TIME", group = "load", value_parser = time_limit, conflicts_with_all = SINGLE)]
    pub duration: Option<Duration>,
    /// Connections at most [default: 64; with --rate 512, of which it opens what it needs]
    #[arg(long, value_name = "N", requires = "load", value_parser = number::<u32>(1..=MAX_CONNECTIONS))]
    pub concurrency: Option<u32>,
    /// Threads that share the connections [default: one per core; with --rate one]
    #[arg(long, value_name = "N", requires = "load", value_parser = number::<u32>(1..=MAX_THREADS))]
    pub threads: Option<u32>,
    /// Start requests at this rate, such as 500/s or growing 10/s..500/s, whatever the answers:
    /// latency counts from when each was due. Without it, each connection sends as fast as it is
    /// answered
    #[arg(long, value_name = "RATE", requires = "load")]
    pub rate: Option<Rate>,
    /// Put a random whole number of this range at a path of `data`, both ends among them
    #[arg(long, value_name = "PATH=FROM..TO", requires = "load")]
    pub vary: Vec<Variation>,
    /// Send this share of the requests twice, as PGM was seen to do: 0.05 is one in twenty
    #[arg(long, value_name = "SHARE", requires = "load", value_parser = rate, default_value_t = 0.0, hide_default_value = true)]
    pub repeat_rate: f64,
    /// End with 0 as long as no more than this fail: a number, or 0.1%
    #[arg(long, value_name = "N|N%", requires = "load")]
    pub allow_failures: Option<AllowedFailures>,
    /// Write a report to a file, too: human, json or markdown; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", requires = "load")]
    pub report: Vec<ReportFile>,
    /// Write the latencies to a file in HdrHistogram's text form, in milliseconds
    #[arg(long, value_name = "FILE", requires = "load", value_hint = ValueHint::FilePath)]
    pub histogram: Option<PathBuf>,
    /// Say that you may put a public host under load
    #[arg(long, requires = "load")]
    pub yes_load_test: bool,
}

impl LoadArgs {
    /// Whether a run was asked for, and not single requests.
    pub fn is_asked(&self) -> bool {
        self.count.is_some() || self.duration.is_some()
    }
}

/// More connections than this have no ports of their own to one address.
const MAX_CONNECTIONS: u64 = 28_000;

/// More threads than this only get in each other's way.
const MAX_THREADS: u64 = 64;
