//! What arrives at `listen`, for programs, as `schemas/listen.schema.json` describes it.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::Expected;
use super::json::elapsed_ms;
use super::json::json_line;
use crate::receiver::{
    Forwarded, ListenStats, Refusal, RequestEvent, RequestOutcome, headers_by_name,
};

/// A request and what became of it: one line.
pub fn listen_request_json(event: &RequestEvent) -> String {
    let report = &event.report;
    let mut object = json!({
        "type": "request",
        "n": event.n,
        "receivedAt": date(event.received_at),
        "remote": event.peer,
        "path": event.path,
        "requestId": report.request_id,
        "event": report.event,
        "verdict": report.verdict.map_or("unchecked", |verdict| verdict.as_str()),
        "secret": event.secret,
        "repeat": event.repeat,
        "findings": report.findings,
        "response": response(event.outcome),
        "elapsedMs": elapsed_ms(event.elapsed),
        "forwarded": event.forwarded.iter().map(Forwarded::to_json).collect::<Vec<_>>(),
        "saveError": event.save_error.as_ref().map(ToString::to_string),
        "bytes": event.body_size,
    });
    if let (Some(headers), Value::Object(object)) = (&event.headers, &mut object) {
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        object.insert("headers".to_owned(), headers_by_name(headers));
        let body = event.body.as_deref().unwrap_or_default();
        let (key, body) = match std::str::from_utf8(body) {
            Ok(text) => ("body", text.to_owned()),
            Err(_) => ("bodyBase64", BASE64_STANDARD.encode(body)),
        };
        object.insert(key.to_owned(), Value::from(body));
    }
    json_line(&object)
}

/// Something that was refused: one line.
pub fn listen_refusal_json(refusal: &Refusal) -> String {
    let (method, path) = refusal.target.clone().unzip();
    let object = json!({
        "type": "refused",
        "at": date(refusal.at),
        "remote": refusal.peer.to_string(),
        "method": method,
        "path": path,
        "status": refusal.reason.status(),
        "reason": refusal.reason.to_string(),
    });
    json_line(&object)
}

/// What arrived in a whole run: one line.
pub fn listen_summary_json(stats: &ListenStats, expected: Option<&Expected>) -> String {
    let refused: BTreeMap<_, _> =
        stats.refused.iter().map(|(reason, count)| (reason.to_string(), count)).collect();
    let expected = expected.map(|expected| {
        json!({
            "count": expected.count,
            "events": expected.events,
            "data": expected.data,
            "received": stats.matching,
            "met": expected.is_met(stats),
        })
    });
    let object = json!({
        "type": "summary",
        "requests": stats.requests,
        "valid": stats.valid,
        "invalid": stats.invalid,
        "unsigned": stats.unsigned,
        "unclear": stats.unclear,
        "unchecked": stats.unchecked,
        "repeats": stats.repeats,
        "saveErrors": stats.save_errors,
        "byEvent": stats.by_event,
        "refused": refused,
        "expected": expected,
    });
    json_line(&object)
}

fn response(outcome: RequestOutcome) -> Value {
    let (outcome, status) = match outcome {
        RequestOutcome::Responded(status) => ("responded", Some(status)),
        RequestOutcome::Dropped => ("dropped", None),
        RequestOutcome::ClientGone => ("client-gone", None),
    };
    json!({ "outcome": outcome, "status": status })
}

fn date(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Millis, true)
}
