//! What comes to `listen`, for programs, as `schemas/listen.schema.json` describes it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::escape::json_line;
use super::words::{elapsed_ms, shown_url};
use crate::receiver::{Account, Given, Passed, Refusal};

/// A request and what became of it: one line.
pub fn listen_request_json(account: &Account) -> String {
    let mut object = json!({
        "type": "request",
        "n": account.n,
        "receivedAt": date(account.received_at),
        "remote": account.remote,
        "path": account.path,
        "requestId": account.request_id,
        "event": account.event,
        "verdict": account.verdict.map_or("unchecked", |verdict| verdict.as_str()),
        "webhook": account.secret,
        "repeat": account.repeat,
        "findings": account.findings,
        "answer": answer(account.given),
        "elapsedMs": elapsed_ms(account.elapsed),
        "forwarded": account.passed.iter().map(passed).collect::<Vec<_>>(),
        "notSaved": account.not_saved.as_ref().map(ToString::to_string),
        "bytes": account.body.len(),
    });
    if let (Some(headers), Value::Object(object)) = (&account.headers, &mut object) {
        add_whole(object, headers, &account.body);
    }
    json_line(&object)
}

/// A call that was turned away: one line.
pub fn listen_refusal_json(refusal: &Refusal) -> String {
    let (method, path) = refusal.target.clone().unzip();
    let object = json!({
        "type": "refused",
        "at": date(refusal.at),
        "remote": refusal.remote.to_string(),
        "method": method,
        "path": path,
        "status": refusal.reason.status(),
        "reason": refusal.reason.to_string(),
    });
    json_line(&object)
}

fn answer(given: Given) -> Value {
    let (outcome, status) = match given {
        Given::Status(status) => ("answered", Some(status)),
        Given::Dropped => ("dropped", None),
        Given::CallerGone => ("caller-gone", None),
    };
    json!({ "outcome": outcome, "status": status })
}

fn passed(passed: &Passed) -> Value {
    json!({
        "url": shown_url(&passed.url),
        "status": passed.outcome.as_ref().ok(),
        "error": passed.outcome.as_ref().err().map(ToString::to_string),
        "elapsedMs": elapsed_ms(passed.elapsed),
    })
}

/// Headers and body in the form of a capture.
fn add_whole(object: &mut Map<String, Value>, headers: &[(String, String)], body: &[u8]) {
    use base64::Engine;
    let mut by_name = Map::new();
    for (name, value) in headers {
        let values = by_name.entry(name.as_str()).or_insert_with(|| json!([]));
        if let Value::Array(values) = values {
            values.push(Value::from(value.as_str()));
        }
    }
    object.insert("headers".to_owned(), Value::Object(by_name));
    let (key, body) = match std::str::from_utf8(body) {
        Ok(text) => ("body", text.to_owned()),
        Err(_) => ("bodyBase64", base64::prelude::BASE64_STANDARD.encode(body)),
    };
    object.insert(key.to_owned(), Value::from(body));
}

fn date(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Millis, true)
}
