//! Bodies in every form in which tools keep them.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::super::decode::{self, InflateBudget};
use super::super::header::fold;
use super::super::{Body, Capture, Value, message};
use super::{
    FieldRole, Member, envelope_member, has_pgms_spelling, holds_envelope, is_envelope,
    is_flattened, is_respelled, parse_body, respelled,
};

/// How many wrappers around a body (`{"text": {"content": …}}`) are taken off.
const MAX_WRAPPERS: usize = 4;

/// The body among the members of a request's object: the one nearest to what was received.
pub(super) fn of_members<'m, 'v: 'm>(
    members: impl Iterator<Item = &'m Member<'v>> + Clone,
    budget: &mut InflateBudget,
) -> Option<Body<'v>> {
    // A request's own content type says nothing about the file's encoding.
    let declared = members
        .clone()
        .any(|member| member.folded != "contenttype" && says_base64(&member.folded, member.value));
    let ranked = members.clone().filter_map(|member| match member.role {
        FieldRole::Body(rank) if is_content(rank, member.value) => Some((rank, member)),
        _ => None,
    });
    let mut candidates: Vec<_> = ranked.collect();
    candidates.sort_by_key(|(rank, _)| *rank);
    let mut best = None;
    for (rank, member) in candidates {
        if best.is_some() && rank > 1 {
            break;
        }
        let base64 = declared || name_says_base64(member);
        let Some(body) = of(member.value, base64, budget) else { continue };
        if body.exact {
            return Some(body);
        }
        best.get_or_insert(body);
    }
    // A body that was captured, and is empty.
    let is_empty = |member: &Member<'_>| {
        matches!(member.role, FieldRole::Body(0 | 1)) && member.value.as_str() == Some("")
    };
    let empty = || Body { bytes: b"".into(), exact: true };
    // An envelope under a name that says nothing.
    let envelope = || {
        members.clone().find_map(|member| match member.value {
            Value::String(text) if holds_envelope(text.as_bytes()) => {
                Some(Body { bytes: text.as_bytes().into(), exact: true })
            }
            value if is_envelope(value) => Some(written_again(value)),
            _ => None,
        })
    };
    best.or_else(envelope).or_else(|| members.into_iter().any(is_empty).then(empty))
}

/// Whether a value can be content. Names that may mean anything need a value that looks it.
fn is_content(rank: u8, value: &Value<'_>) -> bool {
    let packed = |text: &str| text.trim_start().starts_with(['{', '[']) || text.starts_with("ey");
    is_filled(value) && (rank < 3 || value.as_str().is_none_or(packed))
}

/// The body that a value holds. `base64` says whether the tool declared it to be that.
pub(super) fn of<'v>(
    value: &'v Value<'_>,
    base64: bool,
    budget: &mut InflateBudget,
) -> Option<Body<'v>> {
    unwrap(value, base64, MAX_WRAPPERS, budget)
}

fn unwrap<'v>(
    value: &'v Value<'_>,
    base64: bool,
    wrappers: usize,
    budget: &mut InflateBudget,
) -> Option<Body<'v>> {
    match value {
        Value::String(text) => Some(of_text(text, base64, budget)),
        Value::Array(elements) => Some(match byte_list(elements) {
            Some(bytes) => unpack(Body { bytes: bytes.into(), exact: true }, budget),
            // Pieces of a text, or the only pattern that a body must match.
            None => match &elements[..] {
                [only] => return unwrap(only, base64, wrappers.checked_sub(1)?, budget),
                _ if elements.iter().all(|element| element.as_str().is_some()) => {
                    let text: String = elements.iter().filter_map(Value::as_str).collect();
                    of_text(&text, base64, budget).into_owned()
                }
                _ => written_again(value),
            },
        }),
        Value::Object(_) => {
            let wrapped = (wrappers > 0 && !is_envelope(value))
                .then(|| content(value, base64).or_else(|| Some((only_envelope(value)?, false))))
                .flatten();
            match wrapped {
                Some((inner, base64)) => unwrap(inner, base64, wrappers - 1, budget),
                None => Some(written_again(value)),
            }
        }
        Value::Null => None,
        _ => value.scalar().map(|text| Body { bytes: text.as_bytes().into(), exact: false }),
    }
}

