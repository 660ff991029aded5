//! A finished run for programs, as `schemas/load.schema.json` describes it; as Markdown, for a comment
//! or a page; and its latencies in HdrHistogram's text format.

use std::fmt::Write;

use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};

use super::{
    LoadReport, LoadResult, PERCENTILES, describe, describe_example, latency, milli, per_second,
    percent, ranked, rate, span, time,
};
use crate::load::{FailedRequest, LoadStats, StopAfter};
use crate::report::delivery::attempt_value;
use crate::report::{elapsed_ms, escape_cell, json_line, moment};
use crate::text::{grouped, shown_url};

impl LoadReport<'_> {
    /// One object on one line.
    pub(super) fn json(&self, result: &LoadResult<'_>) -> String {
        let (progress, stats) = (result.progress, &result.progress.stats);
        let object = json!({
            "type": "load",
            "url": shown_url(self.url),
            "webhook": self.webhook,
            "events": self.events.iter().map(|(event, weight)| json!({"event": event, "weight": weight})).collect::<Vec<_>>(),
            "config": self.config_value(),
            "startedAt": moment(result.began_at),
            "elapsedMs": elapsed_ms(progress.elapsed),
            "interrupted": result.is_interrupted,
            "requests": stats.requests,
            "repeats": stats.repeats,
            "requestsPerSecond": round(rate(stats.requests, progress.elapsed)),
            "lateStarts": stats.late_starts,
            "sentBytes": stats.sent_bytes,
            "receivedBytes": stats.received_bytes,
            "latencyMs": latencies(&stats.latency),
            "inTime": stats.in_time,
            "delivered": stats.delivered,
            "failed": stats.failed(),
            "allowedFailures": result.allowed,
            "passed": result.passed,
            "statuses": statuses(stats),
            "failures": ranked(stats).into_iter().map(|(kind, bucket)| json!({
                "kind": kind.as_str(),
                "count": bucket.count,
                "example": bucket.example.as_ref().map(example),
            })).collect::<Vec<_>>(),
            "requestId": result.recorded.as_ref().map(crate::pgm::RequestId::as_str),
        });
        json_line(&object)
    }

    fn config_value(&self) -> Value {
        let (count, duration) = match self.config.stop_after {
            StopAfter::Count(count) => (Some(count), None),
            StopAfter::Duration(duration) => (None, Some(elapsed_ms(duration))),
        };
        json!({
            "count": count,
            "durationMs": duration,
            "rate": self.config.rate.map(|rate| json!({"from": rate.from, "to": rate.to})),
            "connections": self.config.connections,
            "threads": self.config.threads,
            "repeatShare": self.config.repeat_share,
            "timeoutMs": elapsed_ms(self.timeout),
        })
    }
}

/// Null when there was no response.
fn latencies(latency: &Histogram<u64>) -> Value {
    if latency.is_empty() {
        return Value::Null;
    }
    let ms = |micros| Value::from(elapsed_ms(time(micros)));
    let mut fields = Map::new();
    fields.insert("min".to_owned(), ms(latency.min()));
    for (name, percent) in PERCENTILES {
        fields.insert(name.replace('.', ""), ms(latency.value_at_percentile(percent)));
    }
    fields.insert("max".to_owned(), ms(latency.max()));
    fields.insert("mean".to_owned(), round(latency.mean() / 1e3).into());
    Value::Object(fields)
}

fn statuses(stats: &LoadStats) -> Value {
    let pair = |(status, count): (&u16, &u64)| (status.to_string(), Value::from(*count));
    Value::Object(stats.statuses.iter().map(pair).collect())
}

fn example(example: &FailedRequest) -> Value {
    json!({
        "requestId": example.request.request_id().as_str(),
        "event": example.event,
        "attempt": attempt_value(&example.attempt),
    })
}

/// Rounds to three decimals.
fn round(number: f64) -> f64 {
    (number * 1e3).round() / 1e3
}

