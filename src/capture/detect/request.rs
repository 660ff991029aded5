//! Whether an object is a request, and what it holds.

use super::super::decode::InflateBudget;
use super::super::header::{HeaderPairs, has_pgm};
use super::super::value::Value;
use super::super::{Body, Capture};
use super::body::{self, is_envelope, is_envelope_member};
use super::headers::{self, is_flattened};
use super::{FieldRole, Member};

/// Recognises a request in an object that has a container of headers, or PGM's headers among its
/// own members, or is PGM's envelope. `source` is the text of the object if that is all the
/// tool kept, so that an envelope has its own spelling. The capture has headers and body alone.
pub(super) fn recognise<'v>(
    object: &'v Value<'_>,
    members: &[Member<'v>],
    source: Option<&'v str>,
    budget: &mut InflateBudget,
) -> Option<Capture<'v>> {
    let envelope = is_envelope(object);
    let headers = headers::of_members(members, envelope);
    if envelope {
        return Some(with_envelope(object, members, headers, source));
    }
    let Some(headers) = headers.filter(|headers| !headers.is_empty()) else {
        let body = body::is_next_object(object).then(|| written(object))?;
        return Some(Capture { body: Some(body), ..Capture::default() });
    };
    if !has_pgm(&headers) && is_response(members) {
        return None;
    }
    let body = body::of_members(members.iter(), budget);
    Some(Capture { headers, body, ..Capture::default() })
}

/// Whether the object tells a status and no method, as responses do.
fn is_response(members: &[Member<'_>]) -> bool {
    let named = |names: &[&str], member: &Member<'_>| names.contains(&&*member.folded);
    let is_method = |member| named(&["method", "httpmethod", "requestmethod"], member);
    let is_status = |member: &Member<'_>| {
        named(&["status", "statuscode"], member)
            && matches!(member.value, Value::Number(digits)
                if digits.parse().is_ok_and(|status: u16| (100..600).contains(&status)))
    };
    !members.iter().any(is_method) && members.iter().any(is_status)
}

/// A request whose object is its body, perhaps with headers put beside the body's own members.
fn with_envelope<'v>(
    object: &'v Value<'_>,
    members: &[Member<'v>],
    headers: Option<HeaderPairs<'v>>,
    source: Option<&'v str>,
) -> Capture<'v> {
    let Some(headers) = headers else {
        let body = match source {
            // PGM sends no white space between its JSON's parts; a tool that shows JSON adds it.
            Some(text) => Body { bytes: text.as_bytes().into(), exact: is_compact(text) },
            None => written(object),
        };
        return Capture { body: Some(body), ..Capture::default() };
    };
    let flattened = is_flattened(members);
    let is_own = |member: &&Member<'_>| {
        let is_added =
            member.name.starts_with("__IMT") || matches!(member.role, FieldRole::Headers { .. });
        !is_added && (is_envelope_member(member.name) || !flattened)
    };
    let own = members.iter().filter(is_own);
    let body =
        Value::Object(own.map(|member| (member.name.into(), member.value.clone())).collect());
    Capture { headers, body: Some(written(&body)), ..Capture::default() }
}

/// An object as the body that it is.
fn written(object: &Value<'_>) -> Body<'static> {
    Body { bytes: object.to_string().into_bytes().into(), exact: false }
}

/// Whether a JSON text has no white space outside of its strings.
fn is_compact(json: &str) -> bool {
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
