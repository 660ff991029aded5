//! Whether an object is a request, and what it holds.

use super::super::Body;
use super::super::decode::InflateBudget;
use super::super::header::{HeaderPairs, has_pgm};
use super::super::value::Value;
use super::body::{self, is_envelope, is_envelope_member, is_envelope_of, is_filled, says_base64};
use super::fields::{FieldRole, Member};
use super::headers::{self, is_flattened};

/// An object that is a request.
pub(super) struct Request<'v> {
    pub(super) headers: HeaderPairs<'v>,
    pub(super) body: Option<Body<'v>>,
}

/// Recognises a request in an object that has a container of headers, or PGM's headers among its
/// own members, or is PGM's envelope. `source` is the text of the object if that is all the
/// tool kept, so that an envelope has its own spelling.
pub(super) fn recognise<'v>(
    object: &'v Value<'_>,
    members: &[Member<'v>],
    source: Option<&'v str>,
    budget: &mut InflateBudget,
) -> Option<Request<'v>> {
    let envelope = is_envelope_of(members.iter().map(|member| member.name));
    let headers = headers::of_members(members, envelope);
    if envelope {
        return Some(with_envelope(object, members, headers, source));
    }
    let headers = headers?;
    if headers.is_empty() {
        return None;
    }
    if !has_pgm(&headers) && is_response(members) {
        return None;
    }
    Some(Request { headers, body: content(members.iter(), budget) })
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

/// The body among the members of a request's object: the one nearest to what was received.
pub(super) fn content<'m, 'v: 'm>(
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
        let base64 = declared || body::name_says_base64(member);
        let Some(body) = body::of(member.value, base64, budget) else { continue };
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
            Value::String(text) if body::holds_envelope(text.as_bytes()) => {
                Some(Body { bytes: text.as_bytes().into(), exact: true })
            }
            value if is_envelope(value) => {
                Some(Body { bytes: value.to_json().into(), exact: false })
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

/// A request whose object is its body, perhaps with headers put beside the body's own members.
fn with_envelope<'v>(
    object: &'v Value<'_>,
    members: &[Member<'v>],
    headers: Option<HeaderPairs<'v>>,
    source: Option<&'v str>,
) -> Request<'v> {
    let Some(headers) = headers else {
        let body = match source {
            // PGM sends no white space between its JSON's parts; a tool that shows JSON adds it.
            Some(text) => Body { bytes: text.as_bytes().into(), exact: is_compact(text) },
            None => Body { bytes: object.to_json().into(), exact: false },
        };
        return Request { headers: HeaderPairs::new(), body: Some(body) };
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
    Request { headers, body: Some(Body { bytes: body.to_json().into(), exact: false }) }
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
