//! The values of a story: references to variables and steps, and values that are generated.
//!
//! Values are JSON. A string may refer to others by name, `{{userId}}` or `{{booked.response.id}}`; a
//! string that is nothing but a reference takes the type of what it refers to. An object such as
//! `{"random": "1..9"}` stands for a value that is made each time.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use uuid::Builder;

use super::{RESERVED, ResponseValue, StepValues, StoryScope};
use crate::payload::DataPath;
use crate::pgm;
use crate::text::{Diagnostic, json_error, nearest};

/// How a reference begins and ends, and what keeps a text from being one.
const OPEN: &str = "{{";
const CLOSE: &str = "}}";
const ESCAPED: &str = "\\{{";

/// A piece of a text.
enum TextPiece<'a> {
    Text(&'a str),
    Reference(&'a str),
}

impl StoryScope {
    /// The value with all that it refers to, and with its generated values.
    ///
    /// # Errors
    /// When it refers to what there is not, or cannot be made.
    pub(super) fn resolve(&mut self, value: &Value) -> Result<Value, Diagnostic> {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter().map(|item| self.resolve(item)).collect(),
            Value::Object(fields) => match self.generate(fields) {
                Some(made) => made,
                None => {
                    let field =
                        |(key, value): (&String, &Value)| Ok((key.clone(), self.resolve(value)?));
                    fields.iter().map(field).collect::<Result<Map<_, _>, _>>().map(Value::Object)
                }
            },
            plain => Ok(plain.clone()),
        }
    }

    fn text(&self, text: &str) -> Result<Value, Diagnostic> {
        let pieces = pieces(text)?;
        if let [TextPiece::Reference(reference)] = pieces[..] {
            return self.look_up(reference);
        }
        let mut resolved = String::new();
        for piece in pieces {
            match piece {
                TextPiece::Text(text) => resolved += text,
                TextPiece::Reference(reference) => match self.look_up(reference)? {
                    Value::String(text) => resolved += &text,
                    other => resolved += &other.to_string(),
                },
            }
        }
        Ok(resolved.into())
    }

    fn look_up(&self, reference: &str) -> Result<Value, Diagnostic> {
        let (name, rest) = split_name(reference);
        let step = self.steps.iter().find(|(known, _)| known == name);
        match (name, rest, self.variables.get(name), step) {
            ("now", "", ..) => Ok(pgm::format_date(self.now).into()),
            ("start", "", ..) => Ok(pgm::format_date(self.start).into()),
            (_, "", Some(value), _) => Ok(value.clone()),
            (_, rest, Some(value), _) => within(value, rest, &format!("the variable {name}")),
            (_, rest, _, Some((_, values))) => step_value(reference, name, rest, values),
            _ => Err(self.unknown(name)),
        }
    }

    fn unknown(&self, name: &str) -> Diagnostic {
        if self.later.iter().any(|later| later == name) {
            return Diagnostic::new(format!("the step {name} is not sent before this one"))
                .help("a step can refer to the steps before it only");
        }
        let variables = self.variables.keys().map(String::as_str);
        let steps = self.steps.iter().map(|(name, _)| name.as_str());
        let known: Vec<_> = variables.chain(steps).chain(RESERVED).collect();
        Diagnostic::new(format!("there is no variable or step {name:?}"))
            .suggest(nearest(name, &known))
            .help(format!("there are {}", known.join(", ")))
    }

    /// The value that an object stands for; `None` for an object that is just data.
    fn generate(&mut self, fields: &Map<String, Value>) -> Option<Result<Value, Diagnostic>> {
        let keys: Vec<_> = fields.keys().map(String::as_str).collect();
        let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
        match keys[..] {
            ["random"] => Some(self.random(text("random"))),
            ["uuid"] => {
                let bytes = self.rng.u128(..).to_ne_bytes();
                let uuid = Builder::from_random_bytes(bytes).into_uuid();
                Some(Ok(uuid.hyphenated().to_string().into()))
            }
            ["json"] => Some(serde_json::from_str(text("json")).map_err(|error| {
                Diagnostic::new(format!("json is not JSON: {}", json_error(&error)))
                    .help("as in { json = \"null\" }")
            })),
            ["date"] => Some(self.date(text("date")).map(|date| pgm::format_date(date).into())),
            ["date", "at"] | ["at", "date"] => {
                let date = self.date(text("date"));
                Some(date.and_then(|date| at_time(date, text("at"))))
            }
            ["day"] => {
                let day = self.date(text("day"));
                Some(day.map(|date| date.format("%Y-%m-%d").to_string().into()))
            }
            _ => None,
        }
    }

    fn random(&mut self, text: &str) -> Result<Value, Diagnostic> {
        let range = text.split_once("..").and_then(|(from, to)| {
            let to = to.trim_start_matches('=').trim();
            Some((from.trim().parse::<i64>().ok()?, to.parse::<i64>().ok()?))
        });
        match range {
            Some((from, to)) if from <= to => Ok(self.rng.i64(from..=to).into()),
            Some((from, to)) => Err(Diagnostic::new(format!(
                "the range {from}..{to} is empty: the first number is the least"
            ))),
            None => Err(Diagnostic::new("random is a range of whole numbers, ends included")
                .help("as in { random = \"1000..9999\" }")),
        }
    }

    fn date(&self, text: &str) -> Result<DateTime<Utc>, Diagnostic> {
        date_from(self.start, text)
    }
}