/// The body of a request whose object is that body, perhaps with headers put beside the body's own
/// members. `source` is the text of the object, if that is all the tool kept.
pub(super) fn of_envelope<'v>(
    object: &Value<'_>,
    members: &[Member<'v>],
    has_headers: bool,
    source: Option<&'v str>,
) -> Body<'v> {
    match source.filter(|_| !is_respelled(object)) {
        // PGM sends no white space between its JSON's parts; a tool that shows JSON adds it.
        Some(text) if !has_headers => {
            Body { bytes: text.as_bytes().into(), exact: is_compact(text) }
        }
        None if !has_headers => written_again(object),
        _ => {
            let flattened = is_flattened(members);
            let is_own = |member: &&Member<'_>| {
                let is_added = member.name.starts_with("__IMT")
                    || matches!(member.role, FieldRole::Headers { .. });
                !is_added && (envelope_member(member.name).is_some() || !flattened)
            };
            let own = members.iter().filter(is_own);
            let own = own.map(|member| (member.name.into(), member.value.clone()));
            written_again(&Value::Object(own.collect()))
        }
    }
}

/// Whether a JSON text has no white space outside of its strings.
pub(super) fn is_compact(json: &str) -> bool {
    let mut in_string = false;
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' => drop(bytes.next()),
            byte if byte.is_ascii_whitespace() && !in_string => return false,
            _ => {}
        }
    }
    true
}

/// A body of which the tool kept the parsed JSON.
fn written_again(value: &Value<'_>) -> Body<'static> {
    let text = match is_respelled(value) {
        true => respelled(value).to_string(),
        false => value.to_string(),
    };
    Body { bytes: text.into_bytes().into(), exact: false }
}

/// A body that is kept as text. A replacement character shows that the tool lost something.
fn of_text<'v>(text: &'v str, base64: bool, budget: &mut InflateBudget) -> Body<'v> {
    let decoded = decode::base64(text, base64).or_else(|| hex(text));
    let body = match decoded {
        Some(bytes) if base64 || is_plausible(&bytes) => Body { bytes: bytes.into(), exact: true },
        _ => Body { bytes: text.as_bytes().into(), exact: !text.contains('\u{fffd}') },
    };
    unpack(body, budget)
}

/// Decodes the hex digits of a JSON object, with or without colons between the bytes.
fn hex(text: &str) -> Option<Vec<u8>> {
    text.starts_with("7b").then_some(())?;
    ::hex::decode(text.replace(':', "")).ok()
}

/// Unpacks the body of a capture.
pub(super) fn unpacked<'v>(capture: Capture<'v>, budget: &mut InflateBudget) -> Capture<'v> {
    Capture { body: capture.body.map(|body| unpack(body, budget)), ..capture }
}

/// Unpacks what is itself packed: a whole HTTP message, gzip, a JSON text within a JSON string.
fn unpack<'v>(mut body: Body<'v>, budget: &mut InflateBudget) -> Body<'v> {
    if let Some(message) = message::message(&body.bytes) {
        body = message.body.unwrap_or(Body { bytes: Cow::Borrowed(b""), exact: true });
    }
    if let Some(bytes) = budget.gunzip(&body.bytes) {
        body.bytes = bytes.into();
    }
    if let Some(text) = envelope_within(&body.bytes) {
        body = Body { bytes: text.into_bytes().into(), exact: false };
    }
    // `"{\"event\":…}"`, when a tool wrote a text as JSON once more.
    if body.bytes.first() == Some(&b'"')
        && let Some(Value::String(text)) = parse_body(&body.bytes)
        && text.trim_start().starts_with('{')
    {
        let bytes = text.into_owned().into_bytes();
        body = Body { bytes: bytes.into(), exact: false };
    }
    body
}

/// PGM's envelope in a text that is no JSON as it stands: lines behind it that belong to the tool,
/// or line breaks in it that a terminal put there.
fn envelope_within(bytes: &[u8]) -> Option<String> {
    (bytes.starts_with(b"{") && bytes.contains(&b'\n')).then_some(())?;
    let text = std::str::from_utf8(bytes).ok()?;
    serde_json::from_str::<IgnoredAny>(text).is_err().then_some(())?;
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value<'_>>();
    if let Some(Ok(value)) = values.next()
        && has_pgms_spelling(&value)
    {
        return Some(text[..values.byte_offset()].to_owned());
    }
    let joined = text.replace(['\r', '\n'], "");
    holds_envelope(joined.as_bytes()).then_some(joined)
}

