//! The catalogue for people and programs.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::json::json_line;
use super::payload::payload_block;
use super::{Palette, escape};
use crate::fixtures::{Fixture, Origin};
use crate::pgm::{Confidence, Envelope};

/// One line an event.
pub fn event_list(samples: &[(&str, Fixture)], palette: Palette) -> String {
    let width = samples.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for (name, sample) in samples {
        let (when, payload) = about(name, sample);
        text += &format!(
            "{}  {}\n{:width$}  {}\n",
            palette.highlight(&format!("{:<width$}", escape(name))),
            when,
            "",
            palette.dim(&format!("payload: {payload}")),
        );
    }
    text
}

/// The catalogue as one line of JSON an event.
pub fn event_list_json(samples: &[(&str, Fixture)], date: DateTime<Utc>) -> String {
    samples.iter().map(|(name, sample)| event_page_json(name, sample, date)).collect()
}

/// One event: what it is, its sample body, and how sure each field is.
pub fn event_page(name: &str, sample: &Fixture, date: DateTime<Utc>, palette: Palette) -> String {
    let (when, payload) = about(name, sample);
    let mut text = format!("{}: {when}\n", palette.bold(&escape(name)));
    text += &format!("payload: {payload}\n");
    let event = sample.described();
    if let Some(note) = event.as_ref().and_then(|event| event.note.as_ref()) {
        text += &format!("note: {note}\n");
    }
    text += &format!("\n{}", payload_block(&envelope(sample, date).to_body(), palette));
    if let Some(event) = event {
        let width = event.fields.keys().map(String::len).max().unwrap_or_default();
        text += "\n";
        for path in event.fields.keys() {
            let confidence = event.confidence(path).unwrap_or(Confidence::Illustrative);
            text += &format!("{path:<width$}  {}\n", sure(confidence, palette));
        }
    }
    text
}

/// One event as a line of JSON.
pub fn event_page_json(name: &str, sample: &Fixture, date: DateTime<Utc>) -> String {
    let (when, payload) = about(name, sample);
    let fields = sample.described().map(|event| event.fields).unwrap_or_default();
    let file = match &sample.origin {
        Origin::File(path) => Value::from(path.display().to_string()),
        Origin::BuiltIn | Origin::Unlisted => Value::Null,
    };
    let body = String::from_utf8_lossy(&envelope(sample, date).to_body()).into_owned();
    let json = json!({
        "type": "event",
        "name": name,
        "event": sample.event,
        "when": when,
        "payload": payload,
        "fields": fields,
        "file": file,
        "data": sample.data,
        "body": body,
    });
    json_line(&json)
}

fn envelope(sample: &Fixture, triggered_date: DateTime<Utc>) -> Envelope {
    Envelope { event: sample.event.clone(), triggered_date, data: sample.data.clone() }
}

/// When the event is sent, and how sure its payload is.
fn about(name: &str, sample: &Fixture) -> (String, String) {
    match (sample.described(), &sample.origin) {
        (Some(event), _) => {
            let payload = event.summary();
            (event.when, payload)
        }
        (None, Origin::File(path)) => {
            let when = match crate::pgm::find(&sample.event) {
                Some(event) if sample.event == name => event.when,
                Some(event) => format!("{}: {}", event.event, event.when),
                None => format!("{}, an event of your own", escape(&sample.event)),
            };
            (when, format!("your own, {}", escape(&path.display().to_string())))
        }
        (None, Origin::BuiltIn | Origin::Unlisted) => {
            ("an event of your own".to_owned(), "your own".to_owned())
        }
    }
}

fn sure(confidence: Confidence, palette: Palette) -> String {
    let word = confidence.to_string();
    match confidence {
        Confidence::Documented | Confidence::Observed => palette.success(&word),
        Confidence::ReadByReceiver => word,
        Confidence::Illustrative => palette.dim(&word),
    }
}
