//! A load run, while it goes on and when it is over.

mod formats;
mod human;

use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::ReportFormat;

pub use self::formats::percentile_text;
use super::{Palette, escape};
use crate::delivery::{format_duration, status_line};
use crate::load::{FailedRequest, FailureBucket, FailureKind, LoadConfig, LoadProgress, LoadStats};
use crate::pgm::RequestId;
use crate::text::{grouped, shortened, shown_url};

/// Characters of a response that an example shows.
const MAX_EXAMPLE_CHARS: usize = 60;

/// Renders a run.
#[derive(Debug)]
pub struct LoadReport<'a> {
    /// The colors.
    pub palette: Palette,
    /// The name of the webhook, if the target is one of pgwh.toml.
    pub webhook: Option<&'a str>,
    /// The target.
    pub url: &'a Url,
    /// The events with their weights.
    pub events: &'a [(String, u32)],
    /// What was asked for.
    pub config: &'a LoadConfig,
    /// The time limit of a request.
    pub timeout: Duration,
    /// Whether to show the verdict alone.
    pub quiet: bool,
}

/// A run that is over.
#[derive(Debug)]
pub struct LoadResult<'a> {
    /// What came of it.
    pub progress: &'a LoadProgress,
    /// Whether the user ended it early.
    pub is_interrupted: bool,
    /// Whether it was given up because no connection could be made.
    pub is_given_up: bool,
    /// How many failures were allowed, as typed.
    pub allowed: Option<String>,
    /// Whether no more than that failed.
    pub passed: bool,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// Its id in the requests list, if it was recorded.
    pub recorded: Option<RequestId>,
}

impl LoadReport<'_> {
    /// A run that is over. JUnit and GitHub have no form for it.
    pub fn report(&self, format: ReportFormat, result: &LoadResult<'_>) -> String {
        match format {
            ReportFormat::Json => self.json(result),
            ReportFormat::Markdown => self.markdown(result),
            _ => self.summary(result),
        }
    }

    /// What is sent, and where to.
    fn title(&self) -> String {
        let has_weights = self.events.len() > 1;
        let event = |(name, weight): &(String, u32)| match has_weights {
            true => format!("{}={weight}", escape(name)),
            false => escape(name),
        };
        let events: Vec<_> = self.events.iter().map(event).collect();
        let webhook = self.webhook.map(|name| format!("{}, ", escape(name))).unwrap_or_default();
        format!("{} → {webhook}{}", events.join(" "), escape(&shown_url(self.url)))
    }
}

/// The kinds of failures, the most frequent first.
fn ranked(stats: &LoadStats) -> Vec<(FailureKind, &FailureBucket)> {
    let mut kinds: Vec<_> = stats.failures.iter().map(|(kind, bucket)| (*kind, bucket)).collect();
    kinds.sort_by_key(|(_, bucket)| std::cmp::Reverse(bucket.count));
    kinds
}

/// A kind of failure in a few words.
fn describe(kind: FailureKind) -> String {
    match kind {
        FailureKind::Status(status) => status_line(status),
        FailureKind::Late => "a 2xx, but too late".to_owned(),
        FailureKind::TimedOut => "timed out".to_owned(),
        FailureKind::Broken => "connection broke".to_owned(),
        FailureKind::Tls => "TLS failed".to_owned(),
        FailureKind::Refused => "no connection".to_owned(),
    }
}

/// An example of a failure on one line: its error, else its response, and its request id.
fn describe_example(example: &FailedRequest) -> String {
    let attempt = &example.attempt;
    let response = attempt.response.as_ref().map(|response| response.text.trim());
    let text = match (&attempt.error, response.unwrap_or_default()) {
        (Some(error), _) => escape(error),
        (None, "") => format!("after {}", format_duration(attempt.elapsed)),
        (None, response) => {
            let line = response.lines().next().unwrap_or_default();
            format!("{:?}", shortened(line, MAX_EXAMPLE_CHARS))
        }
    };
    format!("{text}, e.g. {}", escape(example.request.request_id().as_str()))
}

