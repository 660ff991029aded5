//! A run that is over, for programs, as `schemas/load.schema.json` describes it.

use chrono::SecondsFormat;
use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};

use super::numbers::{PERCENTILES, rate, time};
use super::{LoadEnd, LoadReport, failures};
use crate::load::{End, Example, Tally};
use crate::report::delivery_json::attempt_value;
use crate::report::json::elapsed_ms;
use crate::report::json::json_line;
use crate::text::shown_url;

impl LoadReport<'_> {
    /// One object on one line.
    pub fn json(&self, end: &LoadEnd<'_>) -> String {
        let (progress, tally) = (end.progress, &end.progress.tally);
        let object = json!({
            "type": "load",
            "url": shown_url(self.url),
            "webhook": self.webhook,
            "events": self.events.iter().map(|(event, weight)| json!({"event": event, "weight": weight})).collect::<Vec<_>>(),
            "plan": self.plan_value(),
            "startedAt": end.began_at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "elapsedMs": elapsed_ms(progress.elapsed),
            "interrupted": end.is_interrupted,
            "requests": tally.calls,
            "repeats": tally.repeats,
            "requestsPerSecond": round(rate(tally.calls, progress.elapsed)),
            "lateStarts": tally.late_starts,
            "sentBytes": tally.sent_bytes,
            "receivedBytes": tally.received_bytes,
            "latencyMs": latencies(&tally.latency),
            "inTime": tally.in_time,
            "delivered": tally.delivered,
            "failed": tally.failed(),
            "allowedFailures": end.allowed,
            "passed": end.passed,
            "statuses": statuses(tally),
            "failures": failures::ranked(tally).into_iter().map(|(kind, failure)| json!({
                "kind": kind.word(),
                "count": failure.count,
                "example": failure.example.as_ref().map(example),
            })).collect::<Vec<_>>(),
            "requestId": end.recorded.as_ref().map(crate::pgm::RequestId::as_str),
        });
        json_line(&object)
    }

    fn plan_value(&self) -> Value {
        let (count, duration) = match self.plan.end {
            End::Count(count) => (Some(count), None),
            End::Duration(duration) => (None, Some(elapsed_ms(duration))),
        };
        json!({
            "count": count,
            "durationMs": duration,
            "rate": self.plan.rate.map(|rate| json!({"from": rate.from, "to": rate.to})),
            "connections": self.plan.connections,
            "repeatShare": self.plan.repeat_share,
            "timeoutMs": elapsed_ms(self.timeout),
        })
    }
}

/// Null when nothing was answered.
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

fn statuses(tally: &Tally) -> Value {
    let pair = |(status, count): (&u16, &u64)| (status.to_string(), Value::from(*count));
    Value::Object(tally.statuses.iter().map(pair).collect())
}

fn example(example: &Example) -> Value {
    json!({
        "requestId": example.request.request_id().as_str(),
        "event": example.event,
        "attempt": attempt_value(&example.attempt),
    })
}

/// To a thousandth.
fn round(number: f64) -> f64 {
    (number * 1e3).round() / 1e3
}
