//! What arrives at `listen`, for programs, as `schemas/listen.schema.json` describes it.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::Expected;
use super::json::elapsed_ms;
use super::json::json_line;
use crate::receiver::{Forwarded, ListenStats, Refusal, RequestEvent, RequestOutcome};
use crate::text::shown_url;

/// Characters of a target's response: as many as PGM keeps.
const MAX_RESPONSE: usize = 1000;

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
        "webhook": event.secret,
        "repeat": event.repeat,
        "findings": report.findings,
        "response": response(event.outcome),
        "elapsedMs": elapsed_ms(event.elapsed),
        "forwarded": event.forwarded.iter().map(forwarded).collect::<Vec<_>>(),
        "saveError": event.save_error.as_ref().map(ToString::to_string),
        "bytes": event.body_size,
    });
    if let (Some(headers), Value::Object(object)) = (&event.headers, &mut object) {
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        object.insert("headers".to_owned(), by_name(headers));
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

fn forwarded(forwarded: &Forwarded) -> Value {
    let mut object = json!({
        "url": shown_url(&forwarded.url),
        "status": null,
        "error": forwarded.outcome.as_ref().err().map(ToString::to_string),
        "elapsedMs": elapsed_ms(forwarded.elapsed),
    });
    if let (Ok(response), Value::Object(object)) = (&forwarded.outcome, &mut object) {
        let headers = response.headers.iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
            .collect();
        let headers = headers.iter().map(|(name, value)| (*name, value.as_ref()));
        let body: String =
            String::from_utf8_lossy(&response.body).chars().take(MAX_RESPONSE).collect();
        object.insert("status".to_owned(), Value::from(response.status.as_u16()));
        object.insert("headers".to_owned(), by_name(headers));
        object.insert("body".to_owned(), Value::from(body));
    }
    object
}

/// Headers in the form of a capture: each name with its values.
fn by_name<'a>(headers: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let mut by_name = Map::new();
    for (name, value) in headers {
        let values = by_name.entry(name).or_insert_with(|| json!([]));
        if let Value::Array(values) = values {
            values.push(Value::from(value));
        }
    }
    Value::Object(by_name)
}

fn date(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Millis, true)
}
