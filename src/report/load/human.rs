//! A run for people, with its latencies as bars.

use std::time::Duration;

use hdrhistogram::Histogram;

use super::{
    LoadReport, LoadResult, PERCENTILES, bytes, describe, describe_example, failure_counts,
    latency, per_second, percent, ranked, span,
};
use crate::delivery::{RESPOND_FIRST_HELP, format_duration, help, status_line};
use crate::load::{FailureKind, LoadProgress, LoadStats, StopAfter};
use crate::pgm;
use crate::report::{Palette, escape};
use crate::text::{count, grouped};

impl LoadReport<'_> {
    /// The title of the progress bar.
    pub fn progress_title(&self) -> String {
        self.palette.bold(&self.title())
    }

    /// The state of a run in progress on one line. `since_last` is the time since the last such
    /// line, and the number of requests that have ended in it.
    pub fn progress_line(&self, progress: &LoadProgress, since_last: (Duration, u64)) -> String {
        let stats = &progress.stats;
        let (time, ended) = since_last;
        let mut parts = vec![
            count(stats.requests, "request"),
            per_second(ended, time),
            format!("{} in flight", progress.in_flight),
        ];
        if !stats.latency.is_empty() {
            let (p50, p99) =
                (stats.latency.value_at_quantile(0.5), stats.latency.value_at_quantile(0.99));
            parts.push(format!("p50 {}", latency(p50)));
            parts.push(format!("p99 {}", latency(p99)));
            parts.push(format!("max {}", latency(stats.latency.max())));
        }
        if stats.failed() > 0 {
            let kinds = failure_counts(stats);
            parts.push(format!("{} failed ({kinds})", grouped(stats.failed())));
        }
        format!("{}: {}", span(progress.elapsed), parts.join(" · "))
    }

    /// How much of the run is done, as a position and its end.
    pub fn progress_position(&self, progress: &LoadProgress) -> (u64, u64) {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        match self.config.stop_after {
            StopAfter::Count(count) => (progress.stats.requests - progress.stats.repeats, count),
            StopAfter::Duration(duration) => (millis(progress.elapsed), millis(duration)),
        }
    }

    /// The report of a run that is over, or its verdict alone.
    pub(super) fn summary(&self, result: &LoadResult<'_>) -> String {
        if self.quiet {
            return self.verdict(result);
        }
        let stats = &result.progress.stats;
        let mut text = format!("{}\n", self.palette.bold(&self.title()));
        text += &self.counts(result);
        if !stats.latency.is_empty() {
            text +=
                &format!("\n{}\n{}", self.percentiles(stats), bars(&stats.latency, self.palette));
        }
        text += &self.in_time(stats);
        if stats.failed() > 0 {
            text += &format!("\n  {}\n{}", self.palette.bold("failures"), self.failures(stats));
        }
        text + "\n" + &self.verdict(result)
    }

    fn counts(&self, result: &LoadResult<'_>) -> String {
        let (progress, stats) = (result.progress, &result.progress.stats);
        let repeats = match stats.repeats {
            0 => String::new(),
            n => format!(", {} of them sent for the second time", grouped(n)),
        };
        let mut text = self.line("requests", &format!("{}{repeats}", grouped(stats.requests)));
        text += &self.line("rate", &self.rate(progress));
        if stats.late_starts > 0 {
            let late = format!(
                "{} started more than 10 ms late, because no connection was free (of at most {}) \
                 or this machine was busy; their latency includes the delay",
                grouped(stats.late_starts),
                grouped(self.config.connections as u64)
            );
            text += &self.line("", &self.palette.warning(&late));
        }
        let bodies =
            format!("{} sent, {} received", bytes(stats.sent_bytes), bytes(stats.received_bytes));
        text += &self.line("bodies", &bodies);
        if !stats.statuses.is_empty() {
            text += &self.line("responses", &self.statuses(stats));
        }
        text
    }

    fn rate(&self, progress: &LoadProgress) -> String {
        // How fast connections fail says nothing about the target.
        let rate = match progress.stats.reached {
            0 => "no response".to_owned(),
            _ => per_second(progress.stats.requests, progress.elapsed),
        };
        let asked = match (self.config.rate, self.config.schedule()) {
            (Some(rate), Some(schedule)) => {
                format!("{rate} over {} requested", span(schedule.length()))
            }
            _ => count(self.config.connections as u64, "connection"),
        };
        let threads = count(self.config.threads as u64, "thread");
        format!("{rate} over {}, {asked}, {threads}", span(progress.elapsed))
    }

    fn statuses(&self, stats: &LoadStats) -> String {
        let status = |(status, count): (&u16, &u64)| {
            let text = format!("{} × {}", grouped(*count), status_line(*status));
            if pgm::is_success(*status) { text } else { self.palette.error(&text) }
        };
        stats.statuses.iter().map(status).collect::<Vec<_>>().join(" · ")
    }

    fn percentiles(&self, stats: &LoadStats) -> String {
        let times = &stats.latency;
        let mut cells = vec![("min", times.min())];
        cells.extend(PERCENTILES.map(|(name, percent)| (name, times.value_at_percentile(percent))));
        cells.push(("max", times.max()));
        let names: String = cells.iter().map(|(name, _)| format!("{name:>9}")).collect();
        let values: String =
            cells.iter().map(|(_, time)| format!("{:>9}", latency(*time))).collect();
        let label = |text: &str| self.palette.dim(&format!("{text:<9}"));
        format!("  {}{}\n  {}{values}\n", label("latency"), self.palette.dim(&names), label(""))
    }

    fn in_time(&self, stats: &LoadStats) -> String {
        let share = percent(stats.in_time_share());
        let text = format!(
            "{share} of all requests got a response within {}",
            format_duration(pgm::TIMEOUT)
        );
        match stats.in_time == stats.requests {
            true => format!("\n  {}\n", self.palette.success(&text)),
            false => format!("\n  {}\n", self.palette.error(&text)),
        }
    }

    /// Each kind of failure with its number and an example.
    fn failures(&self, stats: &LoadStats) -> String {
        let ranked = ranked(stats);
        let width = ranked.iter().map(|(_, bucket)| grouped(bucket.count).len()).max();
        let width = width.unwrap_or_default();
        let mut text = String::new();
        for (kind, bucket) in ranked {
            let count = format!("{:>width$}", grouped(bucket.count));
            text += &format!("    {}  {}\n", self.palette.error(&count), describe(kind));
            if let Some(example) = &bucket.example {
                let gap = " ".repeat(width + 6);
                text += &format!("{gap}{}\n", self.palette.dim(&describe_example(example)));
            }
        }
        text
    }

    /// The verdict in PGM's terms, and what to do about it.
    fn verdict(&self, result: &LoadResult<'_>) -> String {
        let stats = &result.progress.stats;
        let mark =
            if result.passed { self.palette.success("✓") } else { self.palette.error("✗") };
        let mut text = format!("{mark} {}\n", self.sentence(result));
        if result.is_interrupted {
            let note = match result.progress.in_flight {
                1 => "Interrupted; 1 request in flight is not counted.".to_owned(),
                many => format!("Interrupted; {many} requests in flight are not counted."),
            };
            text += &format!("  {}\n", self.palette.warning(&note));
        }
        if stats.failed() > 0 {
            text += &self.help(result);
        }
        text
    }

    fn sentence(&self, result: &LoadResult<'_>) -> String {
        let stats = &result.progress.stats;
        let (failed, requests) = (grouped(stats.failed()), grouped(stats.requests));
        if stats.requests == 0 {
            return "No response yet.".to_owned();
        }
        if stats.reached == 0 {
            let given_up = if result.is_given_up { "; the run was given up" } else { "" };
            return format!(
                "The target is {}: no connection for any of {requests} requests{given_up}.",
                self.palette.error("unreachable")
            );
        }
        if stats.failed() == 0 {
            let successful = self.palette.success("successful");
            return match stats.requests {
                1 => format!("PGM would mark the request {successful}."),
                _ => format!("PGM would mark all {requests} requests {successful}."),
            };
        }
        let allowed = result.allowed.as_ref();
        // Written like the share before it.
        let allowed = allowed.map(|allowed| format!(", {} allowed", allowed.replace('%', " %")));
        let allowed = allowed.unwrap_or_default();
        format!(
            "{failed} of {requests} requests would be marked {}: {}{allowed}.",
            self.palette.error("failed"),
            percent(stats.failed_share())
        )
    }

    /// What to do next, where something failed.
    fn help(&self, result: &LoadResult<'_>) -> String {
        let stats = &result.progress.stats;
        let line = |label: &str, text: &str| {
            format!("  {} {}\n", self.palette.highlight(label), escape(text))
        };
        let most_frequent = ranked(stats).into_iter().next();
        let mut text = match most_frequent
            .and_then(|(kind, bucket)| Some((kind, bucket.example.as_ref()?)))
        {
            // A response that was late only because its request had to wait is good by itself.
            Some((FailureKind::Late, _)) => line("help:", RESPOND_FIRST_HELP),
            Some((_, example)) => line("help:", &help(&example.attempt, Some(&example.request))),
            None => String::new(),
        };
        if let Some(id) = &result.recorded {
            let retained = stats.retained.len();
            let which = match stats.failed() > retained as u64 {
                true => format!("the first {retained} failed ones"),
                false => "the failed ones".to_owned(),
            };
            text += &line("next:", &format!("`pgwh requests retry {id}` sends {which} again"));
        }
        text
    }

    fn line(&self, label: &str, text: &str) -> String {
        self.palette.labelled(label, 9, text)
    }
}

