//! Makes a story of requests that were captured.

use std::fmt::Write;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::anonymize::{Anonymizer, distance, parse_date};
use crate::pgm;

/// A request that was captured.
#[derive(Debug, Clone)]
pub struct RecordedRequest {
    /// `X-PerfectGym-Request`, where there was one: a request of the same id is the same one again.
    pub request_id: Option<String>,
    /// When it was received or sent.
    pub at: DateTime<Utc>,
    /// The exact body.
    pub body: Vec<u8>,
}

/// A story that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedStory {
    /// The file.
    pub text: String,
    /// The number of its steps.
    pub steps: usize,
    /// The number of variables that ids became.
    pub variables: usize,
    /// The number of different values that were replaced by invented ones.
    pub invented: usize,
    /// Requests that are none of PGM's events, and were left out.
    pub skipped: usize,
}

/// A request that comes this long after its event gets the date of that.
const LATE: TimeDelta = TimeDelta::seconds(60);
/// Repeats within this time came at once: PGM was seen to send four within 240 ms.
const AT_ONCE: TimeDelta = TimeDelta::milliseconds(500);
/// Pauses are rounded to this, in milliseconds.
const PAUSE_STEP: u128 = 100;

/// A step that grows while requests are read.
struct Draft {
    event: String,
    triggered: Option<DateTime<Utc>>,
    data: Value,
    at: DateTime<Utc>,
    last: DateTime<Utc>,
    id: Option<String>,
    times: u32,
}

/// Makes a story of requests, which are in the order in which they came. `None` when none of them is
/// an event of PGM's. Values are invented from `seed`.
pub fn record(requests: &[RecordedRequest], title: &str, seed: u64) -> Option<RecordedStory> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut skipped = 0;
    for request in requests {
        let again =
            drafts.iter_mut().find(|draft| draft.id.is_some() && draft.id == request.request_id);
        if let Some(draft) = again {
            draft.times += 1;
            draft.last = request.at.max(draft.last);
            continue;
        }
        match draft(request) {
            Some(draft) => drafts.push(draft),
            None => skipped += 1,
        }
    }
    let start = drafts.first()?.at;
    let mut anonymizer = Anonymizer::new(start, seed);
    drafts.iter().for_each(|draft| anonymizer.count(None, &draft.data));
    let mut steps = String::new();
    let mut before = start;
    for draft in &drafts {
        let data = anonymizer.replace(None, &draft.data, draft.at);
        steps += &step(draft, &data, before, start);
        before = draft.at;
    }
    let mut text = format!("title = {}\n", toml(title));
    if !anonymizer.variables.is_empty() {
        text += "\n[variables]\n";
    }
    for (name, value) in &anonymizer.variables {
        let _ = writeln!(text, "{name} = {}", toml_value(value));
    }
    Some(RecordedStory {
        text: text + &steps,
        steps: drafts.len(),
        variables: anonymizer.variables.len(),
        invented: anonymizer.invented.len(),
        skipped,
    })
}

fn draft(request: &RecordedRequest) -> Option<Draft> {
    let body: Value = serde_json::from_slice(&request.body).ok()?;
    Some(Draft {
        event: body.get("event")?.as_str()?.to_owned(),
        triggered: body.get("triggeredDate").and_then(Value::as_str).and_then(parse_date),
        data: body.get("data")?.clone(),
        at: request.at,
        last: request.at,
        id: request.request_id.clone(),
        times: 1,
    })
}

/// A step as TOML.
fn step(draft: &Draft, data: &Value, before: DateTime<Utc>, start: DateTime<Utc>) -> String {
    let mut text = format!("\n[[step]]\nevent = {}\n", toml(&draft.event));
    if !pgm::is_known(&draft.event) {
        text += "unlisted = true\n";
    }
    let pause = (draft.at - before).to_std().unwrap_or_default().as_millis();
    let pause = (pause + PAUSE_STEP / 2) / PAUSE_STEP * PAUSE_STEP;
    if let Ok(millis @ 1..) = u64::try_from(pause) {
        let pause = humantime::format_duration(Duration::from_millis(millis));
        let _ = writeln!(text, "after = {}", toml(&pause.to_string()));
    }
    if let Some(triggered) = draft.triggered.filter(|date| draft.at - date > LATE) {
        let _ = writeln!(text, "triggered-date = {}", toml(&distance(triggered - start)));
    }
    if draft.times > 1 {
        let _ = writeln!(text, "repeat = {}", draft.times);
        if draft.last - draft.at <= AT_ONCE {
            text += "parallel = true\n";
        }
    }
    let json = pretty(data, 0);
    // A literal text keeps JSON as it is, but cannot hold its own end.
    match json.contains("'''") {
        true => writeln!(text, "data = {}", toml(&json)),
        false => writeln!(text, "data = '''\n{json}'''"),
    }
    .unwrap_or_default();
    text
}

/// JSON that people can read: a line for each field, but objects of one field stay on their line.
fn pretty(value: &Value, depth: usize) -> String {
    let Value::Object(fields) = value else { return value.to_string() };
    let (open, between, close) = match fields.len() {
        0 | 1 => ("".to_owned(), ", ".to_owned(), "".to_owned()),
        _ => {
            let line = |depth: usize| format!("\n{}", "  ".repeat(depth));
            (line(depth + 1), format!(",{}", line(depth + 1)), line(depth))
        }
    };
    let field = |(key, value): (&String, &Value)| {
        format!("{}: {}", Value::from(key.as_str()), pretty(value, depth + 1))
    };
    let fields: Vec<_> = fields.iter().map(field).collect();
    format!("{{{open}{}{close}}}", fields.join(&between))
}

/// A text as a TOML value.
fn toml(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// A variable's value as TOML.
fn toml_value(value: &Value) -> String {
    let range = |key: &str| value.get(key).and_then(Value::as_str);
    match (value, range("random")) {
        (_, Some(range)) => format!("{{ random = {} }}", toml(range)),
        (Value::Object(_), None) => "{ uuid = true }".to_owned(),
        (Value::String(text), _) => toml(text),
        (other, _) => other.to_string(),
    }
}
