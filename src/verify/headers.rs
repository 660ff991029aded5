//! What the headers of a capture say: one value out of those that each header came with, and
//! whether it was masked or cut off. Nothing is taken off a value: what a strict receiver compares
//! is what was sent.

use super::diagnosis::look_of_signature;
use super::{Finding, FindingKind, HeaderVerdict, NamedSecret, SignatureVerdict, findings};
use crate::capture::Capture;
use crate::pgm::{RequestId, Signature};

/// The values of one header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HeaderValues<'a> {
    /// No value, or only empty ones.
    Missing,
    /// One value.
    One(&'a str),
    /// At least two, whether equal or not: receivers differ in which one they take, or join them.
    Several,
}

impl<'a> HeaderValues<'a> {
    /// The values as they were sent.
    fn of(mut values: impl Iterator<Item = &'a str>) -> Self {
        let Some(first) = values.next() else { return Self::Missing };
        match values.next() {
            None if first.trim_ascii().is_empty() => Self::Missing,
            None => Self::One(first),
            Some(second) => {
                let mut all = [first, second].into_iter().chain(values);
                if all.all(|value| value.trim_ascii().is_empty()) {
                    Self::Missing
                } else {
                    Self::Several
                }
            }
        }
    }

    /// The same for a value that did not verify as a whole: a comma between two parts shows that a
    /// proxy joined repeated headers.
    fn split(self) -> Self {
        match self {
            // A printed list of bytes.
            Self::One(value) if is_bracketed(value) || is_list_of_bytes(value) => self,
            Self::One(value) => {
                let parts = value.split(',').filter(|part| !part.trim_ascii().is_empty());
                if parts.count() > 1 { Self::Several } else { self }
            }
            other => other,
        }
    }

    /// The same for a signature, which may also be one value in the form of another product:
    /// `t=1795957200,v1=5257a8…`, `v1,K5oZf…`.
    fn split_signature(self) -> Self {
        match self {
            Self::One(value) if is_list_of_parameters(value) => self,
            // An object or a password hash as a program prints it.
            Self::One(value) if look_of_signature(value).is_some() => self,
            other => other.split(),
        }
    }

    /// The value, if there is just one.
    fn one(self) -> Option<&'a str> {
        match self {
            Self::One(value) => Some(value),
            Self::Missing | Self::Several => None,
        }
    }
}

/// Whether a whole value stands in brackets, perhaps behind the name of its type: `Array(…)`.
fn is_bracketed(value: &str) -> bool {
    let pairs = [("[", "]"), ("{", "}"), ("(", ")"), ("<<", ">>")];
    let is_name = |name: &str| name.len() <= 24 && name.chars().all(char::is_alphanumeric);
    pairs.iter().any(|(open, close)| {
        let inside = value.split_once(open).filter(|(name, _)| is_name(name));
        let inside = inside.and_then(|(_, rest)| rest.strip_suffix(close));
        inside.is_some_and(|inside| !inside.contains(close))
    })
}

/// Whether a value is a list of bytes in decimal, as long as the shortest digest.
fn is_list_of_bytes(value: &str) -> bool {
    let mut bytes = value.split(',').map(|part| part.trim().parse::<i16>());
    bytes.clone().count() >= 16 && bytes.all(|byte| byte.is_ok_and(|b| (-128..256).contains(&b)))
}

/// Whether the parts of a value are parameters of different names, or a version and its signature.
fn is_list_of_parameters(value: &str) -> bool {
    let parts: Vec<_> = value.split(',').map(str::trim).collect();
    let mut names: Vec<_> = parts.iter().filter_map(|part| part.split_once('=')).collect();
    names.retain(|(name, value)| !name.is_empty() && !value.trim_matches('=').is_empty());
    let all_named = names.len() == parts.len();
    names.sort_unstable_by_key(|(name, _)| *name);
    names.dedup_by_key(|(name, _)| *name);
    let version =
        |part: &str| part.strip_prefix('v').is_some_and(|rest| rest.parse::<u8>().is_ok());
    all_named && names.len() == parts.len() || matches!(parts[..], [first, _] if version(first))
}