/// `[123, 34, …]`, or Node's `{"type":"Buffer","data":[…]}` by way of its wrapper.
fn byte_list(elements: &[Value<'_>]) -> Option<Vec<u8>> {
    let byte = |element: &Value<'_>| match element {
        Value::Number(digits) => digits.parse::<u8>().ok(),
        _ => None,
    };
    let bytes: Vec<u8> = elements.iter().map(byte).collect::<Option<_>>()?;
    (!bytes.is_empty()).then_some(bytes)
}

fn is_plausible(bytes: &[u8]) -> bool {
    matches!(parse_body(bytes), Some(Value::Object(_)))
        || decode::is_gzip(bytes)
        || message::is_request(bytes)
}

/// Whether a name says that its value is base64 (`bodyBase64`, `bodyAsBase64`, `rawBytes`).
fn name_says_base64(member: &Member<'_>) -> bool {
    member.role == FieldRole::Body(0)
        && ["base64", "b64", "bytes"].iter().any(|part| member.folded.contains(part))
}

/// The part of a wrapper that holds the content, and whether that is base64.
fn content<'v>(object: &'v Value<'_>, declared: bool) -> Option<(&'v Value<'v>, bool)> {
    let members = object.members();
    let base64 = declared || members.iter().any(|(name, value)| says_base64(&fold(name), value));
    let ranked = members.iter().filter_map(|(name, value)| {
        let rank = match &*fold(name) {
            "rawbytes" | "base64bytes" | "base64" | "contentbytes" | "asbytes" => 0,
            "text" | "asstring" | "raw" | "content" | "string" | "rawbody" => 1,
            "body" | "value" | "payload" | "data" => 2,
            "json" | "equaltojson" | "equalto" | "contains" => 3,
            _ => return None,
        };
        is_filled(value).then_some((rank, value))
    });
    let (rank, value) = ranked.min_by_key(|(rank, _)| *rank)?;
    // An object that says anything else is a body by itself, whatever its members are called.
    let is_within = is_wrapper(value);
    let is_content = rank < 2 || members.len() > 1 || value.as_str().is_some();
    (is_wrapper(object) && is_content || is_within).then_some((value, base64 || rank == 0))
}

/// The only text of an object that is PGM's envelope, whatever it is called. Beside lists and other
/// objects it may be part of a request within the body.
fn only_envelope<'v>(object: &'v Value<'_>) -> Option<&'v Value<'v>> {
    let is_inner = |value: &Value<'_>| value.is_object() || matches!(value, Value::Array(_));
    (!object.members().iter().any(|(_, value)| is_inner(value))).then_some(())?;
    let holds = |value: &&Value<'_>| {
        value.as_str().is_some_and(|text| text.starts_with('{') && holds_envelope(text.as_bytes()))
    };
    let mut texts = object.members().iter().map(|(_, value)| value).filter(holds);
    texts.next().filter(|_| texts.next().is_none())
}

/// Names of members that hold or describe a content.
const WRAPPER: [&str; 39] = [
    "asbytes",
    "asstring",
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
    "action",
    "inputtruncated",
    "equaltojson",
    "equalto",
    "contains",
    "ignorearrayorder",
    "ignoreextraelements",
];

/// Whether all the members of an object hold or describe a content.
fn is_wrapper(object: &Value<'_>) -> bool {
    matches!(object, Value::Object(_))
        && object.members().iter().all(|(name, _)| {
            let name = fold(name);
            name.starts_with("file") || name.starts_with("is") || WRAPPER.contains(&&*name)
        })
}

/// Whether a member, by its folded name, says of its siblings that they are base64:
/// `isBase64Encoded: true`, `encoding: "base64"`, `$content-type` (Power Automate keeps only
/// binary content that way).
fn says_base64(folded: &str, value: &Value<'_>) -> bool {
    let is_true = matches!(value, Value::Bool(true));
    let is_base64 = || value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("base64"));
    match folded {
        "encoding" | "bodyencoding" | "contentencoding" | "transferencoding" | "format" => {
            is_base64()
        }
        "encodedbody" | "bodyencoded" => is_true,
        "contenttype" => {
            value.as_str().is_some_and(|text| text.starts_with("application/octet-stream"))
        }
        name => is_true && name.contains("base64"),
    }
}

/// Neither null nor empty, nor a mere flag.
fn is_filled(value: &Value<'_>) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::String(text) => !text.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Number(_) | Value::Array(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::parse_json;
    use super::*;

    fn read(json: &str) -> (String, bool) {
        let value = parse_json(json).unwrap();
        let body = of(&value, false, &mut InflateBudget::default()).unwrap();
        (String::from_utf8(body.bytes.into_owned()).unwrap(), body.exact)
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
