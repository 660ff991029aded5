//! What the name of a member says about its value.

use std::borrow::Cow;

use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};

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
    let dashed: String = name.trim().chars().map(dash).collect();
    let mut name = dashed.as_str();
    for prefix in ["headers-", "http-"] {
        name = name.strip_prefix(prefix).unwrap_or(name).trim_start_matches('-');
    }
    name.to_owned().into()
}

fn dash(c: char) -> char {
    match c {
        '_' | '.' | ' ' => '-',
        c => c.to_ascii_lowercase(),
    }
}

/// Which of PGM's headers this is, under whatever prefix and spelling a tool gives it
/// (`HTTP_X_PERFECTGYM_REQUEST`, `http.request.header.x-perfectgym-request`). Not one that
/// is said to be a response's.
pub(crate) fn pgm_header(name: &str) -> Option<&'static str> {
    // Nearly every name ends here: the shortest spelling has 18 letters.
    if name.len() < 18 {
        return None;
    }
    let name = name.trim();
    let plain = [REQUEST_ID_HEADER, SIGNATURE_HEADER].into_iter();
    if let Some(known) = plain.into_iter().find(|known| known.eq_ignore_ascii_case(name)) {
        return Some(known);
    }
    let last = name.trim_end_matches(']').as_bytes().last()?.to_ascii_lowercase();
    if !matches!(last, b't' | b'e' | b'\'' | b'"') || name.len() > Folded::ROOM * 2 {
        return None;
    }
    let folded = Folded::new(name)?;
    let known =
        [("xperfectgymrequest", REQUEST_ID_HEADER), ("xperfectgymsignature", SIGNATURE_HEADER)];
    let (prefix, known) =
        known.iter().find_map(|(end, known)| Some((folded.as_str().strip_suffix(end)?, *known)))?;
    let theirs = prefix.starts_with("res") || prefix.contains("response");
    (!theirs).then_some(known)
}

/// A name in lower case without the characters that separate its words, so that `raw_body`,
/// `rawBody` and `Raw-Body` are one name.
pub(super) struct Folded {
    bytes: [u8; Self::ROOM],
    length: usize,
}

impl Folded {
    /// A name that means nothing.
    pub(super) const NONE: Self = Self { bytes: [0; Self::ROOM], length: 0 };

    /// Longer names mean nothing to us.
    const ROOM: usize = 80;

    pub(super) fn new(name: &str) -> Option<Self> {
        let mut folded = Self { bytes: [0; Self::ROOM], length: 0 };
        for byte in name.bytes().filter(|byte| !is_separator(*byte)) {
            *folded.bytes.get_mut(folded.length)? = byte.to_ascii_lowercase();
            folded.length += 1;
        }
        Some(folded)
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(
        byte,
        b'-' | b'_' | b'.' | b' ' | b'[' | b']' | b'\'' | b'"' | b'$' | b'@' | b':' | b'/'
    )
}

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

/// Whether a table with such a column can be one of requests.
pub(crate) fn is_capture_column(name: &str) -> bool {
    pgm_header(name).is_some() || matches!(Role::of(name), Role::Headers { .. } | Role::Body(0 | 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_every_spelling() {
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
