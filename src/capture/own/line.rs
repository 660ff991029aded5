//! pgwh's own capture format: one JSON object a line (NDJSON).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};

use super::json::{moment, string};

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

impl<T: AsRef<str>> Line<'_, T> {
    /// Room for most lines: quotes are escaped, and JSON has its own punctuation.
    fn expected_length(&self) -> usize {
        let header = |(name, value): &(T, T)| name.as_ref().len() + value.as_ref().len() + 8;
        let headers: usize = self.headers.iter().map(header).sum();
        160 + self.path.len() + headers + self.body.len() + self.body.len() / 4
    }

    /// The line, with its line feed: `body` when the bytes are UTF-8, else `bodyBase64`.
    pub fn to_json(&self) -> String {
        let mut line = Vec::with_capacity(self.expected_length());
        self.append_to(&mut line);
        // All that is written is UTF-8.
        String::from_utf8(line).unwrap_or_default()
    }

    /// Appends the line, with its line feed, to others.
    pub fn append_to(&self, lines: &mut Vec<u8>) {
        lines.extend_from_slice(b"{\"receivedAt\":");
        moment(lines, self.received_at);
        lines.extend_from_slice(b",\"method\":");
        string(lines, self.method);
        lines.extend_from_slice(b",\"path\":");
        string(lines, self.path);
        if let Some(remote) = self.remote {
            lines.extend_from_slice(b",\"remote\":");
            string(lines, remote);
        }
        lines.extend_from_slice(b",\"headers\":{");
        self.append_headers(lines);
        self.append_body(lines);
        lines.extend_from_slice(b"}\n");
    }

    /// `"lower-case name":["value", …]`, in order of first appearance.
    fn append_headers(&self, lines: &mut Vec<u8>) {
        for (index, (name, _)) in self.headers.iter().enumerate() {
            let (before, from_here) = self.headers.split_at(index);
            let named = |(other, _): &&(T, T)| other.as_ref().eq_ignore_ascii_case(name.as_ref());
            if before.iter().any(|header| named(&header)) {
                continue;
            }
            separate(lines, index);
            let start = lines.len();
            string(lines, name.as_ref());
            lines[start..].make_ascii_lowercase();
            lines.extend_from_slice(b":[");
            for (number, (_, value)) in from_here.iter().filter(named).enumerate() {
                separate(lines, number);
                string(lines, value.as_ref());
            }
            lines.push(b']');
        }
        lines.push(b'}');
    }

    fn append_body(&self, lines: &mut Vec<u8>) {
        if let Ok(text) = std::str::from_utf8(self.body) {
            lines.extend_from_slice(b",\"body\":");
            string(lines, text);
        } else {
            lines.extend_from_slice(b",\"bodyBase64\":");
            string(lines, &BASE64_STANDARD.encode(self.body));
        }
    }
}

/// A comma before all but the first.
fn separate(lines: &mut Vec<u8>, number: usize) {
    if number > 0 {
        lines.push(b',');
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
