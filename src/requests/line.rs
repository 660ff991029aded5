//! What a line of the inbox says: a JSON array, read by pgwh alone. It begins with the kind, the
//! request's id and the number of the sending; values are as they stand in the list's columns.

use std::vec;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rusqlite::types::Value as Cell;
use serde_json::{Value, json};

use super::columns::{headers_json, micros};
use crate::delivery::{Attempt, Timings};

/// What happened to a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// `X-PerfectGym-Request`.
    pub(super) id: String,
    /// Tells this sending of the request from all others of it.
    pub(super) run: i64,
    pub(super) news: News,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum News {
    Begun(Begun),
    Ended(Box<Ended>),
    /// What PGM would show in the end, where that is not the last attempt's verdict: its word.
    Concluded(String),
}

/// An attempt is about to be made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Begun {
    /// Milliseconds since 1970.
    pub(super) at: i64,
    /// When it is over at the latest, in the same unit.
    pub(super) deadline: i64,
    pub(super) pid: i64,
    pub(super) of: Of,
}

/// The request that an attempt is of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Of {
    /// One that is new to the list.
    New(NewRequest),
    /// The one in this row of the list.
    Listed(i64),
    /// The one of the attempt before it in the same sending.
    Same,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct NewRequest {
    /// What the list is to keep from now on: so many requests, so many milliseconds.
    pub(super) keep: i64,
    pub(super) older_than: i64,
    /// Event, webhook, URL, headers, body.
    pub(super) cells: [Cell; 5],
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ended {
    /// Counted from 1 within the sending, in the order in which they began.
    pub(super) n: i64,
    /// Its verdict.
    pub(super) status: String,
    /// Outcome, whether the target was reached, the time it took; DNS, connect, TLS, wait, body;
    /// HTTP status and version, headers, text, bytes, whether it is truncated; the error.
    pub(super) cells: [Cell; 15],
}

impl Line {
    /// The line's text. It begins with the line break, so that what a killed process left of a
    /// line does not spoil the next.
    pub(super) fn text(&self) -> String {
        let head = |kind: &str| vec![json!(kind), json!(self.id), json!(self.run)];
        let fields = match &self.news {
            News::Begun(begun) => {
                let mut fields = head("begun");
                fields.extend([begun.at, begun.deadline, begun.pid].map(Value::from));
                match &begun.of {
                    Of::New(new) => {
                        fields.extend([new.keep, new.older_than].map(Value::from));
                        fields.extend(new.cells.iter().map(value));
                    }
                    Of::Listed(row) => fields.push(json!(row)),
                    Of::Same => {}
                }
                fields
            }
            News::Ended(ended) => {
                let mut fields = head("ended");
                fields.extend([json!(ended.n), json!(ended.status)]);
                fields.extend(ended.cells.iter().map(value));
                fields
            }
            News::Concluded(status) => {
                let mut fields = head("concluded");
                fields.push(json!(status));
                fields
            }
        };
        format!("\n{}", Value::Array(fields))
    }

    /// The lines that are whole. What is not one is what a killed process or a power cut left.
    pub(super) fn all(text: &[u8]) -> impl Iterator<Item = Self> {
        let lines = text.split(|byte| *byte == b'\n');
        lines.filter_map(|line| Self::read(&mut Fields::of(line)?))
    }

    fn read(fields: &mut Fields) -> Option<Self> {
        let (kind, id, run) = (fields.text()?, fields.text()?, fields.number()?);
        let news = match &*kind {
            "begun" => News::Begun(Begun {
                at: fields.number()?,
                deadline: fields.number()?,
                pid: fields.number()?,
                of: match fields.0.len() {
                    0 => Of::Same,
                    1 => Of::Listed(fields.number()?),
                    _ => Of::New(NewRequest {
                        keep: fields.number()?,
                        older_than: fields.number()?,
                        cells: fields.cells()?,
                    }),
                },
            }),
            "ended" => News::Ended(Box::new(Ended {
                n: fields.number()?,
                status: fields.text()?,
                cells: fields.cells()?,
            })),
            "concluded" => News::Concluded(fields.text()?),
            _ => return None,
        };
        Some(Self { id, run, news })
    }
}

impl Ended {
    pub(super) fn new(n: i64, attempt: &Attempt) -> Self {
        let Timings { dns, connect, tls, wait, body } = attempt.timings;
        let response = attempt.response.as_ref();
        Self {
            n,
            status: attempt.verdict().as_str().to_owned(),
            cells: [
                attempt.outcome.as_str().to_owned().into(),
                attempt.reached.into(),
                micros(attempt.elapsed).into(),
                dns.map(micros).into(),
                connect.map(micros).into(),
                tls.map(micros).into(),
                wait.map(micros).into(),
                body.map(micros).into(),
                attempt.status().map(i64::from).into(),
                response.map(|response| response.version.clone()).into(),
                response.map(|response| headers_json(&response.headers)).into(),
                response.map(|response| response.text.clone()).into(),
                response.map(|response| i64::try_from(response.bytes).unwrap_or(i64::MAX)).into(),
                response.map(|response| i64::from(response.truncated)).into(),
                attempt.error.clone().into(),
            ],
        }
    }
}

/// The fields of a line that are still to be read.
struct Fields(vec::IntoIter<Value>);

impl Fields {
    fn of(line: &[u8]) -> Option<Self> {
        match serde_json::from_slice(line) {
            Ok(Value::Array(fields)) => Some(Self(fields.into_iter())),
            _ => None,
        }
    }

    fn text(&mut self) -> Option<String> {
        match self.0.next()? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<i64> {
        self.0.next()?.as_i64()
    }

    fn cells<const N: usize>(&mut self) -> Option<[Cell; N]> {
        let cells: Option<Vec<_>> = self.0.by_ref().map(cell).collect();
        cells?.try_into().ok()
    }
}

/// A column's value in a line: bytes that are no text are put into an array.
fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(number) => json!(number),
        Cell::Real(number) => json!(number),
        Cell::Text(text) => json!(text),
        Cell::Blob(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => json!([text]),
            Err(_) => json!([BASE64_STANDARD.encode(bytes), "base64"]),
        },
    }
}

