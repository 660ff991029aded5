//! Whether an object is a request, and what it holds.

use super::super::Body;
use super::super::json::Node;
use super::super::unpack::Budget;
use super::body;
use super::containers::{containers, flattened, own_headers};
use super::envelope::{is_of_envelope, names_envelope};
use super::fields::{Member, Members};
use super::header::{Header, has_pgm, merge};
use super::role::Role;
use super::wrapper::{is_filled, says_base64};

/// An object that is a request.
pub(super) struct Request<'a> {
    pub(super) headers: Vec<Header<'a>>,
    pub(super) body: Option<Body>,
}

/// Sees a request in an object that has a container of headers, or PGM's headers among its own
/// members, or is PGM's envelope. `whole` says that the object is all that the tool kept, so
/// that an envelope has its own spelling.
pub(super) fn recognise<'a>(
    object: Node<'a>,
    members: &Members<'a>,
    whole: bool,
    budget: &mut Budget,
) -> Option<Request<'a>> {
    let envelope = names_envelope(members.iter().map(|member| member.name.as_ref()));
    let mut headers = containers(members, envelope);
    if flattened(members) {
        merge(headers.get_or_insert_default(), own_headers(members, envelope));
    }
    if envelope {
        return Some(with_envelope(object, members, headers, whole));
    }
    let headers = headers?;
    if !has_pgm(&headers) && is_response(members) {
        return None;
    }
    Some(Request { headers, body: content(members.iter(), budget) })
}

/// Whether the object tells a status and no method, as responses do.
fn is_response(members: &Members<'_>) -> bool {
    let has_method = members.iter().any(|member| {
        matches!(member.folded().as_str(), "method" | "httpmethod" | "requestmethod")
    });
    let is_status = |text: &str| text.parse().is_ok_and(|n: u16| (100..600).contains(&n));
    let has_status = |member: &Member<'_>| {
        matches!(member.folded().as_str(), "status" | "statuscode")
            && std::str::from_utf8(member.value.raw()).is_ok_and(is_status)
    };
    !has_method && members.iter().any(has_status)
}

/// The body among the members of a request's object: the one nearest to what was received.
pub(super) fn content<'m, 'a: 'm>(
    members: impl Iterator<Item = &'m Member<'a>> + Clone,
    budget: &mut Budget,
) -> Option<Body> {
    // A request's own content type is no word about the file's encoding.
    let declared = members.clone().any(|member| {
        says_base64(&member.name, member.value) && member.folded().as_str() != "contenttype"
    });
    let mut candidates: Vec<_> = members
        .clone()
        .filter_map(|member| match member.role {
            Role::Body(rank) if is_content(rank, member.value) => Some((rank, member)),
            _ => None,
        })
        .collect();
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
    best.or_else(|| empty(members))
}

/// Whether a value can be content. Names that may mean anything need a value that looks it.
fn is_content(rank: u8, value: Node<'_>) -> bool {
    let packed = |text: &str| text.trim_start().starts_with(['{', '[']) || text.starts_with("ey");
    is_filled(value) && (rank < 3 || value.text().is_none_or(|text| packed(&text)))
}

/// A body that was captured, and is empty.
fn empty<'m, 'a: 'm>(mut members: impl Iterator<Item = &'m Member<'a>>) -> Option<Body> {
    let is_empty = |member: &Member<'_>| {
        matches!(member.role, Role::Body(0 | 1)) && member.value.raw() == b"\"\""
    };
    members.any(is_empty).then(|| Body { bytes: Vec::new(), exact: true })
}

/// A request whose object is its body, perhaps with headers put beside the body's own members.
fn with_envelope<'a>(
    object: Node<'a>,
    members: &Members<'a>,
    headers: Option<Vec<Header<'a>>>,
    whole: bool,
) -> Request<'a> {
    let Some(headers) = headers else {
        // PGM sends no white space between its JSON's parts; a tool that shows JSON adds it.
        let bytes = object.compact();
        let exact = whole && bytes.len() == object.raw().len();
        return Request { headers: Vec::new(), body: Some(Body { bytes, exact }) };
    };
    let mut bytes = vec![b'{'];
    for member in members {
        let added = member.name.starts_with("__IMT") || matches!(member.role, Role::Headers { .. });
        if added || !is_of_envelope(&member.name) && flattened(members) {
            continue;
        }
        if bytes.len() > 1 {
            bytes.push(b',');
        }
        bytes.extend(serde_json::to_vec(&member.name).unwrap_or_default());
        bytes.push(b':');
        bytes.extend(member.value.compact());
    }
    bytes.push(b'}');
    Request { headers, body: Some(Body { bytes, exact: false }) }
}