/// Words that tools write in place of a value.
const WORDS: &[&str] = &[
    "anonymized",
    "censored",
    "filtered",
    "hidden",
    "masked",
    "obfuscated",
    "omitted",
    "private",
    "protected",
    "redacted",
    "removed",
    "sanitized",
    "scrubbed",
    "secret",
    "sensitive",
    "stripped",
    "suppressed",
    "truncated",
];

/// Words that a program writes where it had no value at all.
const NOTHING: &[&str] = &["null", "(null)", "undefined", "none", "nil", "n/a", "<nil>", "(none)"];

/// Why a value is not what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Redaction {
    /// Something else stands in its place, or in a part of it.
    Masked,
    /// Only its beginning is there.
    CutOff,
}

/// Whether a value stands for "there was none".
fn stands_for_nothing(value: &str) -> bool {
    NOTHING.iter().any(|word| value.trim().eq_ignore_ascii_case(word))
}

/// Whether a signature was masked or cut off, as far as that shows. Hex that is too short may as
/// well be another digest, or one that lost its leading zeros.
fn of_signature(value: &str) -> Option<Redaction> {
    let value = value.trim();
    if value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    of_any(value, 3)
}

/// Whether a request id was masked or cut off. Its form is not documented, so only plain signs
/// count; a cut-off UUID is one.
fn of_request_id(value: &str) -> Option<Redaction> {
    let value = value.trim();
    of_any(value, 4).or_else(|| is_part_of_uuid(value).then_some(Redaction::CutOff))
}

fn of_any(value: &str, run: usize) -> Option<Redaction> {
    if value.ends_with("...") || value.ends_with('…') {
        return Some(Redaction::CutOff);
    }
    let masked = longest_run(value) >= run || value.contains("***") || is_word(value);
    let dots = value.contains("...") || value.contains('…');
    (masked || dots).then_some(Redaction::Masked)
}

/// The longest run of one character that masks.
fn longest_run(value: &str) -> usize {
    let mut longest = 0;
    let mut run = (0, '\0');
    for letter in value.chars() {
        let masks = matches!(letter, '*' | 'x' | 'X' | '•' | '●' | '#' | '█' | '▇' | '_' | '?');
        run = match run {
            (length, before) if masks && before == letter => (length + 1, letter),
            _ => (usize::from(masks), letter),
        };
        longest = longest.max(run.0);
    }
    longest
}

/// `[REDACTED]`, `<hidden>`, `Filtered`, `[value removed by proxy]`.
fn is_word(value: &str) -> bool {
    let wrapped = value.starts_with(['[', '<', '(', '{']) && value.ends_with([']', '>', ')', '}']);
    let bare = value.trim_matches(|letter: char| !letter.is_alphanumeric()).to_ascii_lowercase();
    let mut words = bare.split(|letter: char| !letter.is_alphanumeric());
    let known = |word: &str| WORDS.contains(&word);
    if wrapped { words.any(known) } else { known(&bare) }
}

/// More than the first group of a UUID, but not all of it.
fn is_part_of_uuid(value: &str) -> bool {
    const SHAPE: &[u8] = b"hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
    let fits = |(byte, shape): (u8, &u8)| match shape {
        b'h' => byte.is_ascii_hexdigit(),
        fixed => byte == *fixed,
    };
    (9..SHAPE.len()).contains(&value.len()) && value.bytes().zip(SHAPE).all(fits)
}

