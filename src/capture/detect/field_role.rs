//! What the name of a member says about its value.

use super::super::header::{MAX_NAME, PgmName, fold};

/// Whether a table with such a column can be one of requests.
pub(crate) fn is_capture_column(name: &str) -> bool {
    let is_part =
        |name| matches!(FieldRole::of(name), FieldRole::Headers { .. } | FieldRole::Body(0 | 1));
    PgmName::of(name).is_some() || is_part(name)
}

/// What a member may be, by its name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldRole {
    /// Holds headers. Those said to be raw or multi-valued (`whole`) keep repeats apart.
    Headers { whole: bool },
    /// Holds a body; the lower, the closer to the bytes that were received.
    Body(u8),
    /// Holds a response, or what was expected: nothing that was received. Never looked into.
    NotReceived,
    /// Anything else.
    Other,
}

impl FieldRole {
    pub(super) fn of(name: &str) -> Self {
        Self::of_folded(&fold(name))
    }

    /// The role of a name that is folded already.
    pub(super) fn of_folded(name: &str) -> Self {
        if name.len() > MAX_NAME {
            return Self::Other;
        }
        if is_not_received(name) {
            Self::NotReceived
        } else if is_headers(name) {
            Self::Headers { whole: name.contains("raw") || name.contains("multi") }
        } else {
            body_rank(name).map_or(Self::Other, Self::Body)
        }
    }
}

/// `response`, `responseDefinition`, `httpResponse`, `respHeaders`, `expectedHeaders`; not
/// `requestsAndResponses`, and not `reserved`.
fn is_not_received(name: &str) -> bool {
    const STARTS: [&str; 12] = [
        "resp",
        "reply",
        "replied",
        "returned",
        "answer",
        "expected",
        "computed",
        "calculated",
        "want",
        "right",
        "ours",
        "correct",
    ];
    let of_response = matches!(name, "res" | "rsp" | "resheaders" | "resheader" | "resbody")
        || name.contains("response");
    (of_response || STARTS.iter().any(|start| name.starts_with(start))) && !name.contains("request")
}

fn is_headers(name: &str) -> bool {
    let named = ["headers", "header", "headerlist", "headermap", "imtheaders", "httpheader"];
    name == "h"
        || named.iter().any(|end| name.ends_with(end))
        || name.starts_with("headers")
            && matches!(&name[7..], "raw" | "list" | "map" | "json" | "text")
}

/// Parts of names that say that a value is about a body rather than one.
const ABOUT: [&str; 11] =
    ["encoding", "type", "size", "length", "hash", "md5", "sha", "name", "url", "limit", "count"];

/// How likely the value of a member is the body, byte for byte; 0 is best.
fn body_rank(name: &str) -> Option<u8> {
    if name.contains("body") || name.contains("payload") {
        let is_raw = || ["raw", "base64", "b64"].iter().any(|part| name.contains(part));
        return match name {
            "body" => Some(1),
            _ if ABOUT.iter().any(|part| name.contains(part)) => None,
            _ if name.contains("parsed") => Some(4),
            _ if is_raw() => Some(0),
            _ => Some(1),
        };
    }
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
            ("headers", FieldRole::Headers { whole: false }),
            ("rawHeaders", FieldRole::Headers { whole: true }),
            ("multiValueHeaders", FieldRole::Headers { whole: true }),
            ("__IMTHEADERS__", FieldRole::Headers { whole: false }),
            ("request_headers", FieldRole::Headers { whole: false }),
            ("response", FieldRole::NotReceived),
            ("responseDefinition", FieldRole::NotReceived),
            ("response_headers", FieldRole::NotReceived),
            ("respHeaders", FieldRole::NotReceived),
            ("reply_headers", FieldRole::NotReceived),
            ("returnedHeaders", FieldRole::NotReceived),
            ("expected", FieldRole::NotReceived),
            ("httpRequestAndHttpNotReceived", FieldRole::Other),
            ("requests", FieldRole::Other),
            ("rawBody", FieldRole::Body(0)),
            ("request_payload_base64", FieldRole::Body(0)),
            ("body", FieldRole::Body(1)),
            ("bodySize", FieldRole::Other),
            ("isBase64Encoded", FieldRole::Other),
            ("postData", FieldRole::Body(1)),
        ] {
            assert_eq!(FieldRole::of(name), role, "{name}");
        }
    }
}
