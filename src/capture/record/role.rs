//! What the name of a member says about its value.

use super::folded::Folded;

/// What a member may be, by its name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Holds headers. Those said to be raw or multi-valued (`true`) keep repeats apart.
    Headers { whole: bool },
    /// Holds a body; the lower, the closer to the bytes that were received.
    Body(u8),
    /// Holds a response, or something of one: never looked into.
    Response,
    /// Anything else.
    Other,
}

impl Role {
    pub(super) fn of(name: &str) -> Self {
        Folded::new(name).map_or(Self::Other, |folded| Self::of_folded(folded.as_str()))
    }

    /// The role of a name that is folded already.
    pub(super) fn of_folded(name: &str) -> Self {
        // Few names have one of these words: the others need not be put to each of the rules.
        if !has_word(name) {
            return match name {
                "res" | "resp" | "reply" => Self::Response,
                "h" => Self::Headers { whole: false },
                _ => exact_rank(name).map_or(Self::Other, Self::Body),
            };
        }
        // Most of those that have one are just that word.
        match name {
            "headers" => return Self::Headers { whole: false },
            "body" => return Self::Body(1),
            _ => {}
        }
        if is_response(name) {
            Self::Response
        } else if is_headers(name) {
            Self::Headers { whole: name.contains("raw") || name.contains("multi") }
        } else {
            body_rank(name).map_or(Self::Other, Self::Body)
        }
    }
}

/// Whether a name has a word in it that may give it a role.
fn has_word(name: &str) -> bool {
    let starts_word = |rest: &[u8]| match rest {
        [b'b', b'o', ..] => rest.starts_with(b"body"),
        [b'h', b'e', ..] => rest.starts_with(b"header"),
        [b'p', b'a', ..] => rest.starts_with(b"payload"),
        [b'r', b'e', ..] => rest.starts_with(b"response"),
        _ => false,
    };
    (0..name.len()).any(|at| starts_word(&name.as_bytes()[at..]))
}

/// `response`, `responseDefinition`, `httpResponse`, `resHeaders`; not `requestsAndResponses`.
fn is_response(name: &str) -> bool {
    name == "responses"
        || name.contains("response") && !name.contains("request")
        || matches!(name, "resheaders" | "resheader" | "resbody")
}

fn is_headers(name: &str) -> bool {
    let named = ["headers", "header", "headerlist", "headermap", "imtheaders", "httpheader"];
    named.iter().any(|end| name.ends_with(end))
        || name.starts_with("headers")
            && matches!(&name[7..], "raw" | "list" | "map" | "json" | "text")
}

/// Parts of names that say that a value is about a body rather than one.
const ABOUT: [&str; 11] =
    ["encoding", "type", "size", "length", "hash", "md5", "sha", "name", "url", "limit", "count"];

/// How likely the value of a member whose name speaks of a body is the body, byte for byte;
/// 0 is best.
fn body_rank(name: &str) -> Option<u8> {
    let is_raw = || ["raw", "base64", "b64"].iter().any(|part| name.contains(part));
    if !name.contains("body") && !name.contains("payload")
        || ABOUT.iter().any(|part| name.contains(part))
    {
        return None;
    }
    Some(match name {
        _ if name.contains("parsed") => 4,
        _ if is_raw() => 0,
        _ => 1,
    })
}

/// The same of the other names that bodies have.
fn exact_rank(name: &str) -> Option<u8> {
    Some(match name {
        "raw" | "rawdata" | "rawrequest" | "rawcontent" | "contentbase64" | "rawbytes" => 0,
        "b" | "content" | "postdata" | "requestcontent" | "binary" => 1,
        "data" | "requestdata" | "text" | "entity" => 2,
        "json" | "input" | "message" | "form" => 3,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_of_names() {
        for (name, role) in [
            ("headers", Role::Headers { whole: false }),
            ("rawHeaders", Role::Headers { whole: true }),
            ("multiValueHeaders", Role::Headers { whole: true }),
            ("__IMTHEADERS__", Role::Headers { whole: false }),
            ("request_headers", Role::Headers { whole: false }),
            ("response", Role::Response),
            ("responseDefinition", Role::Response),
            ("response_headers", Role::Response),
            ("httpRequestAndHttpResponse", Role::Other),
            ("requests", Role::Other),
            ("rawBody", Role::Body(0)),
            ("request_payload_base64", Role::Body(0)),
            ("body", Role::Body(1)),
            ("bodySize", Role::Other),
            ("isBase64Encoded", Role::Other),
            ("postData", Role::Body(1)),
        ] {
            assert_eq!(Role::of(name), role, "{name}");
        }
    }
}
