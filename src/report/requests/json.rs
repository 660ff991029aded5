//! The list for programs, as `schemas/request.schema.json` and
//! `schemas/stored-request.schema.json` describe it.

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};
use url::Position;

use crate::capture::CaptureRecord;
use crate::pgm::METHOD;
use crate::report::delivery_json::attempt_value;
use crate::requests::{AttemptState, LoadCounts, RequestRow, StoredAttempt, StoredRequest};
use crate::text::shown_url;

/// One line of the list.
pub fn request_line_json(entry: &RequestRow) -> String {
    format!("{}\n", Value::Object(line(entry)))
}

/// A load run: the line that it answered with.
pub fn load_page_json(stored: &StoredRequest) -> String {
    format!("{}\n", String::from_utf8_lossy(stored.request.body()))
}

/// One request with its attempts, on one line. It is a line of pgwh's capture format, too,
/// with more in it.
pub fn request_page_json(stored: &StoredRequest) -> String {
    let StoredRequest { entry, request, attempts } = stored;
    let mut object = line(entry);
    object.insert("type".to_owned(), "stored-request".into());
    let host = entry.url[Position::BeforeHost..Position::AfterPort].to_owned();
    let mut headers = vec![("host".to_owned(), host)];
    headers.extend(request.owned_headers());
    let capture = CaptureRecord {
        received_at: entry.created_at,
        method: METHOD,
        path: &entry.url[Position::BeforePath..Position::AfterQuery],
        remote: None,
        headers: &headers,
        body: request.body(),
    };
    if let Ok(Value::Object(capture)) = serde_json::from_str(&capture.to_json()) {
        object.extend(capture);
    }
    let attempts = attempts.iter().map(attempt).collect();
    object.insert("attempts".to_owned(), Value::Array(attempts));
    format!("{}\n", Value::Object(object))
}

/// What `prune` did.
pub fn pruned_json(removed: u64, left: u64) -> String {
    format!("{}\n", json!({"type": "pruned", "removed": removed, "left": left}))
}

fn line(entry: &RequestRow) -> Map<String, Value> {
    let fields = [
        ("type", "request".into()),
        ("requestId", entry.request_id.as_str().into()),
        ("event", entry.event.as_deref().into()),
        ("webhook", entry.webhook.as_deref().into()),
        ("url", shown_url(&entry.url).into()),
        ("createdAt", entry.created_at.to_rfc3339_opts(SecondsFormat::Millis, true).into()),
        ("status", entry.status.as_str().into()),
        ("attemptCount", entry.attempts.into()),
        ("outcome", entry.outcome.map(crate::delivery::AttemptOutcome::as_str).into()),
        ("httpStatus", entry.http_status.into()),
        ("load", entry.load.map_or(Value::Null, load)),
    ];
    fields.map(|(key, value): (_, Value)| (key.to_owned(), value)).into_iter().collect()
}

fn load(load: LoadCounts) -> Value {
    json!({"requests": load.requests, "failed": load.failed})
}

fn attempt(stored: &StoredAttempt) -> Value {
    let outcome = match &stored.state {
        AttemptState::Finished(attempt) => return attempt_value(attempt),
        AttemptState::Sending => "sending",
        AttemptState::Interrupted => "interrupted",
    };
    json!({
        "n": stored.n,
        "startedAt": stored.started_at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "outcome": outcome,
        "status": null,
        "elapsedMs": null,
        "timings": null,
        "response": null,
        "error": null,
    })
}
