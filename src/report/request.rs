//! A signed request that is not sent, in the formats of `sign --as`.

use serde_json::{Map, Value, json};
use url::Url;

use crate::pgm::{METHOD, REQUEST_ID_HEADER, SIGNATURE_HEADER, SignedRequest};
use crate::text::shown_url;

/// The whole request as HTTP/1.1, as `nc` could send it.
pub fn request_http(request: &SignedRequest, url: &Url) -> Vec<u8> {
    let mut text = format!("{METHOD} {} HTTP/1.1\r\nHost: {}\r\n", path(url), host(url));
    for (name, value) in request.headers() {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("Content-Length: {}\r\n\r\n", request.body().len());
    [text.as_bytes(), request.body()].concat()
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
