//! Load runs: many new requests at once, each signed, and statistics of what came back.
//!
//! Without a rate, a run is a *closed loop*: each connection sends the next request as soon as it
//! has the response to the last. With a rate it is an *open loop*: every request has a scheduled
//! time, whatever the responses, and its latency counts from that time. So a target that stalls
//! cannot hide the requests that it kept from being sent (coordinated omission).

mod k6;
mod run;
mod stats;
mod workload;

use std::fmt;
use std::str::FromStr;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::delivery::Attempt;
use crate::pgm::SignedRequest;

pub use k6::{K6Error, K6Script};
pub use run::{LoadProgress, Run};
pub use stats::{FailedRequest, FailureBucket, FailureKind, LoadStats};
pub use workload::{BodyTemplate, Workload};

/// How a run goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadConfig {
    /// When it ends.
    pub stop_after: StopAfter,
    /// How fast requests start; without it, each connection sends the next request as soon as it
    /// has the response to the last.
    pub rate: Option<Rate>,
    /// The most connections; with a rate, only as many of them are opened as are needed.
    pub connections: usize,
    /// The threads that share the connections; at least 1, and no more than connections.
    pub threads: usize,
    /// The share of the requests that are sent twice, from 0 to 1.
    pub repeat_share: f64,
}

/// When a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopAfter {
    /// After this many requests.
    Count(u64),
    /// After this time no request starts.
    Duration(Duration),
}

impl LoadConfig {
    /// The number of threads that send the most on this machine: one per core. At a rate, one
    /// thread keeps the schedule, and sends more than a rate usually asks for.
    pub fn default_threads(rate: Option<Rate>, connections: usize) -> usize {
        match rate {
            Some(_) => 1,
            None => available_parallelism().map_or(1, usize::from).clamp(1, connections),
        }
    }

    /// When each request starts, where there is a rate.
    pub fn schedule(&self) -> Option<Schedule> {
        self.rate.map(|rate| match self.stop_after {
            StopAfter::Count(total) => Schedule::of(rate, total),
            StopAfter::Duration(duration) => Schedule::over(rate, duration),
        })
    }

    /// The highest number of requests a second, where there is a rate.
    pub fn peak(&self) -> Option<f64> {
        self.rate.map(|rate| rate.peak() * (1.0 + self.repeat_share))
    }
}

/// Requests a second: constant, or changing evenly from one value to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// At the start; more than 0.
    pub from: f64,
    /// At the end; more than 0.
    pub to: f64,
}

/// Requests a second (our choice): more cannot be sent, and less is a typing error.
const MIN_RATE: f64 = 1.0 / 3600.0;
const MAX_RATE: f64 = 1e6;

/// A text that is not a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected requests a second, such as 500/s, 30/m, or 10/s..500/s to grow; from 1/h to 1000000/s"
)]
pub struct InvalidRate;

impl FromStr for Rate {
    type Err = InvalidRate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        Ok(Self { from: per_second(from)?, to: per_second(to)? })
    }
}

fn per_second(text: &str) -> Result<f64, InvalidRate> {
    let (number, unit) = text.split_once('/').ok_or(InvalidRate)?;
    let seconds = match unit {
        "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(InvalidRate),
    };
    let number: f64 = number.parse().map_err(|_| InvalidRate)?;
    let rate = number / seconds;
    if (MIN_RATE..=MAX_RATE).contains(&rate) { Ok(rate) } else { Err(InvalidRate) }
}

/// `500/s`, `10/s..500/s`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_constant() {
            true => write!(f, "{}/s", self.from),
            false => write!(f, "{}/s..{}/s", self.from, self.to),
        }
    }
}

impl Rate {
    /// The highest value.
    fn peak(&self) -> f64 {
        self.from.max(self.to)
    }

    /// Whether it is constant.
    fn is_constant(&self) -> bool {
        (self.from - self.to).abs() < f64::EPSILON * self.peak()
    }

    fn mean(&self) -> f64 {
        f64::midpoint(self.from, self.to)
    }
}

/// When each request of a run starts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    rate: Rate,
    /// Seconds from the first start to when one more request would start.
    length: f64,
    total: u64,
}

