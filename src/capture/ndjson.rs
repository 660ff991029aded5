//! pgwh's own capture format: one JSON object a line (NDJSON). Headers and body are taken
//! literally, nothing in them is guessed at: every request reads back as it was written.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::decode;
use super::header::{lower, may_repeat};
use super::{Body, Capture, Fault, JsonText, Location};

/// One request to be written as a line of pgwh's capture format.
#[derive(Debug, Clone, Copy)]
pub struct CaptureRecord<'a, T = String> {
    /// When the request was received, or sent; written with milliseconds.
    pub received_at: DateTime<Utc>,
    /// HTTP method.
    pub method: &'a str,
    /// Path and query of the request.
    pub path: &'a str,
    /// Address of the client, where there is one.
    pub remote: Option<&'a str>,
    /// Headers in the order they came; names in any case, repeated where they were.
    pub headers: &'a [(T, T)],
    /// The exact bytes of the body.
    pub body: &'a [u8],
}

/// The same in the form in which it is written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a, T> {
    received_at: String,
    method: &'a str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote: Option<&'a str>,
    #[serde(bound(serialize = "T: AsRef<str>"), serialize_with = "grouped")]
    headers: &'a [(T, T)],
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

impl<T: AsRef<str>> CaptureRecord<'_, T> {
    /// The line, with its line feed: `body` when the bytes are UTF-8, else `bodyBase64`.
    pub fn to_json(&self) -> String {
        let body = std::str::from_utf8(self.body).ok();
        let written = Written {
            received_at: self.received_at.to_rfc3339_opts(SecondsFormat::Millis, true),
            method: self.method,
            path: self.path,
            remote: self.remote,
            headers: self.headers,
            body,
            body_base64: body.is_none().then(|| BASE64_STANDARD.encode(self.body)),
        };
        let mut line = Vec::with_capacity(512 + self.body.len() * 5 / 4);
        // Texts have a JSON form, and writing to memory does not fail.
        let _ = serde_json::to_writer(&mut line, &written);
        line.push(b'\n');
        // serde_json writes UTF-8.
        String::from_utf8(line).unwrap_or_default()
    }
}

/// Writes `{"lower-case name": ["value", …]}`, in order of first appearance.
fn grouped<T: AsRef<str>, S: Serializer>(
    headers: &&[(T, T)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut groups: Vec<(Cow<'_, str>, Vec<&str>)> = Vec::with_capacity(headers.len());
    let mut places = HashMap::with_capacity(headers.len());
    for (name, value) in headers.iter() {
        let name = lower(name.as_ref().into());
        let place = *places.entry(name.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, values)) => values.push(value.as_ref()),
            None => groups.push((name, vec![value.as_ref()])),
        }
    }
    serializer.collect_map(groups)
}

/// A line as it is read. An unknown or repeated member makes it another tool's line.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Record<'a> {
    #[serde(borrow)]
    received_at: JsonText<'a>,
    #[serde(borrow)]
    method: JsonText<'a>,
    #[serde(borrow)]
    path: JsonText<'a>,
    #[serde(borrow)]
    remote: Option<JsonText<'a>>,
    #[serde(borrow)]
    headers: RecordHeaders<'a>,
    #[serde(borrow)]
    body: Option<JsonText<'a>>,
    #[serde(borrow)]
    body_base64: Option<JsonText<'a>>,
}

/// How each line starts.
pub(super) const START: &str = "{\"receivedAt\":";

/// Reads a line of pgwh's own: a capture, or a fault. Both where a line was appended to one that is
/// torn, as its writer was killed. `None` for any other line.
pub(super) fn read(line: &str, number: u64) -> Option<(Option<Fault>, Option<Capture<'_>>)> {
    let fault = |column, message: &str, torn| {
        Some(Fault { line: number, column, message: message.to_owned(), torn })
    };
    match serde_json::from_str::<Record<'_>>(line) {
        Ok(record) if record.body.is_some() && record.body_base64.is_some() => None,
        Ok(record) => Some(match record.into_capture(number) {
            Some(capture) => (None, Some(capture)),
            None => (fault(1, "bodyBase64 is not base64", false), None),
        }),
        Err(_) => {
            // Only the last one can be whole.
            let at = line.rfind(START).filter(|at| *at > 0)?;
            let (before, last) = line.split_at(at);
            let (None, Some(capture)) = read(last, number)? else { return None };
            serde_json::from_str::<IgnoredAny>(line).is_err().then_some(())?;
            // A container's name, a time or a level may stand before a line.
            let is_torn = before.contains("\":") || START.starts_with(before);
            let message = "the line breaks off, and another follows on it";
            let fault = if is_torn { fault(at + 1, message, true) } else { None };
            Some((fault, Some(capture)))
        }
    }
}