/// `30 × 503 Service Unavailable · 7 × timed out`
fn failure_counts(stats: &LoadStats) -> String {
    let kind = |(kind, bucket): (FailureKind, &FailureBucket)| {
        format!("{} × {}", grouped(bucket.count), describe(kind))
    };
    ranked(stats).into_iter().map(kind).collect::<Vec<_>>().join(" · ")
}

/// The percentiles that are reported, with their names.
const PERCENTILES: [(&str, f64); 5] =
    [("p50", 50.0), ("p90", 90.0), ("p95", 95.0), ("p99", 99.0), ("p99.9", 99.9)];

/// A number of microseconds.
fn time(micros: u64) -> Duration {
    Duration::from_micros(micros)
}

/// `0.61 ms`, `12.3 ms`: short times with one more digit than elsewhere.
fn latency(micros: u64) -> String {
    match micros {
        0..1_000 => format!("{:.2} ms", time(micros).as_secs_f64() * 1e3),
        1_000..100_000 => format!("{:.1} ms", time(micros).as_secs_f64() * 1e3),
        _ => format_duration(time(micros)),
    }
}

/// `96,117/s`, `4.5/s`
fn per_second(count: u64, time: Duration) -> String {
    let rate = rate(count, time);
    if rate < 100.0 { format!("{rate:.1}/s") } else { format!("{}/s", grouped(whole(rate))) }
}

/// Requests a second.
#[allow(clippy::cast_precision_loss, reason = "numbers of requests are far below 2^53")]
fn rate(count: u64, time: Duration) -> f64 {
    if time.is_zero() { 0.0 } else { count as f64 / time.as_secs_f64() }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is rounded")]
fn whole(number: f64) -> u64 {
    number.round() as u64
}

/// `512 B`, `3.4 kB`, `22.1 MB`
#[allow(clippy::cast_precision_loss, reason = "three digits are shown")]
fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{:.2} GB", count as f64 / 1e9),
    }
}

/// `0.037 %`: with enough digits to differ from 0 % and from 100 %.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let text = match percent {
        _ if percent == 0.0 || percent == 100.0 => return format!("{percent:.0} %"),
        _ if percent < 0.001 => return "< 0.001 %".to_owned(),
        _ if percent < 1.0 => format!("{percent:.3}"),
        _ if percent > 99.0 => format!("{:.3}", percent.min(99.999)),
        _ => format!("{percent:.1}"),
    };
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Microseconds in milliseconds.
#[allow(clippy::cast_precision_loss, reason = "times are far below 2^53 microseconds")]
fn milli(micros: u64) -> f64 {
    micros as f64 / 1e3
}

/// `12.3 s`, `2 min 5 s`
fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_never_rounded_to_0_or_100_percent() {
        for (share, text) in [
            (0.0, "0 %"),
            (0.000_37, "0.037 %"),
            (0.000_001, "< 0.001 %"),
            (0.25, "25 %"),
            (0.123_4, "12.3 %"),
            (0.999_99, "99.999 %"),
            (0.999_999_9, "99.999 %"),
            (1.0, "100 %"),
        ] {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn numbers_are_formatted_for_people() {
        assert_eq!((latency(612).as_str(), latency(12_340).as_str()), ("0.61 ms", "12.3 ms"));
        assert_eq!((latency(456_000).as_str(), latency(5_000_000).as_str()), ("456 ms", "5.00 s"));
        assert_eq!(bytes(22_104_000), "22.1 MB");
        assert_eq!(per_second(1000, Duration::from_millis(10)), "100,000/s");
        assert_eq!(per_second(9, Duration::from_secs(2)), "4.5/s");
        assert_eq!(span(Duration::from_secs(125)), "2 min 5 s");
    }
}
