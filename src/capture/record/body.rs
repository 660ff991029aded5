//! Bodies in every form in which tools keep them.

use std::borrow::Cow;

use super::super::Body;
use super::super::json::Node;
use super::super::text::http;
use super::super::unpack::{self, Budget};
use super::fields::Member;
use super::names::{Folded, Role};

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

/// The part of a wrapper that holds the content, and whether that is base64.
fn content(object: Node<'_>, declared: bool) -> Option<(Node<'_>, bool)> {
    let mut base64 = declared;
    let mut best: Option<(u8, Node<'_>)> = None;
    for (name, value) in object.members() {
        let folded = Folded::new(&name);
        let folded = folded.as_ref().map_or("", Folded::as_str);
        base64 |= says_base64(&name, value);
        let rank = match folded {
            "rawbytes" | "base64bytes" | "base64" | "contentbytes" => 0,
            "text" | "raw" | "content" | "string" | "rawbody" => 1,
            "body" | "value" | "payload" | "data" => 2,
            "json" => 3,
            _ => continue,
        };
        if is_filled(value) && best.is_none_or(|(known, _)| rank < known) {
            best = Some((rank, value));
        }
    }
    let (rank, value) = best?;
    // An object that says anything else is a body by itself, whatever its members are called.
    let within = value.is_object() && is_wrapper(value);
    (is_wrapper(object) && (rank < 2 || has_more(object) || value.text().is_some()) || within)
        .then_some((value, base64 || rank == 0))
}

fn has_more(object: Node<'_>) -> bool {
    object.members().nth(1).is_some()
}

/// Whether all the members of an object are such as hold or describe a content.
fn is_wrapper(object: Node<'_>) -> bool {
    const KNOWN: [&str; 30] = [
        "rawbytes",
        "base64bytes",
        "base64",
        "contentbytes",
        "text",
        "raw",
        "content",
        "string",
        "rawbody",
        "body",
        "value",
        "payload",
        "data",
        "json",
        "type",
        "encoding",
        "mode",
        "mimetype",
        "contenttype",
        "format",
        "size",
        "length",
        "options",
        "truncated",
        "params",
        "comment",
        "charset",
        "id",
        "name",
        "matchtype",
    ];
    let describes = |name: &str| {
        Folded::new(name).is_some_and(|folded| {
            let name = folded.as_str();
            name.starts_with("file") || name.starts_with("is") || KNOWN.contains(&name)
        })
    };
    object.is_object() && object.members().all(|(name, _)| describes(&name))
}

/// Whether a member says of its siblings that they are base64: `isBase64Encoded: true`,
/// `encoding: "base64"`, `$content-type` (Power Automate keeps only binary content that way).
pub(super) fn says_base64(name: &str, value: Node<'_>) -> bool {
    // Few values are of a kind that says it; only then does the name matter.
    let is_true = value.is_true();
    let is_binary = || value.raw().starts_with(b"\"application/octet-stream");
    let is_base64 = || value.text().is_some_and(|text| text.eq_ignore_ascii_case("base64"));
    if !is_true && !is_binary() && !is_base64() {
        return false;
    }
    let folded = Folded::new(name).unwrap_or(Folded::NONE);
    match folded.as_str() {
        name if name.contains("base64") && is_true => true,
        "encoding" | "bodyencoding" | "contentencoding" | "transferencoding" | "format" => {
            is_base64()
        }
        "encodedbody" | "bodyencoded" => is_true,
        "contenttype" => is_binary(),
        _ => false,
    }
}

/// Neither null nor an empty text.
pub(super) fn is_filled(value: Node<'_>) -> bool {
    !matches!(value.raw(), b"null" | b"\"\"" | b"true" | b"false" | b"{}")
}

/// Whether an object is PGM's own body.
pub(crate) fn is_envelope(object: Node<'_>) -> bool {
    let mut found = [false; 3];
    object.members().for_each(|(name, _)| note(&name, &mut found));
    found == [true; 3]
}

/// Whether the members of PGM's own body are among these.
pub(super) fn names_envelope<'n>(names: impl Iterator<Item = &'n str>) -> bool {
    let mut found = [false; 3];
    names.for_each(|name| note(name, &mut found));
    found == [true; 3]
}

fn note(name: &str, found: &mut [bool; 3]) {
    match name {
        "event" => found[0] = true,
        "triggeredDate" => found[1] = true,
        "data" => found[2] = true,
        _ => {}
    }
}

/// Whether a body is PGM's envelope, as far as its outermost names show.
pub(super) fn holds_envelope(bytes: &[u8]) -> bool {
    is_envelope(Node::unchecked(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)))
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
