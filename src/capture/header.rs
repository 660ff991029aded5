//! Names and values of headers: in every spelling that tools give the names, and as lines.

use std::borrow::Cow;

use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};

/// Longer names mean nothing here.
pub(super) const MAX_NAME: usize = 160;

/// Names with their values, a name once for each value.
pub(super) type HeaderPairs<'v> = Vec<(Cow<'v, str>, Cow<'v, str>)>;

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
pub(super) fn header_name(name: &str) -> Cow<'_, str> {
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
pub(super) fn pgm_header(name: &str) -> Option<&'static str> {
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

/// `Name: value` lines, LF or CRLF; a request line before them and blank lines at the ends
/// are skipped. `None` when a line is anything else. Space and tab around a value belong to
/// HTTP's syntax, everything else to the value.
pub(super) fn of_lines(text: &str) -> Option<HeaderPairs<'_>> {
    let mut headers = HeaderPairs::new();
    for (index, line) in text.trim_matches(['\r', '\n', ' ', '\t']).lines().enumerate() {
        // HTTP/2's `:method` and the like start with their colon.
        let colon = line.get(1..).and_then(|rest| rest.find(':')).map(|at| at + 1);
        match colon.map(|at| (&line[..at], &line[at + 1..])) {
            Some((name, value)) if is_header_name(name) => {
                headers.push((header_name(name), value.trim_matches([' ', '\t']).into()));
            }
            _ if index == 0 && line.contains(" HTTP/") => {}
            _ => return None,
        }
    }
    (!headers.is_empty()).then_some(headers)
}

/// Whether this can be a header's name; spaces are allowed, as some tools write them.
pub(super) fn is_header_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~: ".contains(&byte);
    let name = name.trim_end();
    !name.is_empty() && name.len() <= 200 && name.bytes().all(allowed)
}

/// The same pairs, independent of the text they were read from.
pub(super) fn into_owned(headers: HeaderPairs<'_>) -> HeaderPairs<'static> {
    let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
    headers.into_iter().map(|(name, value)| (owned(name), owned(value))).collect()
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
}