impl<'a> HeaderVerdict<'a> {
    /// Judges the headers of a capture, and adds what is wrong with them to `findings`.
    pub fn of(
        capture: &'a Capture<'_>,
        accepted: &[NamedSecret],
        findings: &mut Vec<Finding>,
    ) -> Self {
        let id = HeaderValues::of(capture.request_ids()).split();
        let signature = HeaderValues::of(capture.signatures());
        let (HeaderValues::One(one_id), HeaderValues::One(one)) = (id, signature) else {
            return Self::unverified(id, signature.split_signature(), false, findings);
        };
        let expected = |named: &NamedSecret| Signature::over(one_id.as_bytes(), &named.secret);
        let Some(secret) = accepted.iter().position(|named| expected(named).matches(one)) else {
            let is_cut_off = accepted.iter().any(|named| is_start(one, &expected(named)));
            return Self::unverified(id, signature.split_signature(), is_cut_off, findings);
        };
        let verdict = Self {
            verdict: SignatureVerdict::Valid,
            secret: Some(secret),
            request_id: Some(one_id),
            signature: Some(one),
            is_identified: true,
        };
        // Receivers differ in what they make of such an id; strict ones refuse it.
        if RequestId::check(one_id).is_err() || one_id.contains(',') {
            findings.push(Finding::new(&findings::REQUEST_ID_MALFORMED));
            return Self { verdict: SignatureVerdict::Invalid, secret: None, ..verdict };
        }
        verdict
    }

    /// The headers of a capture whose signature matches no secret. `is_cut_off` says that it is the
    /// start of one that does.
    fn unverified(
        id: HeaderValues<'a>,
        signature: HeaderValues<'a>,
        is_cut_off: bool,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let missing = (is_missing(id), is_missing(signature));
        let mut is_identified = !missing.0 && id.one().is_some();
        let verdict = if let Some(finding) = missing_headers(missing) {
            findings.push(finding);
            SignatureVerdict::Unsigned
        } else if id.one().is_none() || signature.one().is_none() {
            findings.extend(ambiguous(id, signature));
            SignatureVerdict::Ambiguous
        } else {
            let redacted = id.one().and_then(of_request_id);
            is_identified = redacted.is_none();
            let id = redacted.map(|how| masked(&findings::REQUEST_ID_REDACTED, how));
            let cut_off = is_cut_off.then_some(Redaction::CutOff);
            let signature = cut_off.or(signature.one().and_then(of_signature));
            let signature = signature.map(|how| masked(&findings::SIGNATURE_REDACTED, how));
            let known = findings.len();
            findings.extend(id.into_iter().chain(signature));
            if findings.len() > known {
                SignatureVerdict::Redacted
            } else {
                SignatureVerdict::Invalid
            }
        };
        let (request_id, signature) = (id.one(), signature.one());
        Self { verdict, secret: None, request_id, signature, is_identified }
    }
}

/// Fewer digits of a signature agree by chance.
const MIN_START: usize = 4;

/// Whether a text is the start of the expected signature. Half of its digits are more likely what
/// the signer kept of them, which the diagnosis finds.
fn is_start(text: &str, expected: &Signature) -> bool {
    let is_short = (MIN_START..32).contains(&text.len()) && text.len() != 16;
    let start = |expected: String| {
        expected.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text))
    };
    is_short && start(expected.to_string())
}

fn is_missing(sent: HeaderValues) -> bool {
    match sent {
        HeaderValues::Missing => true,
        HeaderValues::One(value) => stands_for_nothing(value),
        HeaderValues::Several => false,
    }
}

fn missing_headers((id, signature): (bool, bool)) -> Option<Finding> {
    let kind = match (id, signature) {
        (true, true) => &findings::HEADERS_MISSING,
        (true, false) => &findings::REQUEST_ID_MISSING,
        (false, true) => &findings::SIGNATURE_MISSING,
        (false, false) => return None,
    };
    Some(Finding::new(kind))
}

fn ambiguous<'a>(
    id: HeaderValues<'a>,
    signature: HeaderValues<'a>,
) -> impl Iterator<Item = Finding> {
    let two = |sent, kind| matches!(sent, HeaderValues::Several).then(|| Finding::new(kind));
    [two(id, &findings::REQUEST_ID_AMBIGUOUS), two(signature, &findings::SIGNATURE_AMBIGUOUS)]
        .into_iter()
        .flatten()
}

