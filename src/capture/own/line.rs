//! pgwh's own capture format: one JSON object a line (NDJSON).

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

/// One request to be written as a line of pgwh's capture format.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a, T = String> {
    /// When the request was received, or sent; written with milliseconds.
    pub received_at: DateTime<Utc>,
    /// HTTP method.
    pub method: &'a str,
    /// Path and query of the request.
    pub path: &'a str,
    /// Address of the caller, where there is one.
    pub remote: Option<&'a str>,
    /// Headers in the order they came; names in any case, repeated where they were.
    pub headers: &'a [(T, T)],
    /// The exact bytes of the body.
    pub body: &'a [u8],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase", bound = "T: AsRef<str>")]
struct Wire<'a, T: AsRef<str>> {
    received_at: String,
    method: &'a str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote: Option<&'a str>,
    headers: ByName<'a, T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

impl<T: AsRef<str>> Line<'_, T> {
    /// Room for most lines: quotes are escaped, and JSON has its own punctuation.
    fn expected_length(&self) -> usize {
        let header = |(name, value): &(T, T)| name.as_ref().len() + value.as_ref().len() + 8;
        let headers: usize = self.headers.iter().map(header).sum();
        160 + self.path.len() + headers + self.body.len() + self.body.len() / 4
    }

    /// The line, with its line feed: `body` when the bytes are UTF-8, else `bodyBase64`.
    pub fn to_json(&self) -> String {
        let text = std::str::from_utf8(self.body).ok();
        let wire = Wire {
            received_at: self.received_at.to_rfc3339_opts(SecondsFormat::Millis, true),
            method: self.method,
            path: self.path,
            remote: self.remote,
            headers: ByName(self.headers),
            body: text,
            body_base64: text.is_none().then(|| BASE64_STANDARD.encode(self.body)),
        };
        let mut line = Vec::with_capacity(self.expected_length());
        // Text and maps always have a JSON form, which is UTF-8.
        let _ = serde_json::to_writer(&mut line, &wire);
        line.push(b'\n');
        String::from_utf8(line).unwrap_or_default()
    }
}

/// HTTP libraries keep names in lower case, so there is seldom anything to do.
fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// `{lower-case name: [values]}`, in order of first appearance.
struct ByName<'a, T>(&'a [(T, T)]);

/// The values of one name.
struct Values<'a, T>(&'a str, &'a [(T, T)]);

impl<T: AsRef<str>> Serialize for ByName<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (index, (name, _)) in self.0.iter().enumerate() {
            let name = name.as_ref();
            let (before, from_here) = self.0.split_at(index);
            if !before.iter().any(|(other, _)| other.as_ref().eq_ignore_ascii_case(name)) {
                map.serialize_entry(&lower(name), &Values(name, from_here))?;
            }
        }
        map.end()
    }
}

impl<T: AsRef<str>> Serialize for Values<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut values = serializer.serialize_seq(None)?;
        for (name, value) in self.1 {
            if name.as_ref().eq_ignore_ascii_case(self.0) {
                values.serialize_element(value.as_ref())?;
            }
        }
        values.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(headers: &[(String, String)], body: &[u8]) -> String {
        let received_at = "2026-03-01T17:42:09.5Z".parse().unwrap();
        Line { received_at, method: "POST", path: "/pgm?a=1", remote: None, headers, body }
            .to_json()
    }

    #[test]
    fn names_are_lowered_and_repeats_kept() {
        let headers = [("X-A", "1"), ("Host", "h"), ("x-a", "2")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            line(&headers, b"{}"),
            concat!(
                r#"{"receivedAt":"2026-03-01T17:42:09.500Z","method":"POST","path":"/pgm?a=1","#,
                r#""headers":{"x-a":["1","2"],"host":["h"]},"body":"{}"}"#,
                "\n"
            )
        );
    }

    #[test]
    fn bytes_that_are_not_utf8_go_as_base64() {
        // printf '\377\000' | base64
        assert!(line(&[], b"\xff\x00").ends_with("\"headers\":{},\"bodyBase64\":\"/wA=\"}\n"));
    }
}
