//! The headers of an object, wherever among its members they are.

use super::super::json::Node;
use super::envelope::is_of_envelope;
use super::fields::Members;
use super::header::{Header, has_pgm, merge};
use super::headers;
use super::names::pgm_header;
use super::role::Role;

/// All headers of all containers. Those that keep repeats apart count first; of the others,
/// only names that are not known yet are added.
pub(super) fn containers<'a>(members: &Members<'a>, envelope: bool) -> Option<Vec<Header<'a>>> {
    let mut found: Option<Vec<Header<'a>>> = None;
    for wanted in [true, false] {
        for member in members {
            let Role::Headers { whole } = member.role else { continue };
            if whole == wanted
                && let Some(headers) = headers::of(member.value)
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
fn by_content<'a>(members: &Members<'a>) -> Option<Vec<Header<'a>>> {
    let mut found = None;
    for member in members {
        let value = member.value;
        if member.role != Role::Other || member.is_pgm {
            continue;
        }
        // Of an object the names tell it soonest.
        if value.is_object() && !is_map_of_ours(value) || !names_us(value.raw()) {
            continue;
        }
        let Some(headers) = headers::of(value).filter(|headers| has_pgm(headers)) else { continue };
        if found.replace(headers).is_some() {
            // Several: a collection of requests, not one.
            return None;
        }
    }
    found
}

/// Whether an object has PGM's headers as its own members, and no body: else it is a request.
fn is_map_of_ours(object: Node<'_>) -> bool {
    let of_request = |name: &str| matches!(Role::of(name), Role::Body(_) | Role::Headers { .. });
    object.members().any(|(name, _)| pgm_header(&name).is_some())
        && !object.members().any(|(name, _)| of_request(&name))
}

/// Whether the bytes hold our name at all, in some spelling; quick to tell.
fn names_us(bytes: &[u8]) -> bool {
    if bytes.len() < 18 {
        return false;
    }
    let is_ours = |at: usize| {
        let near = &bytes[at..bytes.len().min(at + 11)];
        near.len() > 9 && near[..7].eq_ignore_ascii_case(b"perfect")
    };
    memchr::memchr2_iter(b'p', b'P', bytes).any(is_ours)
}

/// Whether PGM's headers are members of the object itself.
pub(super) fn flattened(members: &Members<'_>) -> bool {
    members.iter().any(|member| member.is_pgm && !member.value.is_object())
}

/// The members that can be headers: single values, and lists of them.
pub(super) fn own_headers<'a>(members: &Members<'a>, envelope: bool) -> Vec<Header<'a>> {
    let mut headers = Vec::new();
    for member in members {
        let envelopes = envelope && is_of_envelope(&member.name);
        if envelopes || matches!(member.role, Role::Body(_) | Role::Response) {
            continue;
        }
        if let Some(value) = member.value.scalar() {
            headers::push(&mut headers, member.name.clone(), value);
        } else if member.value.is_array() {
            let values = member.value.elements().filter_map(Node::scalar);
            headers.extend(values.map(|value| Header::new(member.name.clone(), value)));
        }
    }
    headers
}
