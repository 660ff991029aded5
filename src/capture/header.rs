//! Names and values of headers: in every spelling that tools give the names, and as lines.

use std::borrow::Cow;

use super::HeaderPairs;
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER, is_pgm_header};

/// Longer names mean nothing here.
const MAX_NAME: usize = 160;

/// A name in lower case without the characters that separate its words, so that `raw_body`,
/// `rawBody` and `Raw-Body` are one name. Empty for names that are too long to mean anything.
pub(super) fn fold(name: &str) -> Cow<'_, str> {
    if name.len() > MAX_NAME {
        return "".into();
    }
    if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return name.into();
    }
    let is_separator = |c: char| "-_. []'\"$@:/".contains(c);
    let folded = name.chars().filter(|c| !is_separator(*c)).map(|c| c.to_ascii_lowercase());
    folded.collect::<String>().into()
}

/// One of PGM's two names as a tool spells it (`HTTP_X_PERFECTGYM_REQUEST`,
/// `http.request.header.x-perfectgym-request`, `xPerfectgymRequest`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PgmName<'n> {
    /// The name that PGM documents.
    known: &'static str,
    spelling: Spelling<'n>,
}

/// How a name differs from the one on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spelling<'n> {
    /// What stands before the name.
    prefix: &'n str,
    /// What separates its words.
    separator: Option<char>,
}

impl<'n> PgmName<'n> {
    /// Recognises a name that may stand for one of PGM's. Not one that is said to be a
    /// response's.
    fn of(name: &'n str) -> Option<Self> {
        // Nearly every name ends here: the shortest spelling has 18 letters.
        if name.len() < 18 || name.len() > MAX_NAME {
            return None;
        }
        let exact = [REQUEST_ID_HEADER, SIGNATURE_HEADER].into_iter();
        if let Some(known) = exact.into_iter().find(|known| known.eq_ignore_ascii_case(name)) {
            return Some(Self { known, spelling: Spelling { prefix: "", separator: Some('-') } });
        }
        let tail = name.trim_end_matches([']', '\'', '"']);
        let folded = fold(tail);
        let ends =
            [("xperfectgymrequest", REQUEST_ID_HEADER), ("xperfectgymsignature", SIGNATURE_HEADER)];
        let (end, known) = ends.into_iter().find(|(end, _)| folded.ends_with(end))?;
        let mut letters = tail.char_indices().rev().filter(|(_, c)| c.is_ascii_alphanumeric());
        let (start, _) = letters.nth(end.len() - 1)?;
        let (prefix, name) = (&tail[..start], &tail[start..]);
        let separator = name.chars().find(|c| !c.is_ascii_alphanumeric());
        // `X-Perfect-Gym-Request` is another header.
        let is_exact = name.eq_ignore_ascii_case(known);
        let folded = fold(prefix);
        let of_response = folded.starts_with("res") || folded.contains("response");
        ((is_exact || separator != Some('-')) && !of_response)
            .then_some(Self { known, spelling: Spelling { prefix, separator } })
    }

    /// Whether it is the name on the wire, in any case.
    fn is_exact(&self) -> bool {
        self.spelling.prefix.is_empty() && self.spelling.separator == Some('-')
    }
}

impl Spelling<'_> {
    /// Whether another name is spelled the same way.
    fn is_shared_by(self, name: &str) -> bool {
        let prefix = name.get(..self.prefix.len());
        let rest = name.get(self.prefix.len()..).unwrap_or_default();
        let is_part = |c: char| c.is_ascii_alphanumeric() || Some(c) == self.separator || c == ']';
        prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(self.prefix))
            && rest.starts_with(|c: char| c.is_ascii_alphabetic())
            && rest.chars().all(is_part)
    }

    /// Whether a tool may have given it to a name that has no other headers beside it. A prefix
    /// with a dash, or without any separator, makes another header of it, unless it only says that
    /// this is a request's header.
    fn is_plausible_alone(self) -> bool {
        const OF_REQUEST: [&str; 5] =
            ["request", "requestheader", "requestheaders", "req", "header"];
        OF_REQUEST.contains(&&*fold(self.prefix))
            || !self.prefix.ends_with(|c: char| c == '-' || c.is_ascii_alphanumeric())
    }

    /// Whether a text, in lower case, has other headers in the same spelling, or no other headers
    /// at all.
    fn fits_text(self, lower: &str) -> bool {
        let separator = self.separator.map(String::from).unwrap_or_default();
        let prefix = self.prefix.to_ascii_lowercase();
        let has = |prefix: &str, separator: &str| {
            WORDS.iter().any(|words| lower.contains(&(prefix.to_owned() + &words.join(separator))))
        };
        let alone = || self.is_plausible_alone() && !has("", "-");
        self.is_cgi() || has(&prefix, &separator) || alone()
    }

    /// `HTTP_X_…`, the form of CGI, which can be no other header's.
    fn is_cgi(self) -> bool {
        self.prefix.eq_ignore_ascii_case("http_") && self.separator == Some('_')
    }
}

/// Whether a name may stand for one of PGM's, as far as itself shows.
pub(super) fn is_like_pgm(name: &str) -> bool {
    PgmName::of(name).is_some()
}