/// The date that a text means: a date, or a distance from the story's start, such as `+2d`.
pub(super) fn date_from(start: DateTime<Utc>, text: &str) -> Result<DateTime<Utc>, Diagnostic> {
    let distance = |text: &str| {
        let distance: Duration = humantime::parse_duration(text).ok()?;
        TimeDelta::from_std(distance).ok()
    };
    let date = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(after), _) => distance(after).and_then(|after| start.checked_add_signed(after)),
        (_, Some(before)) => distance(before).and_then(|before| start.checked_sub_signed(before)),
        _ => match (DateTime::parse_from_rfc3339(text), text.parse::<NaiveDate>()) {
            (Ok(date), _) => Some(date.to_utc()),
            (_, Ok(day)) => Some(day.and_time(NaiveTime::MIN).and_utc()),
            _ => None,
        },
    };
    let in_range = |date: &DateTime<Utc>| pgm::parse_date(&pgm::format_date(*date)).is_some();
    date.filter(in_range).ok_or_else(|| {
        Diagnostic::new(format!("{text:?} is not a date, nor a distance from the story's start"))
            .help("as in \"+2d\", \"-5m\" or \"2026-03-01T17:42:09Z\"")
    })
}

/// The day of a date, at a time of day.
fn at_time(date: DateTime<Utc>, text: &str) -> Result<Value, Diagnostic> {
    let time = NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| {
        Diagnostic::new(format!("{text:?} is not a time of day"))
            .help("as in { date = \"+1d\", at = \"18:00\" }, in UTC")
    })?;
    Ok(pgm::format_date(date.date_naive().and_time(time).and_utc()).into())
}

fn step_value(
    reference: &str,
    name: &str,
    rest: &str,
    values: &StepValues,
) -> Result<Value, Diagnostic> {
    let (part, path) = split_name(rest);
    match (part, &values.response) {
        ("data", _) => within(&values.data, path, &format!("the data of {name}")),
        ("response", ResponseValue::Unknown) => Ok(format!("{OPEN}{reference}{CLOSE}").into()),
        ("response", ResponseValue::Json(json)) => {
            within(json, path, &format!("the response to {name}"))
        }
        ("response", ResponseValue::Missing(why)) => Err(Diagnostic::new(why.clone())),
        _ => Err(Diagnostic::new(format!("{reference} does not say which value of {name}")).help(
            format!(
                "a step has {name}.data.PATH and {name}.response.PATH, as in {name}.data.userId"
            ),
        )),
    }
}

/// The value at a path within another; the whole of it for an empty path.
fn within(value: &Value, path: &str, whose: &str) -> Result<Value, Diagnostic> {
    if path.is_empty() {
        return Ok(value.clone());
    }
    let parsed: DataPath =
        path.parse().map_err(|error| Diagnostic::new(format!("{path}: {error}")))?;
    match (parsed.get(value), value) {
        (Some(found), _) => Ok(found.clone()),
        // What is made from a response is known when that has come.
        (None, Value::String(text)) if text.starts_with(OPEN) => Ok(value.clone()),
        (None, Value::Object(fields)) => {
            let known: Vec<_> = fields.keys().map(String::as_str).collect();
            Err(Diagnostic::new(format!("{whose} has no {path}"))
                .suggest(nearest(path, &known))
                .help(format!("it has {}", known.join(", "))))
        }
        (None, _) => Err(Diagnostic::new(format!("{whose} has no {path}: it has no fields"))),
    }
}