/// The most bars.
const MAX_BARS: u64 = 12;
/// The length of the longest bar, in characters.
const MAX_BAR_CHARS: u64 = 40;
/// Parts of a character, in eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// One line per range of latencies; the slowest thousandth share the last.
fn bars(times: &Histogram<u64>, palette: Palette) -> String {
    let ranges = ranges(times);
    let most = ranges.iter().map(|range| range.count).max().unwrap_or(1).max(1);
    let width = ranges.iter().map(|range| range.label.chars().count()).max().unwrap_or_default();
    let line = |range: &Range| {
        let bar = bar(range.count, most);
        let gap = " ".repeat(width - range.label.chars().count());
        format!(
            "  {gap}{}  {}  {}\n",
            palette.dim(&range.label),
            palette.highlight(&bar),
            grouped(range.count)
        )
    };
    ranges.iter().map(line).collect()
}

struct Range {
    label: String,
    count: u64,
}

/// Ranges of equal width, from the fastest request to the 99.9th percentile, and one for the rest.
fn ranges(times: &Histogram<u64>) -> Vec<Range> {
    if times.is_empty() {
        return Vec::new();
    }
    let (min, tail, max) = (times.min(), times.value_at_quantile(0.999), times.max());
    let step = ((tail.saturating_sub(min)) / (MAX_BARS - 1) + 1).max(grain(tail));
    let mut counts = vec![0; ((tail - min) / step + 2) as usize];
    for bucket in times.iter_recorded() {
        let time = bucket.value_iterated_to();
        let index = if time > tail { counts.len() - 1 } else { ((time - min) / step) as usize };
        counts[index] += bucket.count_since_last_iteration();
    }
    let slowest = counts.pop().unwrap_or_default();
    let mut ranges: Vec<Range> = Vec::new();
    // Ranges with the same label become one.
    let mut add = |to: u64, count: u64| {
        let label = format!("≤ {}", latency(to));
        match ranges.last_mut() {
            Some(last) if last.label == label => last.count += count,
            _ => ranges.push(Range { label, count }),
        }
    };
    for (n, count) in (1..).zip(counts) {
        add((min + n * step - 1).min(max), count);
    }
    if slowest > 0 {
        add(max, slowest);
    }
    ranges
}