fn masked(kind: &'static FindingKind, how: Redaction) -> Finding {
    let how = match how {
        Redaction::Masked => "masked",
        Redaction::CutOff => "cut off",
    };
    Finding::new(kind).with("how", how)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_taken_as_it_is_and_only_if_it_is_the_only_one() {
        let of = |values: &[&'static str]| HeaderValues::of(values.iter().copied());
        assert_eq!(of(&[]), HeaderValues::Missing);
        assert_eq!(of(&["", " "]), HeaderValues::Missing);
        assert_eq!(of(&["a "]), HeaderValues::One("a "));
        assert_eq!(of(&["\u{a0}"]), HeaderValues::One("\u{a0}"));
        for several in [&["a", "a"][..], &["a", "A"], &["a", ""], &["a", "b", "c"]] {
            assert_eq!(of(several), HeaderValues::Several);
        }
    }

    #[test]
    fn a_comma_between_two_parts_joins_repeats() {
        let split = |value| HeaderValues::One(value).split();
        assert_eq!(split("a,b"), HeaderValues::Several);
        assert_eq!(split("a, a"), HeaderValues::Several);
        for one in ["a", "a,", ", ,a", ",", "[-12, 33]", "{\"data\":[1,2]}"] {
            assert_eq!(split(one), HeaderValues::One(one));
        }
        let split = |value| HeaderValues::One(value).split_signature();
        let bytes = "145,206,95,0,1,2,3,4,5,6,7,8,9,10,11,12";
        for one in [
            "t=1795957200,v1=ab",
            "v1,ab",
            "t=1, v1=ab, v0=cd",
            bytes,
            "Array(-111, -50)",
            "MD5 Message Digest from SUN, <initialized>",
            "System.Linq.Enumerable+SelectArrayIterator`2[System.Byte,System.String]",
            "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaKRT7C8Z9nTr4k0yg",
        ] {
            assert_eq!(split(one), HeaderValues::One(one));
        }
        for several in
            ["{ab},{cd}", "1,2,3", "ab(1,2)cd,ef", "ab,ab", "ab, v1", "md5=ab,md5=cd", "ab=, cd="]
        {
            assert_eq!(split(several), HeaderValues::Several, "{several}");
        }
    }

    #[test]
    fn masks_of_all_kinds_are_seen() {
        for masked in [
            "***",
            "[REDACTED]",
            "[Filtered]",
            "REDACTED",
            "<hidden>",
            "(masked)",
            "xxxx",
            "XXXXXXXX",
            "••••••••",
            "b814****",
            "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "[value removed by proxy]",
            "{{redacted}}",
            "b8...f2",
        ] {
            assert_eq!(of_signature(masked), Some(Redaction::Masked), "{masked}");
            assert_eq!(of_request_id(masked), Some(Redaction::Masked), "{masked}");
        }
    }

    #[test]
    fn what_shows_to_be_cut_off() {
        for cut in ["b814e8…", "b814e8a178517eeb9b0da8eeb20a0df2..."] {
            assert_eq!(of_signature(cut), Some(Redaction::CutOff), "{cut}");
        }
        for cut in
            ["7f6c2d4e-1b0a-4c39", "7f6c2d4e-", "7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c", "7f..."]
        {
            assert_eq!(of_request_id(cut), Some(Redaction::CutOff), "{cut}");
        }
    }

    #[test]
    fn real_values_are_left_alone() {
        for value in [
            "b814e8a178517eeb9b0da8eeb20a0df2",
            "b814e8a178517eeb9b0da8eeb20a0df",
            "cbf43926",
            "uBToohhRfuubDajusgoN8g==",
            "sha256=7f6c2d4e1b0a4c399d572f8e61a0b3c4",
            "B8-14-E8-A1-78-51-7E-EB-9B-0D-A8-EE-B2-0A-0D-F2",
        ] {
            assert_eq!(of_signature(value), None, "{value}");
        }
        for value in [
            "7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4",
            "{7F6C2D4E-1B0A-4C39-9D57-2F8E61A0B3C4}",
            "order-removed-12",
            "1",
            "7f6c2d4e1b0a4c399d572f8e61a0b3c4",
        ] {
            assert_eq!(of_request_id(value), None, "{value}");
        }
    }

    #[test]
    fn words_for_nothing() {
        assert!(["null", "undefined", " None "].into_iter().all(stands_for_nothing));
        assert!(!stands_for_nothing("nothing"));
    }
}
