//! Bodies in every form in which tools keep them.

use std::borrow::Cow;

use super::super::Body;
use super::super::json::Node;
use super::super::text::http;
use super::super::unpack::{self, Budget};
use super::envelope::is_envelope;
use super::fields::Member;
use super::role::Role;
use super::wrapper::content;

/// How many wrappers around a body (`{"text": {"content": …}}`) are taken off.
const WRAPPERS: usize = 4;

/// The body that a value holds. `base64` says whether the tool declared it to be that.
pub(super) fn of(value: Node<'_>, base64: bool, budget: &mut Budget) -> Option<Body> {
    unwrap(value, base64, WRAPPERS, budget)
}

fn unwrap(value: Node<'_>, base64: bool, wrappers: usize, budget: &mut Budget) -> Option<Body> {
    if let Some((text, exact)) = value.exact_text() {
        return Some(of_text(text, exact, base64, budget));
    }
    if value.is_array() {
        return Some(byte_list(value).map_or_else(
            || Body { bytes: value.compact(), exact: false },
            |bytes| finish(Body { bytes, exact: true }, budget),
        ));
    }
    if !value.is_object() {
        return value.scalar().map(|text| Body { bytes: text.into_owned().into(), exact: false });
    }
    let wrapped = if wrappers > 0 && !is_envelope(value) { content(value, base64) } else { None };
    if let Some((inner, base64)) = wrapped {
        return unwrap(inner, base64, wrappers - 1, budget);
    }
    Some(Body { bytes: value.compact(), exact: false })
}

/// A body that stands as text.
fn of_text(text: Cow<'_, str>, exact: bool, base64: bool, budget: &mut Budget) -> Body {
    let decoded = if base64 || looks_like_base64(&text) { unpack::base64(&text) } else { None };
    let body = match decoded {
        Some(bytes) if base64 || is_plausible(&bytes) => Body { bytes, exact: true },
        _ => Body { bytes: text.into_owned().into(), exact },
    };
    finish(body, budget)
}

/// Unpacks what is itself packed: a whole HTTP message, gzip, a JSON text within a JSON string.
fn finish(mut body: Body, budget: &mut Budget) -> Body {
    if let Some(message) = http::message(&body.bytes) {
        body = message.body.unwrap_or(Body { bytes: Vec::new(), exact: true });
    }
    if let Some(bytes) = unpack::gunzip(&body.bytes, budget) {
        body.bytes = bytes;
    }
    match body.bytes.first() {
        Some(b'"') => unquoted(body),
        _ => body,
    }
}

/// `"{\"event\":…}"`, when a tool wrote a text as JSON once more.
fn unquoted(body: Body) -> Body {
    let text = Node::parse(&body.bytes).ok().and_then(Node::text);
    match text {
        Some(text) if text.trim_start().starts_with('{') => {
            Body { bytes: text.into_owned().into(), exact: false }
        }
        _ => body,
    }
}

/// `[123, 34, …]`, or Node's `{"type":"Buffer","data":[…]}` by way of its wrapper.
fn byte_list(list: Node<'_>) -> Option<Vec<u8>> {
    let byte = |node: Node<'_>| std::str::from_utf8(node.raw()).ok()?.parse::<u8>().ok();
    let bytes: Vec<u8> = list.elements().map(byte).collect::<Option<_>>()?;
    (!bytes.is_empty()).then_some(bytes)
}

/// Long enough, and of the right letters: worth trying.
fn looks_like_base64(text: &str) -> bool {
    let start = text.trim_start().as_bytes();
    // `{"`, `{` and a line break or a space; gzip; `POST`; a byte order mark.
    let starts = [&b"ey"[..], b"ew", b"H4sI", b"UE9TV", b"77u/"];
    text.len() >= 8 && starts.iter().any(|known| start.starts_with(known))
}

fn is_plausible(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_json = || text.starts_with(b"{") && Node::parse(text).is_ok();
    is_json() || unpack::is_gzip(bytes) || http::is_request(bytes)
}

/// Whether a name says that its value is base64 (`bodyBase64`, `bodyAsBase64`, `rawBytes`).
pub(super) fn name_says_base64(member: &Member<'_>) -> bool {
    member.role == Role::Body(0) && {
        let name = member.folded();
        ["base64", "b64", "bytes"].iter().any(|part| name.as_str().contains(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> (String, bool) {
        let body = of(Node::parse(json.as_bytes()).unwrap(), false, &mut Budget::new()).unwrap();
        (String::from_utf8(body.bytes).unwrap(), body.exact)
    }

    #[test]
    fn every_form_of_the_same_body() {
        // printf '{"a":1}' | base64; printf '{"a":1}' | gzip -n | base64
        for (json, exact) in [
            (r#""{\"a\":1}""#, true),
            (r#"{"a":1}"#, false),
            (r#"{ "a" : 1 }"#, false),
            (r#""eyJhIjoxfQ==""#, true),
            (r#""eyJhIjoxfQ""#, true),
            (r#""H4sIAAAAAAAAA6tWSlSyMqwFAK+sG1YHAAAA""#, true),
            (r#"{"text":"{\"a\":1}","mimeType":"application/json"}"#, true),
            (r#"{"text":"eyJhIjoxfQ==","encoding":"base64"}"#, true),
            (r#"{"$content-type":"application/octet-stream","$content":"eyJhIjoxfQ=="}"#, true),
            (r#"{"mode":"raw","raw":"{\"a\":1}"}"#, true),
            (r#"{"type":"Buffer","data":[123,34,97,34,58,49,125]}"#, true),
            (r#"{"type":"JSON","json":{"a":1},"rawBytes":"eyJhIjoxfQ=="}"#, true),
            (r#"{"type":"JSON","json":{"a":1}}"#, false),
            (r#"{"type":"STRING","string":"{\"a\":1}"}"#, true),
            (r#""POST / HTTP/1.1\r\nA: b\r\nContent-Length: 7\r\n\r\n{\"a\":1}""#, true),
            (r#""\"{\\\"a\\\":1}\"""#, false),
        ] {
            assert_eq!(read(json), (r#"{"a":1}"#.to_owned(), exact), "{json}");
        }
    }

    #[test]
    fn text_that_only_looks_packed_stays() {
        for text in ["eyes only", "ewww", "H4sI", "POST / HTTP/9", "plain"] {
            assert_eq!(read(&format!("\"{text}\"")), (text.to_owned(), true));
        }
        assert!(!read("\"\u{fffd}\"").1);
    }
}