/// What [`value`] was made of.
fn cell(value: Value) -> Option<Cell> {
    Some(match value {
        Value::Null => Cell::Null,
        Value::Number(number) => Cell::Integer(number.as_i64()?),
        Value::String(text) => Cell::Text(text),
        Value::Array(bytes) => Cell::Blob(match &bytes[..] {
            [Value::String(text)] => text.clone().into_bytes(),
            [Value::String(text), _] => BASE64_STANDARD.decode(text).ok()?,
            _ => return None,
        }),
        Value::Bool(_) | Value::Object(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cell() -> impl Strategy<Value = Cell> {
        prop_oneof![
            Just(Cell::Null),
            any::<i64>().prop_map(Cell::Integer),
            any::<String>().prop_map(Cell::Text),
            any::<String>().prop_map(|text| Cell::Blob(text.into_bytes())),
            any::<Vec<u8>>().prop_map(Cell::Blob),
        ]
    }

    fn of() -> impl Strategy<Value = Of> {
        let new = (any::<[i64; 2]>(), prop::array::uniform5(cell()));
        prop_oneof![
            Just(Of::Same),
            any::<i64>().prop_map(Of::Listed),
            new.prop_map(|([keep, older_than], cells)| {
                Of::New(NewRequest { keep, older_than, cells })
            }),
        ]
    }

    fn news() -> impl Strategy<Value = News> {
        let begun = (any::<[i64; 3]>(), of());
        let ended = (any::<i64>(), any::<String>(), prop::array::uniform15(cell()));
        prop_oneof![
            begun.prop_map(|([at, deadline, pid], of)| {
                News::Begun(Begun { at, deadline, pid, of })
            }),
            ended.prop_map(|(n, status, cells)| News::Ended(Box::new(Ended { n, status, cells }))),
            any::<String>().prop_map(News::Concluded),
        ]
    }

    proptest! {
        #[test]
        fn lines_come_back_as_they_were(
            lines in prop::collection::vec(
                (any::<String>(), any::<i64>(), news())
                    .prop_map(|(id, run, news)| Line { id, run, news }),
                0..4,
            ),
            end: prop::sample::Index,
            junk in "[^\n]*",
        ) {
            let text: String = lines.iter().map(Line::text).collect();
            prop_assert_eq!(Line::all(text.as_bytes()).collect::<Vec<_>>(), lines.clone());
            // A line that was cut off, and one of somebody else's, take none with them.
            let mut cut = text.as_bytes()[..end.index(text.len() + 1)].to_vec();
            let whole = Line::all(&cut).count();
            cut.extend_from_slice(text.as_bytes());
            let all = Line::all(&cut).collect::<Vec<_>>();
            prop_assert_eq!(&all[whole..], &lines[..]);
            let with_junk = format!("\n[{junk}{text}");
            prop_assert!(Line::all(with_junk.as_bytes()).count() >= lines.len());
        }
    }
}
