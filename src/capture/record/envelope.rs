//! PGM's own body, known by the names of its members.

use super::super::json::Node;

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

/// Whether a member of this name is part of PGM's own body.
pub(super) fn is_of_envelope(name: &str) -> bool {
    matches!(name, "event" | "triggeredDate" | "data")
}