/// Whether a text names PGM's headers, in any spelling.
pub(super) fn names_pgm(text: &str) -> bool {
    memchr::memchr2_iter(b'p', b'P', text.as_bytes())
        .any(|at| starts_with_word(&text.as_bytes()[at..], b"perfectgym"))
}

/// Whether a text may name PGM's headers, even with separators between the words.
pub(super) fn may_name_pgm(text: &str) -> bool {
    text.len() >= 10
        && memchr::memchr2_iter(b'p', b'P', text.as_bytes())
            .any(|at| starts_with_word(&text.as_bytes()[at..], b"perfect"))
}

/// Whether a value is a request id such as PGM sends: a UUID, with dashes or without.
pub(super) fn is_pgm_id(value: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    value.bytes().all(is_part) && value.bytes().filter(u8::is_ascii_hexdigit).count() == 32
}

/// Whether a value is a signature such as PGM sends: an MD5 in hex.
pub(super) fn is_pgm_signature(value: &str) -> bool {
    value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn starts_with_word(bytes: &[u8], word: &[u8]) -> bool {
    bytes.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Recognises PGM's names among the words of a text: returns the name in PGM's documentation that a
/// word stands for. A spelling counts if other headers of the text have it.
pub(super) fn text_names<'t>(text: &'t str) -> impl FnMut(&'t str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    // Spellings that were met, and whether they count.
    let mut spellings: Vec<(Spelling<'t>, bool)> = Vec::new();
    move |word| {
        let name = PgmName::of(word)?;
        let known = spellings.iter().find(|(spelling, _)| *spelling == name.spelling);
        let counts = match known {
            Some((_, counts)) => *counts,
            None if name.is_exact() => true,
            None if spellings.len() == MAX_SPELLINGS => false,
            None => {
                let counts = name.spelling.fits_text(&lower);
                spellings.push((name.spelling, counts));
                counts
            }
        };
        counts.then_some(name.known)
    }
}

/// Where names of headers stand, and so how they may be spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameContext {
    /// In HTTP's own syntax: only the two names count, in any case.
    Http,
    /// In a list of entries, such as a HAR's: only the two names count, or attributes of which all
    /// have the same prefix.
    Entries,
    /// In a map of headers: a prefix or other separators count if the headers beside are spelled
    /// the same way, or if there are no others.
    Map,
    /// Among members of all kinds.
    Members,
}

/// The words of names that nothing but headers has.
const WORDS: [&[&str]; 5] = [
    &["user", "agent"],
    &["content", "type"],
    &["content", "length"],
    &["accept", "encoding"],
    &["x", "forwarded", "for"],
];

/// Distinct spellings of PGM's names that are looked at in one container or text.
const MAX_SPELLINGS: usize = 4;

/// Brings names into the form in which they compare: lower case, dashes, and without the prefixes
/// of CGI (`HTTP_X_A`) and of flattened captures (`headers__X-A`). A name that merely looks like
/// one of PGM's stays different from it.
pub(super) fn normalize(headers: HeaderPairs<'_>, context: NameContext) -> HeaderPairs<'_> {
    let names = || headers.iter().map(|(name, _)| &**name);
    let mut spellings: Vec<Spelling<'_>> = Vec::new();
    let mut has_exact = context == NameContext::Http;
    for name in names().filter_map(PgmName::of) {
        if name.is_exact() {
            has_exact = true;
        } else if spellings.len() < MAX_SPELLINGS && !spellings.contains(&name.spelling) {
            spellings.push(name.spelling);
        }
    }
    let is_header = |name: &str| {
        PgmName::of(name).is_none()
            && (context != NameContext::Members
                || WORDS.iter().any(|words| fold(name).ends_with(&words.concat())))
    };
    let is_accepted = |spelling: &Spelling<'_>| {
        let mut others = names().filter(|name| is_header(name)).peekable();
        let alone = others.peek().is_none()
            && spelling.is_plausible_alone()
            && (context != NameContext::Entries || spelling.prefix.ends_with('.'));
        // Without a prefix all others have to fit: `X_PerfectGym_Request` beside `User-Agent` does
        // not.
        let is_shared = match spelling.prefix {
            "" => others.peek().is_some() && others.all(|name| spelling.is_shared_by(name)),
            _ => others.any(|name| spelling.is_shared_by(name)),
        };
        spelling.is_cgi() || alone || is_shared
    };
    spellings.retain(|spelling| !has_exact && is_accepted(spelling));
    let accepted: Vec<_> =
        spellings.iter().map(|spelling| (spelling.prefix.to_owned(), spelling.separator)).collect();
    let accepts = |spelling: Spelling<'_>| {
        accepted.iter().any(|(prefix, separator)| {
            *prefix == spelling.prefix && *separator == spelling.separator
        })
    };
    let mut headers = headers;
    for (name, _) in &mut headers {
        if accepted.is_empty() && is_normal(name) {
            continue;
        }
        *name = match PgmName::of(name) {
            Some(pgm) if accepts(pgm.spelling) => Cow::Owned(pgm.known.to_ascii_lowercase()),
            Some(_) => lower(std::mem::take(name)),
            None if context == NameContext::Http => lower(std::mem::take(name)),
            None => dashed(std::mem::take(name)),
        };
    }
    headers
}

