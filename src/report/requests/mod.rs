//! The requests list: as JSON, as a table, and one request with all that came back. The JSON is
//! described by `schemas/request.schema.json` and `schemas/stored-request.schema.json`.

mod page;
mod table;

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};
use url::Position;

pub use self::page::RequestPage;
pub use self::table::RequestTable;
use super::delivery_json::attempt_value;
use super::json::json_line;
use super::{Palette, escape};
use crate::capture::CaptureRecord;
use crate::delivery::AttemptOutcome;
use crate::pgm::METHOD;
use crate::requests::{
    AttemptStatus, LoadCounts, RequestRow, Status, StoredAttempt, StoredRequest,
};
use crate::text::{count, shown_url};

/// The result of `prune`.
pub fn pruned(removed: u64, remaining: u64) -> String {
    format!("removed {}; {remaining} remaining\n", count(removed, "request"))
}

/// The result of `prune` as JSON.
pub fn pruned_json(removed: u64, remaining: u64) -> String {
    json_line(&json!({"type": "pruned", "removed": removed, "remaining": remaining}))
}

/// One line of the list.
pub fn request_line_json(row: &RequestRow) -> String {
    json_line(&row_json(row))
}

/// A load run: the report that it printed.
pub fn load_page_json(stored: &StoredRequest) -> String {
    format!("{}\n", String::from_utf8_lossy(stored.request.body()))
}

/// One request with its attempts, on one line, which is also a line of pgwh's capture format.
pub fn request_page_json(stored: &StoredRequest) -> String {
    let StoredRequest { entry, request, attempts } = stored;
    let mut object = row_json(entry);
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
    json_line(&object)
}

fn row_json(row: &RequestRow) -> Map<String, Value> {
    let fields = [
        ("type", "request".into()),
        ("requestId", row.request_id.as_str().into()),
        ("event", row.event.as_deref().into()),
        ("webhook", row.webhook.as_deref().into()),
        ("url", shown_url(&row.url).into()),
        ("createdAt", row.created_at.to_rfc3339_opts(SecondsFormat::Millis, true).into()),
        ("status", row.status.as_str().into()),
        ("attemptCount", row.attempts.into()),
        ("outcome", row.outcome.map(AttemptOutcome::as_str).into()),
        ("httpStatus", row.http_status.into()),
        ("load", row.load.map_or(Value::Null, load)),
        ("fromCapture", row.from_capture.into()),
    ];
    fields.map(|(key, value): (_, Value)| (key.to_owned(), value)).into_iter().collect()
}

fn load(load: LoadCounts) -> Value {
    json!({"requests": load.requests, "failed": load.failed})
}

fn attempt(stored: &StoredAttempt) -> Value {
    let outcome = match &stored.status {
        AttemptStatus::Finished(attempt) => return attempt_value(attempt),
        AttemptStatus::Sending => "sending",
        AttemptStatus::Interrupted => "interrupted",
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

/// One character for a status.
fn status_mark(status: Status) -> &'static str {
    match status {
        Status::Delivered => "✓",
        Status::Failed | Status::Unreachable => "✗",
        Status::Sending => "…",
        Status::Interrupted => "?",
    }
}

/// A status as a word; the first two are PGM's own.
fn status_word(status: Status) -> &'static str {
    match status {
        Status::Delivered => "successful",
        other => other.as_str(),
    }
}

/// Paints text in the colour of a status.
fn paint(status: Status, text: &str, palette: Palette) -> String {
    match status {
        Status::Delivered => palette.success(text),
        Status::Failed | Status::Unreachable => palette.error(text),
        Status::Sending | Status::Interrupted => palette.warning(text),
    }
}

/// The event, with a word before it for a load run and for a capture that was sent again.
fn event_text(row: &RequestRow) -> String {
    let event = escape(row.event.as_deref().unwrap_or("-"));
    match (row.load, row.from_capture) {
        (Some(_), _) => format!("load: {event}"),
        (None, true) => format!("capture: {event}"),
        (None, false) => event,
    }
}

/// The last response in a few words: an HTTP status, or why it is missing.
fn response_text(row: &RequestRow) -> String {
    if let Some(load) = row.load {
        return format!("{} failed", load.failed);
    }
    match (row.status, row.outcome, row.http_status) {
        (Status::Sending | Status::Interrupted, _, _) => status_word(row.status).to_owned(),
        (_, Some(AttemptOutcome::Responded), Some(status)) => status.to_string(),
        (_, Some(AttemptOutcome::TimedOut), _) => "timed out".to_owned(),
        (_, Some(AttemptOutcome::Refused), _) => "no connection".to_owned(),
        (_, Some(AttemptOutcome::Dns), _) => "unknown host".to_owned(),
        (_, Some(AttemptOutcome::Tls), _) => "TLS failed".to_owned(),
        (_, Some(AttemptOutcome::Responded | AttemptOutcome::Broken), _) => "broke off".to_owned(),
        (_, None, _) => status_word(row.status).to_owned(),
    }
}
