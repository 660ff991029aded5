//! A request before it is sent: its payload for people, what differs between two payloads, and the
//! formats of `sign --as`, and a capture.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use url::Url;

use super::{OutputFormat, Palette, escape, escape_block, json_line};
use crate::capture::CaptureRecord;
use crate::payload::{Change, Difference};
use crate::pgm::{METHOD, REQUEST_ID_HEADER, SIGNATURE_HEADER, SignedRequest};
use crate::text::shown_url;

const INDENT: &str = "  ";

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
    if !matches!(json, Value::Object(_) | Value::Array(_)) {
        return None;
    }
    let mut text = String::new();
    push(&mut text, &json, 0, palette);
    Some(text)
}

fn push(text: &mut String, value: &Value, depth: usize, palette: Palette) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            text.push_str("{\n");
            for (n, (key, value)) in fields.iter().enumerate() {
                separate(text, n);
                *text += &INDENT.repeat(depth + 1);
                *text += &format!("{}: ", palette.highlight(&quoted(key)));
                push(text, value, depth + 1, palette);
            }
            *text += &format!("\n{}}}", INDENT.repeat(depth));
        }
        Value::Array(items) if !items.is_empty() => {
            text.push_str("[\n");
            for (n, item) in items.iter().enumerate() {
                separate(text, n);
                *text += &INDENT.repeat(depth + 1);
                push(text, item, depth + 1, palette);
            }
            *text += &format!("\n{}]", INDENT.repeat(depth));
        }
        Value::String(string) => *text += &palette.success(&quoted(string)),
        Value::Null => *text += &palette.dim("null"),
        plain => *text += &plain.to_string(),
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

fn separate(text: &mut String, n: usize) {
    if n > 0 {
        text.push_str(",\n");
    }
}

/// A JSON string whose characters cannot steer a terminal.
fn quoted(string: &str) -> String {
    escape(&Value::from(string).to_string())
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
    match std::str::from_utf8(request.body()) {
        Ok(text) => object["body"] = Value::from(text),
        Err(_) => object["bodyBase64"] = Value::from(base64(request.body())),
    }
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
