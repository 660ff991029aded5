//! The requests list: as JSON, and one request with the response to each attempt. The JSON is
//! described by `schemas/request.schema.json` and `schemas/stored-request.schema.json`.

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use super::Palette;
use super::delivery::attempt_value;
use super::formats::{escape, json_line};
use super::request::{payload_block, request_capture};
use super::request_table::{event_text, paint, status_mark, status_word};
use crate::delivery::{
    Attempt, AttemptOutcome, DeliveryVerdict, Response, describe_attempt, format_duration,
    status_line,
};
use crate::pgm;
use crate::requests::{AttemptStatus, LoadCounts, RequestRow, StoredAttempt, StoredRequest};
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

/// One request with its attempts, on one line, which is also a line of pgwh's capture format. A load
/// run is the report that it printed.
pub fn request_page_json(stored: &StoredRequest) -> String {
    let StoredRequest { entry, request, attempts } = stored;
    if entry.load.is_some() {
        return format!("{}\n", String::from_utf8_lossy(request.body()));
    }
    let mut object = row_json(entry);
    object.insert("type".to_owned(), "stored-request".into());
    let capture = request_capture(request, &entry.url, entry.created_at);
    if let Ok(Value::Object(capture)) = serde_json::from_str(&capture) {
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
        ("story", row.story.as_deref().into()),
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

/// Renders one request of the list.
#[derive(Debug)]
pub struct RequestPage<'a> {
    /// The request.
    pub stored: &'a StoredRequest,
    /// What the list calls it: the beginning of its id, and `~1` where a newer one has the same id.
    pub id: &'a str,
    /// Whether to show the responses' headers.
    pub verbose: bool,
    /// How to paint.
    pub palette: Palette,
}

impl RequestPage<'_> {
    /// The whole page.
    pub fn render(&self) -> String {
        let mut text = self.head();
        let body = if self.stored.entry.load.is_some() { "Report" } else { "Payload" };
        text += &format!("\n{}\n", self.title(body));
        text += &payload_block(self.stored.request.body(), self.palette);
        for stored in &self.stored.attempts {
            text += &format!("\n{}", self.attempt(stored));
        }
        if self.stored.entry.status.is_unsuccessful() {
            let retry = format!("pgwh requests retry {}", self.id);
            text += &format!("\n{} {}\n", self.palette.highlight("next:"), escape(&retry));
        }
        text
    }

    fn head(&self) -> String {
        let StoredRequest { entry, request, .. } = self.stored;
        let event = match entry.event {
            None => "(no event)".to_owned(),
            Some(_) => event_text(entry),
        };
        let event = self.palette.bold(&event);
        let webhook =
            entry.webhook.as_ref().map(|name| format!("{}, ", escape(name))).unwrap_or_default();
        let mark = paint(entry.status, status_mark(entry.status), self.palette);
        let word = paint(entry.status, status_word(entry.status), self.palette);
        let mut text = format!("{mark} {event} → {webhook}{}\n", escape(&shown_url(&entry.url)));
        let count = match entry.load {
            Some(load) => format!("{} of {} requests failed", load.failed, load.requests),
            None => count(entry.attempts.into(), "attempt"),
        };
        text += &self.line("status", &format!("{word}, {count}"));
        text += &self.line("first sent", &moment(entry.created_at));
        for (name, value) in request.headers() {
            let header = format!("{}: {}", escape(name), escape(value));
            text += &format!("  {}\n", self.palette.dim(&format!("> {header}")));
        }
        text
    }

    fn attempt(&self, stored: &StoredAttempt) -> String {
        let title = self.title(&format!("Attempt {}", stored.n));
        let unfinished = |text: &str| {
            let text = self.palette.warning(text);
            format!("{title}  {}  {text}\n", moment(stored.started_at))
        };
        let attempt = match &stored.status {
            AttemptStatus::Finished(attempt) => attempt,
            AttemptStatus::Sending => return unfinished("being sent"),
            AttemptStatus::Interrupted => {
                return unfinished("interrupted: its process ended before it knew the outcome");
            }
        };
        let word = describe_attempt(attempt);
        let word = match attempt.verdict() {
            DeliveryVerdict::Delivered => self.palette.success(&word),
            DeliveryVerdict::Failed | DeliveryVerdict::Unreachable => self.palette.error(&word),
        };
        let mut text = format!(
            "{title}  {}  {word} in {}\n",
            moment(stored.started_at),
            format_duration(attempt.elapsed)
        );
        text += &self.outcome(attempt);
        text
    }

    fn outcome(&self, attempt: &Attempt) -> String {
        let mut text = String::new();
        if let Some(error) = &attempt.error {
            text += &format!("{}\n", escape(error));
        }
        if let Some(response) = &attempt.response {
            text += &self.response(response);
        }
        text
    }

    fn response(&self, response: &Response) -> String {
        let mut text = String::new();
        if self.verbose {
            let head = format!("< {} {}", escape(&response.version), status_line(response.status));
            text += &format!("{}\n", self.palette.dim(&head));
            for (name, value) in &response.headers {
                let header = format!("< {}: {}", escape(name), escape(value));
                text += &format!("{}\n", self.palette.dim(&header));
            }
        }
        text += &payload_block(response.text.as_bytes(), self.palette);
        if response.truncated {
            let cut = format!(
                "{} bytes in all; PGM keeps the first {} characters",
                response.bytes,
                pgm::RESPONSE_CHARS
            );
            text += &format!("{}\n", self.palette.dim(&cut));
        }
        text
    }

    fn title(&self, text: &str) -> String {
        self.palette.bold(text)
    }

    fn line(&self, label: &str, text: &str) -> String {
        self.palette.labelled(label, 11, text)
    }
}

fn moment(moment: chrono::DateTime<chrono::Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}