impl<'a> Record<'a> {
    /// `None` if the body is not base64.
    fn into_capture(self, line: u64) -> Option<Capture<'a>> {
        let bytes = match (self.body, self.body_base64) {
            (Some(JsonText(Cow::Borrowed(text))), _) => Some(Cow::Borrowed(text.as_bytes())),
            (Some(JsonText(Cow::Owned(text))), _) => Some(Cow::Owned(text.into_bytes())),
            (None, Some(JsonText(base64))) => Some(BASE64_STANDARD.decode(&*base64).ok()?.into()),
            (None, None) => None,
        };
        Some(Capture {
            location: Location::line(line),
            received_at: decode::date(&self.received_at.0),
            method: Some(self.method.0),
            path: Some(self.path.0),
            remote: self.remote.map(|remote| remote.0),
            headers: self.headers.0,
            body: bytes.map(|bytes| Body { bytes, exact: true }),
            body_left_out: false,
        })
    }
}

/// Names in lower case with their values, a name once for each value.
struct RecordHeaders<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'de: 'a, 'a> Deserialize<'de> for RecordHeaders<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordHeadersVisitor(PhantomData))
    }
}

struct RecordHeadersVisitor<'de>(PhantomData<&'de ()>);

impl<'de> Visitor<'de> for RecordHeadersVisitor<'de> {
    type Value = RecordHeaders<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of names to lists of values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut headers = Vec::with_capacity(12);
        while let Some(JsonText(name)) = map.next_key()? {
            map.next_value_seed(Values { name: lower(name), headers: &mut headers })?;
        }
        Ok(RecordHeaders(headers))
    }
}

/// The list of values of one name, added to the headers.
struct Values<'de, 'h> {
    name: Cow<'de, str>,
    headers: &'h mut Vec<(Cow<'de, str>, Cow<'de, str>)>,
}

impl<'de> DeserializeSeed<'de> for Values<'de, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Values<'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let before = self.headers.len();
        while let Some(JsonText(value)) = values.next_element()? {
            if !may_repeat(&self.name, self.headers.len() - before + 1) {
                return Err(A::Error::custom("a name that is too long for a header"));
            }
            self.headers.push((self.name.clone(), value));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(headers: &[(String, String)], body: &[u8]) -> String {
        let received_at = "2026-03-01T17:42:09.5Z".parse().unwrap();
        CaptureRecord { received_at, method: "POST", path: "/pgm?a=1", remote: None, headers, body }
            .to_json()
    }

    #[test]
    fn names_are_lowered_and_repeats_kept() {
        let headers = [("X-A", "1"), ("Host", "h"), ("x-a", "2")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let written = line(&headers, b"{}");
        assert_eq!(
            written,
            concat!(
                r#"{"receivedAt":"2026-03-01T17:42:09.500Z","method":"POST","path":"/pgm?a=1","#,
                r#""headers":{"x-a":["1","2"],"host":["h"]},"body":"{}"}"#,
                "\n"
            )
        );
        let (_, read) = read(written.trim_end(), 1).unwrap();
        let read = read.unwrap();
        assert_eq!(read.values("X-A").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(&*read.body.unwrap().bytes, b"{}");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_written_as_base64() {
        // printf '\377\000' | base64
        let written = line(&[], b"\xff\x00");
        assert!(written.ends_with("\"headers\":{},\"bodyBase64\":\"/wA=\"}\n"));
        let (_, capture) = read(&written, 1).unwrap();
        assert_eq!(&*capture.unwrap().body.unwrap().bytes, b"\xff\x00");
        let broken = written.replace("/wA=", "/");
        assert!(matches!(read(&broken, 1), Some((Some(_), None))));
    }
}
