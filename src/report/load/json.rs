//! A finished run for programs, as `schemas/load.schema.json` describes it.

use chrono::SecondsFormat;
use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};

use super::numbers::{PERCENTILES, rate, time};
use super::{LoadReport, LoadResult, ranked};
use crate::load::{FailedRequest, LoadStats, StopAfter};
use crate::report::delivery_json::attempt_value;
use crate::report::json::elapsed_ms;
use crate::report::json::json_line;
use crate::text::shown_url;

impl LoadReport<'_> {
    /// One object on one line.
    pub fn json(&self, result: &LoadResult<'_>) -> String {
        let (progress, stats) = (result.progress, &result.progress.stats);
        let object = json!({
            "type": "load",
            "url": shown_url(self.url),
            "webhook": self.webhook,
            "events": self.events.iter().map(|(event, weight)| json!({"event": event, "weight": weight})).collect::<Vec<_>>(),
            "config": self.config_value(),
            "startedAt": result.began_at.to_rfc3339_opts(SecondsFormat::Millis, true),
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