/// A name in lower case, as it is if it has no other.
pub(super) fn lower(mut name: Cow<'_, str>) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        name.to_mut().make_ascii_lowercase();
    }
    name
}

/// The prefixes of flattened captures and of CGI.
const PREFIXES: [&str; 2] = ["headers-", "http-"];

/// Whether a name is in lower case, with dashes, without such prefixes.
fn is_normal(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let has_prefix = || PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    name.bytes().all(is_plain) && !(name.starts_with('h') && has_prefix())
}

/// A name in lower case, with dashes, without such prefixes.
fn dashed(name: Cow<'_, str>) -> Cow<'_, str> {
    if is_normal(&name) {
        return name;
    }
    let dash = |c: char| if matches!(c, '_' | '.' | ' ') { '-' } else { c.to_ascii_lowercase() };
    let dashed: String = name.trim().chars().map(dash).collect();
    let mut name = dashed.as_str();
    for prefix in PREFIXES {
        name = name.strip_prefix(prefix).unwrap_or(name).trim_start_matches('-');
    }
    // Whatever was cut off: it was not PGM's name before.
    if is_pgm_header(name) { dashed.into() } else { name.to_owned().into() }
}

/// Whether any of the headers, with normalised names, is one of PGM's.
pub(super) fn has_pgm(headers: &[(Cow<'_, str>, Cow<'_, str>)]) -> bool {
    headers.iter().any(|(name, _)| is_pgm_header(name))
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
                headers.push((name.into(), value.trim_matches([' ', '\t']).into()));
            }
            _ if index == 0 && line.contains(" HTTP/") => {}
            _ => return None,
        }
    }
    (!headers.is_empty()).then(|| normalize(headers, NameContext::Http))
}

/// Bytes of a name; no header's is longer.
const MAX_HEADER_NAME: usize = 200;

/// Whether this name can have as many values. One that no header has would be held once for each.
pub(super) fn may_repeat(name: &str, values: usize) -> bool {
    values < 2 || name.len() <= MAX_HEADER_NAME
}

/// Whether this can be a header's name; spaces are allowed, as some tools write them.
pub(super) fn is_header_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~: ".contains(&byte);
    let name = name.trim_end();
    !name.is_empty() && name.len() <= MAX_HEADER_NAME && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of a container after they were normalised.
    fn names(names: &[&str], context: NameContext) -> Vec<String> {
        let pairs = names.iter().map(|name| ((*name).into(), "".into())).collect();
        normalize(pairs, context).into_iter().map(|(name, _)| name.into_owned()).collect()
    }

    #[test]
    fn spellings_that_the_other_headers_share_are_pgms() {
        let expected = ["x-perfectgym-request", "x-perfectgym-signature", "user-agent"];
        for spelled in [
            ["X-PerfectGym-Request", "X-PERFECTGYM-SIGNATURE", "User-Agent"],
            ["HTTP_X_PERFECTGYM_REQUEST", "HTTP_X_PERFECTGYM_SIGNATURE", "HTTP_USER_AGENT"],
            [
                "headers__X_Perfectgym_Request",
                "headers__X_Perfectgym_Signature",
                "headers__User_Agent",
            ],
            ["x_perfectgym_request", "x_perfectgym_signature", "user_agent"],
        ] {
            assert_eq!(names(&spelled, NameContext::Map), expected, "{spelled:?}");
        }
        let attributes = ["h.x-perfectgym-request", "h.x-perfectgym-signature", "h.host"];
        assert_eq!(names(&attributes, NameContext::Entries)[..2], expected[..2]);
        for alone in [
            ["headers[X-PerfectGym-Request]", "headers[X-PerfectGym-Signature]"],
            [
                "http.request.header.x-perfectgym-request",
                "http.request.header.x-perfectgym-signature",
            ],
            ["xPerfectgymRequest", "xPerfectgymSignature"],
        ] {
            assert_eq!(names(&alone, NameContext::Map), expected[..2], "{alone:?}");
        }
    }

    #[test]
    fn other_headers_with_similar_names_are_not_pgms() {
        for name in [
            "Not-X-PerfectGym-Request",
            "Old-X-PerfectGym-Signature",
            "X_PerfectGym_Request",
            "X-Perfect-Gym-Request",
            "x-perfectgym-requested",
            "x-perfectgym-requ=est",
            "response.headers.x-perfectgym-request",
        ] {
            for context in [NameContext::Http, NameContext::Entries, NameContext::Map] {
                let read = names(&[name, "User-Agent", "Host"], context);
                assert!(!is_pgm_header(&read[0]), "{name} {context:?}");
            }
        }
        assert!(!is_pgm_header(&names(&["Old-X-PerfectGym-Request"], NameContext::Map)[0]));
        let both = ["HTTP_X_PERFECTGYM_REQUEST", "X-PerfectGym-Request", "HTTP_HOST"];
        assert!(!is_pgm_header(&names(&both, NameContext::Map)[0]));
    }
}
