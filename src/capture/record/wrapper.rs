//! Objects that hold a body beside what describes it.

use super::super::json::Node;
use super::folded::Folded;

/// The part of a wrapper that holds the content, and whether that is base64.
pub(super) fn content(object: Node<'_>, declared: bool) -> Option<(Node<'_>, bool)> {
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
    // No spelling of the word is longer than this, and a body need not be unescaped for it.
    let is_short = value.raw().len() <= "base64".len() * "\\u0000".len() + 2;
    let is_base64 =
        || is_short && value.text().is_some_and(|text| text.eq_ignore_ascii_case("base64"));
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
