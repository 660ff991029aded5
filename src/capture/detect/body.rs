//! Bodies in every form in which tools keep them, and PGM's own body, the envelope.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::super::decode::{self, InflateBudget};
use super::super::header::fold;
use super::super::literal::parse_json;
use super::super::message;
use super::super::value::Value;
use super::super::{Body, Capture};
use super::{FieldRole, Member};

/// How many wrappers around a body (`{"text": {"content": …}}`) are taken off.
const MAX_WRAPPERS: usize = 4;

/// Whether an object is PGM's own body, as far as its outermost names show.
pub(super) fn is_envelope(object: &Value<'_>) -> bool {
    let mut found = [false; 3];
    for (name, _) in object.members() {
        if let Some(index) = ENVELOPE.iter().position(|known| *known == name) {
            found[index] = true;
        }
    }
    found == [true; 3]
}

/// The first envelope within a value.
pub(super) fn envelope_of<'v, 't>(value: &'v Value<'t>) -> Option<&'v Value<'t>> {
    if is_envelope(value) {
        return Some(value);
    }
    let members = value.members().iter().map(|(_, value)| value);
    members.chain(value.elements()).find_map(envelope_of)
}

const ENVELOPE: [&str; 3] = ["event", "triggeredDate", "data"];

/// Whether a member of this name is part of PGM's own body.
pub(super) fn is_envelope_member(name: &str) -> bool {
    ENVELOPE.contains(&name)
}

/// Whether a body is PGM's envelope, as far as its outermost names show.
pub(super) fn holds_envelope(bytes: &[u8]) -> bool {
    parse(bytes).is_some_and(|value| is_envelope(&value))
}

/// Whether a body is that of a webhook of PerfectGym Next, another product.
pub(super) fn is_next(bytes: &[u8]) -> bool {
    parse(bytes).is_some_and(|value| is_next_object(&value))
}

/// Whether an object is the body of a webhook of PerfectGym Next.
pub(super) fn is_next_object(object: &Value<'_>) -> bool {
    ["entityId", "uuid", "payload"].iter().all(|name| object.get(name).is_some())
}

/// Whether a text stands for a body that a program did not print (`[object Object]`, `<Stream>`).
pub(super) fn is_placeholder(text: &[u8]) -> bool {
    const WORDS: [&str; 11] = [
        "[object",
        "[array",
        "[circular",
        "stream",
        "reader",
        "promise",
        "asyncgenerator",
        "binary",
        "truncated",
        "bytes]",
        "bytes data",
    ];
    let is_short = text.len() < 200 && !text.starts_with(b"{\"");
    let lower = text.to_ascii_lowercase();
    is_short && WORDS.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
}

/// Whether two bodies are the same JSON.
pub(super) fn is_same(left: &[u8], right: &[u8]) -> bool {
    left == right || parse(left).is_some_and(|value| parse(right) == Some(value))
}

/// Parses a body, which may start with a byte order mark.
fn parse(bytes: &[u8]) -> Option<Value<'_>> {
    let text = std::str::from_utf8(bytes).ok()?;
    parse_json(text.strip_prefix('\u{feff}').unwrap_or(text)).ok()
}

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
            value if is_envelope(value) => {
                Some(Body { bytes: value.to_string().into_bytes().into(), exact: false })
            }
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
            let wrapped =
                if wrappers > 0 && !is_envelope(value) { content(value, base64) } else { None };
            match wrapped {
                Some((inner, base64)) => unwrap(inner, base64, wrappers - 1, budget),
                None => Some(written_again(value)),
            }
        }
        Value::Null => None,
        _ => value.scalar().map(|text| Body { bytes: text.as_bytes().into(), exact: false }),
    }
}

/// A body of which the tool kept the parsed JSON.
fn written_again(value: &Value<'_>) -> Body<'static> {
    Body { bytes: value.to_string().into_bytes().into(), exact: false }
}

/// A body that is kept as text. A replacement character shows that the tool lost something.
fn of_text<'v>(text: &'v str, base64: bool, budget: &mut InflateBudget) -> Body<'v> {
    let decoded = decode::base64(text, base64).or_else(|| decode::hex(text));
    let body = match decoded {
        Some(bytes) if base64 || is_plausible(&bytes) => Body { bytes: bytes.into(), exact: true },
        _ => Body { bytes: text.as_bytes().into(), exact: !text.contains('\u{fffd}') },
    };
    unpack(body, budget)
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
        && let Some(Value::String(text)) = parse(&body.bytes)
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
    let text = std::str::from_utf8(bytes).ok()?;
    let is_json = || serde_json::from_str::<IgnoredAny>(text).is_ok();
    (text.starts_with('{') && text.contains('\n') && !is_json()).then_some(())?;
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value<'_>>();
    if let Some(Ok(value)) = values.next()
        && is_envelope(&value)
    {
        return Some(text[..values.byte_offset()].to_owned());
    }
    let joined = text.replace(['\r', '\n'], "");
    parse_json(&joined).is_ok_and(|value| is_envelope(&value)).then_some(joined)
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
    matches!(parse(bytes), Some(Value::Object(_)))
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
    let is_true = *value == Value::Bool(true);
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