/// A name, and what follows the dot after it.
fn split_name(reference: &str) -> (&str, &str) {
    match reference.find(['.', '[']) {
        Some(at) => (&reference[..at], reference[at..].trim_start_matches('.')),
        None => (reference, ""),
    }
}

fn pieces(text: &str) -> Result<Vec<TextPiece<'_>>, Diagnostic> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        if rest[..at].ends_with('\\') {
            pieces.extend([TextPiece::Text(&rest[..at - 1]), TextPiece::Text(OPEN)]);
            rest = &rest[at + OPEN.len()..];
            continue;
        }
        let inner = &rest[at + OPEN.len()..];
        let Some(end) = inner.find(CLOSE) else {
            return Err(Diagnostic::new("a {{ is not closed by }}")
                .help("write \\{{ for the two braces themselves"));
        };
        if at > 0 {
            pieces.push(TextPiece::Text(&rest[..at]));
        }
        pieces.push(TextPiece::Reference(inner[..end].trim()));
        rest = &inner[end + CLOSE.len()..];
    }
    if !rest.is_empty() {
        pieces.push(TextPiece::Text(rest));
    }
    Ok(pieces)
}

/// A text that resolves to itself.
pub(super) fn escaped(text: &str) -> String {
    text.replace(OPEN, ESCAPED)
}

/// The names that a value refers to, each without its path.
pub(super) fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => {
            let name = |piece| match piece {
                TextPiece::Reference(reference) => Some(split_name(reference).0),
                TextPiece::Text(_) => None,
            };
            pieces(text).unwrap_or_default().into_iter().filter_map(name).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Object(fields) => fields.values().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scope() -> StoryScope {
        let mut scope = StoryScope::new("2026-03-01T17:42:09Z".parse().unwrap(), 7);
        scope.define("userId", &json!(7)).unwrap();
        scope.define("member", &json!({"id": "{{userId}}", "tags": ["vip"]})).unwrap();
        let response = ResponseValue::Json(json!({"booking": {"id": 12}}));
        scope.remember("booked", StepValues { data: json!({"userId": 7}), response });
        scope
    }

    #[test]
    fn a_reference_keeps_its_type_and_becomes_text_within_text() {
        for (value, resolved) in [
            (json!("{{userId}}"), json!(7)),
            (json!("{{ userId }}-{{member.tags[0]}}"), json!("7-vip")),
            (json!({"a": ["{{booked.response.booking.id}}"]}), json!({"a": [12]})),
            (json!("{{member}}"), json!({"id": 7, "tags": ["vip"]})),
            (json!("\\{{userId}}"), json!("{{userId}}")),
            (json!("{{start}}"), json!("2026-03-01T17:42:09Z")),
            (json!({"date": "+1d", "at": "18:00"}), json!("2026-03-02T18:00:00Z")),
            (json!({"day": "-1d"}), json!("2026-02-28")),
            (json!({"json": "null"}), json!(null)),
            (json!({"random": "5..5"}), json!(5)),
            (json!({"date": "x", "other": 1}), json!({"date": "x", "other": 1})),
        ] {
            assert_eq!(scope().resolve(&value).unwrap(), resolved, "{value}");
        }
        assert_eq!(scope().resolve(&json!(escaped("a {{b"))).unwrap(), json!("a {{b"));
    }

    #[test]
    fn what_is_not_there_is_named() {
        for (value, message) in [
            (json!("{{userID}}"), "there is no variable or step \"userID\""),
            (json!("{{booked}}"), "booked does not say which value"),
            (json!("{{booked.data.userID}}"), "the data of booked has no userID"),
            (json!("{{userId"), "is not closed"),
            (json!({"random": "9..1"}), "is empty"),
            (json!({"random": 1}), "is a range"),
            (json!({"date": "+99999999y"}), "is not a date"),
            (json!({"date": "+1d", "at": "25:00"}), "is not a time"),
            (json!({"json": "nul"}), "is not JSON"),
        ] {
            let error = scope().resolve(&value).unwrap_err();
            assert!(error.message.contains(message), "{value}: {error:?}");
        }
    }
}