impl Schedule {
    /// As many requests as start within this time.
    fn over(rate: Rate, duration: Duration) -> Self {
        let length = duration.as_secs_f64();
        // Rounded up: a request that starts within the time belongs to it.
        let total = (rate.mean() * length - 1e-9).ceil().max(1.0);
        Self { rate, length, total: whole(total) }
    }

    /// This many requests, in the time that they take.
    fn of(rate: Rate, total: u64) -> Self {
        Self { rate, length: real(total) / rate.mean(), total }
    }

    /// The number of requests.
    fn total(&self) -> u64 {
        self.total
    }

    /// From the first start to when one more request would start after the last.
    pub fn length(&self) -> Duration {
        Duration::try_from_secs_f64(self.length).unwrap_or(Duration::MAX)
    }

    /// When request `n` starts, counted from 0, after the first.
    fn start(&self, n: u64) -> Duration {
        let (n, Rate { from, to }) = (real(n), self.rate);
        let seconds = if self.rate.is_constant() {
            n / from
        } else {
            // n requests are due by the time t at which from·t + growth·t²/2 = n.
            let growth = (to - from) / self.length;
            let root = (from * from + 2.0 * growth * n).max(0.0).sqrt();
            2.0 * n / (from + root)
        };
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }
}

#[allow(clippy::cast_precision_loss, reason = "numbers of requests are far below 2^53")]
fn real(number: u64) -> f64 {
    number as f64
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least 1, whole")]
fn whole(number: f64) -> u64 {
    number as u64
}

/// A new request of a workload.
#[derive(Debug, Clone)]
struct GeneratedRequest {
    request: SignedRequest,
    /// The index of its event in [`Workload::events`].
    event: usize,
    /// When the event is said to have happened.
    triggered_at: DateTime<Utc>,
    /// Whether it is to be sent twice.
    sent_twice: bool,
}

/// A request that has ended.
#[derive(Debug)]
struct FinishedRequest<'a> {
    event: &'a str,
    request: &'a SignedRequest,
    attempt: &'a Attempt,
    /// When it should have started.
    scheduled: Instant,
    started: Instant,
    is_repeat: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn rates_have_a_unit() {
        assert_eq!(rate("500/s"), Rate { from: 500.0, to: 500.0 });
        assert_eq!(rate("30/m"), Rate { from: 0.5, to: 0.5 });
        assert_eq!(rate("10/s..500/s").to_string(), "10/s..500/s");
        for bad in [
            "1e9/s", "1e-9/s", "", "500", "0/s", "-1/s", "x/s", "5/y", "inf/s", "NaN/s", "1/s..",
            "..1/s",
        ] {
            assert!(bad.parse::<Rate>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_constant_rate_starts_at_equal_distances() {
        let schedule = Schedule::over(rate("500/s"), Duration::from_secs(10));
        assert_eq!(schedule.total(), 5000);
        assert_eq!(schedule.start(0), Duration::ZERO);
        assert_eq!(schedule.start(250), Duration::from_millis(500));
        assert_eq!(Schedule::of(rate("2/s"), 3).length(), Duration::from_millis(1500));
        assert_eq!(Schedule::over(rate("1/m"), Duration::from_secs(1)).total(), 1);
    }

    #[test]
    fn a_growing_rate_starts_as_many_requests_as_its_mean() {
        // By hand: it grows by 49/s each second, so by 5 s there are 10·5 + 49·25/2 = 662.5.
        let schedule = Schedule::over(rate("10/s..500/s"), Duration::from_secs(10));
        assert_eq!(schedule.total(), 2550);
        assert!((schedule.start(662).as_secs_f64() - 5.0).abs() < 0.01);
        assert!((schedule.start(2550).as_secs_f64() - 10.0).abs() < 1e-6);
        let starts: Vec<_> = (0..2550).map(|n| schedule.start(n)).collect();
        assert!(starts.is_sorted());
        let falling = Schedule::of(rate("500/s..10/s"), 2550);
        assert!((falling.start(2550).as_secs_f64() - 10.0).abs() < 1e-6);
        assert!(falling.start(100) < Duration::from_millis(250));
    }
}
