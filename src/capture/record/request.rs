//! Whether an object is a request, and what it holds.

use super::super::Body;
use super::super::json::Node;
use super::super::unpack::Budget;
use super::body;
use super::fields::Members;
use super::headers;
use super::names::{Folded, Role, header_name, pgm_header};

/// An object that is a request.
pub(super) struct Request {
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Body>,
}

/// Sees a request in an object that has a container of headers, or PGM's headers among its own
/// members, or is PGM's envelope. `whole` says that the object is all that the tool kept, so
/// that an envelope has its own spelling.
pub(super) fn recognise(
    object: Node<'_>,
    members: &Members<'_>,
    whole: bool,
    budget: &mut Budget,
) -> Option<Request> {
    let envelope = body::is_envelope(object);
    let mut headers = containers(members, envelope);
    if flattened(members) {
        merge(headers.get_or_insert_default(), own_headers(members, envelope));
    }
    if envelope {
        return Some(with_envelope(object, members, headers, whole));
    }
    let headers = headers?;
    if is_response(members) && !has_pgm(&headers) {
        return None;
    }
    Some(Request { headers, body: content(members, budget) })
}

fn has_pgm(headers: &[(String, String)]) -> bool {
    headers.iter().any(|(name, _)| pgm_header(name).is_some())
}

/// All headers of all containers. Those that keep repeats apart count first; of the others,
/// only names that are not known yet are added.
fn containers(members: &Members<'_>, envelope: bool) -> Option<Vec<(String, String)>> {
    let mut found: Option<Vec<(String, String)>> = None;
    for wanted in [true, false] {
        for (name, value) in members {
            let Role::Headers { whole } = Role::of(name) else { continue };
            if whole == wanted
                && let Some(headers) = headers::of(*value)
            {
                merge(found.get_or_insert_default(), headers);
            }
        }
    }
    if !envelope && found.is_none() {
        return by_content(members);
    }
    found
}

/// A container under a name that says nothing: the only member that holds PGM's headers.
fn by_content(members: &Members<'_>) -> Option<Vec<(String, String)>> {
    let mut found = None;
    for (name, value) in members {
        let plain =
            Role::of(name) == Role::Other && value.scalar().is_none_or(|t| t.contains('\n'));
        if !plain || value.members().any(|(name, _)| matches!(Role::of(&name), Role::Body(_))) {
            continue;
        }
        let Some(headers) = headers::of(*value).filter(|headers| has_pgm(headers)) else {
            continue;
        };
        if found.replace(headers).is_some() {
            // Several: a collection of requests, not one.
            return None;
        }
    }
    found
}

fn merge(known: &mut Vec<(String, String)>, more: Vec<(String, String)>) {
    let before = known.len();
    for (name, value) in more {
        if !known[..before].iter().any(|(known, _)| *known == name) {
            known.push((name, value));
        }
    }
}

/// Whether PGM's headers are members of the object itself.
fn flattened(members: &Members<'_>) -> bool {
    members.iter().any(|(name, value)| pgm_header(name).is_some() && !value.is_object())
}

/// The members that can be headers: single values, and lists of them.
fn own_headers(members: &Members<'_>, envelope: bool) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (name, value) in members {
        let envelopes = envelope && matches!(name.as_ref(), "event" | "triggeredDate" | "data");
        if envelopes || matches!(Role::of(name), Role::Body(_) | Role::Response) {
            continue;
        }
        if let Some(value) = value.scalar() {
            headers::push(&mut pairs, name, &value);
        } else if value.is_array() {
            let values = value.elements().filter_map(Node::scalar);
            pairs.extend(values.map(|value| (header_name(name), value.into_owned())));
        }
    }
    pairs
}

/// Whether the object tells a status and no method, as responses do.
fn is_response(members: &Members<'_>) -> bool {
    let has = |names: &[&str], accept: fn(Node<'_>) -> bool| {
        members.iter().any(|(name, value)| {
            Folded::new(name).is_some_and(|name| names.contains(&name.as_str())) && accept(*value)
        })
    };
    let status = |value: Node<'_>| {
        std::str::from_utf8(value.raw())
            .is_ok_and(|n| n.parse().is_ok_and(|n: u16| (100..600).contains(&n)))
    };
    has(&["status", "statuscode"], status)
        && !has(&["method", "httpmethod", "requestmethod"], |_| true)
}

/// The body among the members of a request's object: the one nearest to what was received.
pub(super) fn content(members: &Members<'_>, budget: &mut Budget) -> Option<Body> {
    let says_base64 = |(name, value): &(_, Node<'_>)| {
        // A request's own content type is no word about the file's encoding.
        let name: &std::borrow::Cow<'_, str> = name;
        Folded::new(name).is_some_and(|name| {
            name.as_str() != "contenttype" && body::says_base64(name.as_str(), *value)
        })
    };
    let declared = members.iter().any(says_base64);
    let mut candidates: Vec<_> = members
        .iter()
        .filter_map(|(name, value)| match Role::of(name) {
            Role::Body(rank) if is_content(rank, *value) => Some((rank, name, *value)),
            _ => None,
        })
        .collect();
    candidates.sort_by_key(|(rank, ..)| *rank);
    let mut best = None;
    for (rank, name, value) in candidates {
        if best.is_some() && rank > 1 {
            break;
        }
        let base64 = declared || body::name_says_base64(name);
        let Some(body) = body::of(value, base64, budget) else { continue };
        if body.exact {
            return Some(body);
        }
        best.get_or_insert(body);
    }
    best.or_else(|| empty(members))
}

/// Whether a value can be content. Names that may mean anything need a value that looks it.
fn is_content(rank: u8, value: Node<'_>) -> bool {
    let packed = |text: &str| text.trim_start().starts_with(['{', '[']) || text.starts_with("ey");
    body::is_filled(value) && (rank < 3 || value.text().is_none_or(|text| packed(&text)))
}

/// A body that was captured, and is empty.
fn empty(members: &Members<'_>) -> Option<Body> {
    let is_empty = |(name, value): &(_, Node<'_>)| {
        let name: &std::borrow::Cow<'_, str> = name;
        matches!(Role::of(name), Role::Body(0 | 1)) && value.raw() == b"\"\""
    };
    members.iter().any(is_empty).then(|| Body { bytes: Vec::new(), exact: true })
}

/// A request whose object is its body, perhaps with headers put beside the body's own members.
fn with_envelope(
    object: Node<'_>,
    members: &Members<'_>,
    headers: Option<Vec<(String, String)>>,
    whole: bool,
) -> Request {
    let Some(headers) = headers else {
        // PGM sends no white space between its JSON's parts; a tool that shows JSON adds it.
        let bytes = object.compact();
        let exact = whole && bytes.len() == object.raw().len();
        return Request { headers: Vec::new(), body: Some(Body { bytes, exact }) };
    };
    let mut bytes = vec![b'{'];
    for (name, value) in members {
        let added = name.starts_with("__IMT") || matches!(Role::of(name), Role::Headers { .. });
        if added
            || !matches!(name.as_ref(), "event" | "triggeredDate" | "data") && flattened(members)
        {
            continue;
        }
        if bytes.len() > 1 {
            bytes.push(b',');
        }
        bytes.extend(serde_json::to_vec(name).unwrap_or_default());
        bytes.push(b':');
        bytes.extend(value.compact());
    }
    bytes.push(b'}');
    Request { headers, body: Some(Body { bytes, exact: false }) }
}