/// The smallest difference that labels show, in microseconds.
fn grain(micros: u64) -> u64 {
    match micros {
        0..1_000 => 10,
        1_000..100_000 => 100,
        100_000..1_000_000 => 1_000,
        _ => 10_000,
    }
}

fn bar(count: u64, most: u64) -> String {
    let eighths = (u128::from(count) * u128::from(MAX_BAR_CHARS) * 8 / u128::from(most)) as usize;
    // Even a single request is visible.
    let eighths = if count > 0 { eighths.max(1) } else { 0 };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::collections::BTreeSet;

    #[test]
    fn every_request_is_in_one_bar_and_labels_are_unique() {
        for fastest in [1, 900, 99_990, 140_000, 999_000, 61_000_000] {
            for spread in [1, 7, 130, 2_500, 70_000] {
                let mut times = Histogram::new_with_bounds(1, 3_600_000_000, 3).unwrap();
                (0..1_000_u64).for_each(|n| times.record(fastest + n * n % spread).unwrap());
                times.record(fastest + 3 * spread).unwrap();
                let ranges = ranges(&times);
                assert_eq!(ranges.iter().map(|range| range.count).sum::<u64>(), 1_001);
                let labels: BTreeSet<_> = ranges.iter().map(|range| &range.label).collect();
                assert_eq!(labels.len(), ranges.len(), "{fastest} {spread}: {labels:?}");
                assert!(ranges.len() <= MAX_BARS as usize + 1);
            }
        }
    }
}
