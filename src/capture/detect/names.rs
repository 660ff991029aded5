//! What the name of a member or a header says, in every spelling that tools give it.

use std::borrow::Cow;

use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};

/// Longer names mean nothing here.
const MAX_NAME: usize = 160;

/// A name in lower case without the characters that separate its words, so that `raw_body`,
/// `rawBody` and `Raw-Body` are one name.
pub(super) fn fold(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return name.into();
    }
    let is_separator = |c: char| "-_. []'\"$@:/".contains(c);
    let folded = name.chars().filter(|c| !is_separator(*c)).map(|c| c.to_ascii_lowercase());
    folded.collect::<String>().into()
}

/// A header's name in the form in which names compare: lower case, dashes, and without the
/// prefixes of CGI (`HTTP_X_A`) and of flattened captures (`headers__X-A`).
pub(crate) fn header_name(name: &str) -> Cow<'_, str> {
    if let Some(known) = pgm_header(name) {
        return known.to_ascii_lowercase().into();
    }
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.bytes().all(is_plain) && !name.starts_with('h') {
        return name.into();
    }
    let dash = |c: char| if matches!(c, '_' | '.' | ' ') { '-' } else { c.to_ascii_lowercase() };
    let dashed: String = name.trim().chars().map(dash).collect();
    let mut name = dashed.as_str();
    for prefix in ["headers-", "http-"] {
        name = name.strip_prefix(prefix).unwrap_or(name).trim_start_matches('-');
    }
    name.to_owned().into()
}

/// Which of PGM's headers this is, under whatever prefix and spelling a tool gives it
/// (`HTTP_X_PERFECTGYM_REQUEST`, `http.request.header.x-perfectgym-request`). Not one that
/// is said to be a response's.
pub(crate) fn pgm_header(name: &str) -> Option<&'static str> {
    // Nearly every name ends here: the shortest spelling has 18 letters.
    if name.len() < 18 || name.len() > MAX_NAME {
        return None;
    }
    let name = name.trim();
    let exact = [REQUEST_ID_HEADER, SIGNATURE_HEADER].into_iter();
    if let Some(known) = exact.into_iter().find(|known| known.eq_ignore_ascii_case(name)) {
        return Some(known);
    }
    let last = name.trim_end_matches(']').as_bytes().last()?.to_ascii_lowercase();
    if !matches!(last, b't' | b'e' | b'\'' | b'"') {
        return None;
    }
    let folded = fold(name);
    let known =
        [("xperfectgymrequest", REQUEST_ID_HEADER), ("xperfectgymsignature", SIGNATURE_HEADER)];
    let (prefix, known) =
        known.iter().find_map(|(end, known)| Some((folded.strip_suffix(end)?, *known)))?;
    let of_response = prefix.starts_with("res") || prefix.contains("response");
    (!of_response).then_some(known)
}

/// Whether a table with such a column can be one of requests.
pub(crate) fn is_capture_column(name: &str) -> bool {
    let is_part =
        |name| matches!(FieldRole::of(name), FieldRole::Headers { .. } | FieldRole::Body(0 | 1));
    pgm_header(name).is_some() || is_part(name)
}

/// What a member may be, by its name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldRole {
    /// Holds headers. Those said to be raw or multi-valued (`whole`) keep repeats apart.
    Headers { whole: bool },
    /// Holds a body; the lower, the closer to the bytes that were received.
    Body(u8),
    /// Holds a response, or something of one: never looked into.
    Response,
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
        if is_response(name) {
            Self::Response
        } else if is_headers(name) {
            Self::Headers { whole: name.contains("raw") || name.contains("multi") }
        } else {
            body_rank(name).map_or(Self::Other, Self::Body)
        }
    }
}

/// `response`, `responseDefinition`, `httpResponse`, `resHeaders`; not `requestsAndResponses`.
fn is_response(name: &str) -> bool {
    matches!(name, "res" | "resp" | "reply" | "responses" | "resheaders" | "resheader" | "resbody")
        || name.contains("response") && !name.contains("request")
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
    fn header_names_in_every_spelling() {
        for (given, expected) in [
            ("X-PerfectGym-Request", "x-perfectgym-request"),
            ("HTTP_X_PERFECTGYM_REQUEST", "x-perfectgym-request"),
            ("headers__Http_X_Perfectgym_Signature", "x-perfectgym-signature"),
            ("http.request.header.x-perfectgym-request", "x-perfectgym-request"),
            ("headers[X-PerfectGym-Signature]", "x-perfectgym-signature"),
            ("xPerfectgymRequest", "x-perfectgym-request"),
            ("HTTP_USER_AGENT", "user-agent"),
            ("Content Type", "content-type"),
            ("headers__Http_Host", "host"),
            ("X-Forwarded-Host", "x-forwarded-host"),
        ] {
            assert_eq!(header_name(given), expected);
        }
        assert_eq!(pgm_header("response.headers.x-perfectgym-request"), None);
        assert_eq!(pgm_header("x-perfectgym-requested"), None);
        assert_eq!(pgm_header("x-perfectgym-requ=est"), None);
        assert_eq!(pgm_header(""), None);
    }

    #[test]
    fn roles_of_names() {
        for (name, role) in [
            ("headers", FieldRole::Headers { whole: false }),
            ("rawHeaders", FieldRole::Headers { whole: true }),
            ("multiValueHeaders", FieldRole::Headers { whole: true }),
            ("__IMTHEADERS__", FieldRole::Headers { whole: false }),
            ("request_headers", FieldRole::Headers { whole: false }),
            ("response", FieldRole::Response),
            ("responseDefinition", FieldRole::Response),
            ("response_headers", FieldRole::Response),
            ("httpRequestAndHttpResponse", FieldRole::Other),
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
