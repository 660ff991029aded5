//! One value out of the values that a header came with, and whether a tool masked it or cut it off.
//! Nothing is taken off a value: what a strict receiver compares is what was sent.

/// The values of one header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeaderValues<'a> {
    /// No value, or only empty ones.
    Missing,
    /// One value.
    One(&'a str),
    /// At least two, whether equal or not: receivers differ in which one they take, or join them.
    Several,
}

impl<'a> HeaderValues<'a> {
    /// The values as they were sent.
    pub(super) fn of(mut values: impl Iterator<Item = &'a str>) -> Self {
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
    pub(super) fn split(self) -> Self {
        match self {
            Self::One(value) => {
                let parts = value.split(',').filter(|part| !part.trim_ascii().is_empty());
                if parts.count() > 1 { Self::Several } else { self }
            }
            other => other,
        }
    }

    /// The value, if there is just one.
    pub(super) fn one(self) -> Option<&'a str> {
        match self {
            Self::One(value) => Some(value),
            Self::Missing | Self::Several => None,
        }
    }
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
pub(super) enum Redaction {
    /// Something else stands in its place, or in a part of it.
    Masked,
    /// Only its beginning is there.
    CutOff,
}

/// Whether a value stands for "there was none".
pub(super) fn stands_for_nothing(value: &str) -> bool {
    NOTHING.iter().any(|word| value.trim().eq_ignore_ascii_case(word))
}

/// Whether a signature was masked or cut off, as far as that shows. Hex that is too short may as
/// well be another digest, or one that lost its leading zeros.
pub(super) fn of_signature(value: &str) -> Option<Redaction> {
    let value = value.trim();
    if value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    of_any(value, 3)
}

/// Whether a request id was masked or cut off. Its form is not documented, so only plain signs
/// count; a cut-off UUID is one.
pub(super) fn of_request_id(value: &str) -> Option<Redaction> {
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
        for one in ["a", "a,", ", ,a", ","] {
            assert_eq!(split(one), HeaderValues::One(one));
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