impl LoadReport<'_> {
    /// A heading, the verdict and tables.
    pub(super) fn markdown(&self, result: &LoadResult<'_>) -> String {
        let (progress, stats) = (result.progress, &result.progress.stats);
        let mark = if result.passed { "✅" } else { "❌" };
        let mut text = format!("### pgwh send {}\n\n", escape_cell(&self.title()));
        text += &format!(
            "{mark} **{} of {} requests would be marked failed ({})**\n\n",
            grouped(stats.failed()),
            grouped(stats.requests),
            percent(stats.failed_share())
        );
        text += "| requests | rate | over | in time |";
        text += &PERCENTILES.map(|(name, ..)| format!(" {name} |")).concat();
        text += " max |\n|";
        text += &" ---: |".repeat(5 + PERCENTILES.len());
        text += &format!(
            "\n| {} | {} | {} | {} |",
            grouped(stats.requests),
            per_second(stats.requests, progress.elapsed),
            span(progress.elapsed),
            percent(stats.in_time_share())
        );
        let times = PERCENTILES.map(|(_, percent)| stats.latency.value_at_percentile(percent));
        for time in times.into_iter().chain([stats.latency.max()]) {
            // Without a response there is no latency, rather than one of 0.
            let shown = if stats.latency.is_empty() { "–".to_owned() } else { latency(time) };
            text += &format!(" {shown} |");
        }
        text.push('\n');
        if stats.failed() > 0 {
            text += "\n| failed | how | example |\n| ---: | --- | --- |\n";
            for (kind, bucket) in ranked(stats) {
                let example = bucket.example.as_ref().map(describe_example).unwrap_or_default();
                text += &format!(
                    "| {} | {} | {} |\n",
                    grouped(bucket.count),
                    describe(kind),
                    escape_cell(&example)
                );
            }
        }
        text + "\n"
    }
}

/// How finely each halving of the distance to 100 % is divided, as in other tools.
const TICKS_PER_HALF_DISTANCE: u32 = 5;

/// The latencies in HdrHistogram's own text format, in milliseconds; its plotting tools read it.
pub fn percentile_text(latency: &Histogram<u64>) -> String {
    let heading = ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"];
    let mut text =
        format!("{:>12} {:>14} {:>10} {:>14}\n\n", heading[0], heading[1], heading[2], heading[3]);
    let mut total = 0;
    for step in latency.iter_quantiles(TICKS_PER_HALF_DISTANCE) {
        total += step.count_since_last_iteration();
        let (value, quantile) = (milli(step.value_iterated_to()), step.quantile_iterated_to());
        let _ = write!(text, "{value:>12.3} {quantile:>2.12} {total:>10}");
        // On the last line it would be infinite.
        if quantile < 1.0 {
            let _ = write!(text, " {:>14.2}", 1.0 / (1.0 - quantile));
        }
        text.push('\n');
    }
    let (mean, deviation) = (latency.mean() / 1e3, latency.stdev() / 1e3);
    let (max, count) = (milli(latency.max()), latency.len());
    let buckets = latency.buckets();
    let _ = writeln!(text, "#[Mean    = {mean:>12.3}, StdDeviation   = {deviation:>12.3}]");
    let _ = writeln!(text, "#[Max     = {max:>12.3}, Total count    = {count:>12}]");
    let _ = writeln!(text, "#[Buckets = {buckets:>12}, SubBuckets     = {SUB_BUCKETS:>12}]");
    text
}

/// Parts of a bucket at three digits.
const SUB_BUCKETS: u32 = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_counts_every_request_and_ends_with_the_slowest() {
        let mut latency = Histogram::new_with_bounds(1, 3_600_000_000, 3).unwrap();
        (1..=1000_u64).for_each(|n| latency.record(n * 1000).unwrap());
        let text = percentile_text(&latency);
        let lines: Vec<Vec<f64>> = text
            .lines()
            .skip(2)
            .take_while(|line| !line.starts_with('#'))
            .map(|line| line.split_whitespace().map(|cell| cell.parse().unwrap()).collect())
            .collect();
        assert!(lines.iter().all(|cells| (cells[1] * 1000.0 - cells[2]).abs() <= 1.0), "{text}");
        let median = lines.iter().find(|cells| cells[1] >= 0.5).unwrap();
        assert!((median[0] - 500.0).abs() < 1.0 && (median[3] - 2.0).abs() < 0.01, "{text}");
        let last = lines.last().unwrap();
        assert_eq!((last.len(), last[1], last[2]), (3, 1.0, 1000.0), "{text}");
        assert!((last[0] - 1000.0).abs() < 1.0, "{text}");
        assert!(percentile_text(&Histogram::new(3).unwrap()).contains("Total count"));
    }
}
