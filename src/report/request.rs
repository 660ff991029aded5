//! A request before it is sent: its payload for people, what differs between two payloads, and the
//! formats of `sign --as`, and a capture.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use url::Url;

use super::{OutputFormat, Palette, body_member, escape, escape_block, json_line};
use crate::capture::CaptureRecord;
use crate::payload::{Change, Difference};
use crate::pgm::{METHOD, REQUEST_ID_HEADER, SIGNATURE_HEADER, SignedRequest};
use crate::text::shown_url;

/// A body as lines of text, each with a line feed: JSON indented and painted, other text as it is,
/// escaped.
pub(super) fn payload_block(body: &[u8], palette: Palette) -> String {
    if body.is_empty() {
        return format!("{}\n", palette.dim("(empty)"));
    }
    if let Some(text) = json_block(body, palette) {
        return text + "\n";
    }
    match std::str::from_utf8(body) {
        Ok(text) => format!("{}\n", escape_block(text).trim_end_matches('\n')),
        Err(_) => format!("{}\n", palette.dim(&format!("({} bytes, not text)", body.len()))),
    }
}

/// A JSON object or list, indented and painted; `None` for any other body. Numbers and the order of
/// keys stay as they are.
pub(super) fn json_block(body: &[u8], palette: Palette) -> Option<String> {
    let json = serde_json::from_slice(body).ok()?;
    let paint = |part, text: &str| match part {
        JsonPart::Key => palette.highlight(text),
        JsonPart::Text => palette.success(text),
        JsonPart::Null => palette.dim(text),
    };
    matches!(json, Value::Object(_) | Value::Array(_)).then(|| painted_json(&json, 0, &paint))
}

/// A part of JSON that is painted.
#[derive(Debug, Clone, Copy)]
pub enum JsonPart {
    /// The key of a field.
    Key,
    /// A string.
    Text,
    /// `null`
    Null,
}

/// JSON with its parts on lines of their own, `depth` levels in, painted by `paint`. No character of
/// a text can steer a terminal. serde_json reads no deeper than 128 levels.
pub fn painted_json(
    value: &Value,
    depth: usize,
    paint: &dyn Fn(JsonPart, &str) -> String,
) -> String {
    let quoted = |text: &str| escape(&Value::from(text).to_string());
    let line = |depth: usize| format!("\n{}", "  ".repeat(depth));
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let field = |(key, value): (&String, &Value)| {
                let key = paint(JsonPart::Key, &quoted(key));
                format!("{}{key}: {}", line(depth + 1), painted_json(value, depth + 1, paint))
            };
            let fields: Vec<_> = fields.iter().map(field).collect();
            format!("{{{}{}}}", fields.join(","), line(depth))
        }
        Value::Array(items) if !items.is_empty() => {
            let item = |item| line(depth + 1) + &painted_json(item, depth + 1, paint);
            let items: Vec<_> = items.iter().map(item).collect();
            format!("[{}{}]", items.join(","), line(depth))
        }
        Value::String(text) => paint(JsonPart::Text, &quoted(text)),
        Value::Null => paint(JsonPart::Null, "null"),
        plain => plain.to_string(),
    }
}

/// What differs between two payloads, a line for each value.
pub fn payload_differences(
    format: OutputFormat,
    differences: &[Difference],
    palette: Palette,
) -> String {
    if format == OutputFormat::Json {
        return differences.iter().map(difference_json).collect();
    }
    let line = |difference: &Difference| {
        let path = escape(&difference.path.to_string());
        let path = palette.highlight(if path.is_empty() { "(the whole body)" } else { &path });
        let value = |value: &Value| escape(&value.to_string());
        match &difference.change {
            Change::Added(new) => format!("{} {path}: {}\n", palette.success("+"), value(new)),
            Change::Removed(old) => format!("{} {path}: {}\n", palette.error("-"), value(old)),
            Change::Changed(old, new) => {
                format!("{} {path}: {} → {}\n", palette.warning("~"), value(old), value(new))
            }
        }
    };
    differences.iter().map(line).collect()
}

fn difference_json(difference: &Difference) -> String {
    let (change, first, second) = match &difference.change {
        Change::Added(new) => ("added", None, Some(new)),
        Change::Removed(old) => ("removed", Some(old), None),
        Change::Changed(old, new) => ("changed", Some(old), Some(new)),
    };
    json_line(&json!({
        "type": "difference",
        "path": difference.path.to_string(),
        "change": change,
        "first": first,
        "second": second,
    }))
}

