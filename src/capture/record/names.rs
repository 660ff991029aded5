//! Names of headers, in every spelling that tools give them.

use std::borrow::Cow;

use super::folded::Folded;
use super::role::Role;
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
}