/// The whole request as HTTP/1.1, as `nc` could send it.
pub fn request_http(request: &SignedRequest, url: &Url) -> Vec<u8> {
    let mut text = format!("{METHOD} {} HTTP/1.1\r\nHost: {}\r\n", path(url), host(url));
    for (name, value) in request.headers() {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("Content-Length: {}\r\n\r\n", request.body().len());
    [text.as_bytes(), request.body()].concat()
}

/// A line of pgwh's capture format, as if the target had received the request at `sent_at`.
pub fn request_capture(request: &SignedRequest, url: &Url, sent_at: DateTime<Utc>) -> String {
    let mut headers = vec![("host".to_owned(), host(url).to_owned())];
    headers.extend(request.owned_headers());
    let line = CaptureRecord {
        received_at: sent_at,
        method: METHOD,
        path: path(url),
        remote: None,
        headers: &headers,
        body: request.body(),
    };
    line.to_json()
}

/// PGM's two headers.
pub fn request_headers(request: &SignedRequest) -> String {
    let id = request.request_id();
    let signature = request.signature().unwrap_or_default();
    format!("{REQUEST_ID_HEADER}: {id}\n{SIGNATURE_HEADER}: {signature}\n")
}

/// One JSON object; the body is text, or base64 when it is not UTF-8.
pub fn request_json(event: Option<&str>, request: &SignedRequest, url: &Url) -> String {
    let headers: Map<String, Value> =
        request.owned_headers().map(|(name, value)| (name, Value::from(value))).collect();
    let mut object = json!({
        "type": "signed-request",
        "event": event,
        "requestId": request.request_id().as_str(),
        "signature": request.signature(),
        "method": METHOD,
        "url": shown_url(url),
        "headers": headers,
    });
    let (key, body) = body_member(request.body());
    object[key] = body.into();
    format!("{object}\n")
}

/// A curl command for a POSIX shell. A body that does not fit into an argument is base64.
pub fn request_curl(request: &SignedRequest, url: &Url) -> String {
    // curl would expand brackets and braces.
    let globs = if url.as_str().contains(['[', ']', '{', '}']) { " --globoff" } else { "" };
    let mut lines = vec![format!("curl{globs} --request {METHOD} {}", quote(url.as_str()))];
    for (name, value) in request.headers() {
        lines.push(format!("--header {}", quote(&format!("{name}: {value}"))));
    }
    let mut prefix = String::new();
    match std::str::from_utf8(request.body()) {
        Ok(text) if is_argument(text) => {
            lines.push(format!("--data-raw {}", quote(text)));
        }
        _ => {
            prefix = format!("printf '%s' {} | base64 -d | ", quote(&base64(request.body())));
            lines.push("--data-binary @-".to_owned());
        }
    }
    format!("{prefix}{}\n", lines.join(" \\\n  "))
}

/// An entry of a Hurl file, with PGM's requirements as its asserts. A body that Hurl would change
/// is base64.
pub fn request_hurl(request: &SignedRequest, url: &Url) -> String {
    let mut text = format!("{METHOD} {}\n", url.as_str().replace('#', r"\#"));
    for (name, value) in request.headers() {
        text += &format!("{name}: {}\n", value.replace('\\', r"\\").replace('#', r"\#"));
    }
    let body = std::str::from_utf8(request.body()).ok().filter(|body| is_hurl_string(body));
    text += &match body {
        Some(body) => format!("`{body}`\n"),
        None => format!("base64,{};\n", base64(request.body())),
    };
    text + "HTTP *\n[Asserts]\nstatus >= 200\nstatus < 300\nduration < 5000\n"
}

/// Whether a body is the same within Hurl's backticks: no escapes, no templates, one line.
fn is_hurl_string(body: &str) -> bool {
    !body.contains(['`', '\\', '#']) && !body.contains("{{") && !body.contains(char::is_control)
}

/// Whether a body can be an argument: it survives a paste, is not longer than systems allow, and
/// curl does not take it for the name of a file.
fn is_argument(text: &str) -> bool {
    const MAX_BYTES: usize = 100_000;
    let is_pasteable = |c: char| !c.is_control() || c == '\n';
    text.len() <= MAX_BYTES && text.chars().all(is_pasteable) && !text.starts_with('@')
}

/// Quotes a word for a POSIX shell, in which only a single quote is special within single quotes.
fn quote(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::prelude::BASE64_STANDARD.encode(bytes)
}

fn path(url: &Url) -> &str {
    &url[url::Position::BeforePath..url::Position::AfterQuery]
}

fn host(url: &Url) -> &str {
    &url[url::Position::BeforeHost..url::Position::AfterPort]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_and_numbers_stay_as_they_are() {
        let body = br#"{"event":"Test","data":{"amount":33.780,"list":[1,null],"none":{}}}"#;
        assert_eq!(
            payload_block(body, Palette::PLAIN),
            "{\n  \"event\": \"Test\",\n  \"data\": {\n    \"amount\": 33.780,\n    \"list\": [\n      \
             1,\n      null\n    ],\n    \"none\": {}\n  }\n}\n"
        );
    }

    #[test]
    fn what_is_no_json_stays_and_nothing_steers_the_terminal() {
        assert_eq!(payload_block(b"Ok", Palette::PLAIN), "Ok\n");
        assert_eq!(payload_block(b"", Palette::PLAIN), "(empty)\n");
        assert_eq!(payload_block(b"\xff", Palette::PLAIN), "(1 bytes, not text)\n");
        assert_eq!(payload_block(b"a\x1b[31m", Palette::PLAIN), "a\\u{1b}[31m\n");
        assert!(
            !payload_block("{\"a\":\"\u{9b}31m\"}".as_bytes(), Palette::PLAIN).contains('\u{9b}')
        );
    }
}
