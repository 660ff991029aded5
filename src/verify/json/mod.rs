//! One pass over a JSON text: is it well-formed, what stands at its top, and a hash of its
//! value.
//!
//! Two texts of the same value have the same hash, whatever their white space, escapes, order
//! of members and spelling of numbers: a tool that keeps parsed JSON and writes it anew must
//! not look like someone who changed it. serde_json would need a tree for that, which costs
//! more than all the rest of a verdict.

mod scanner;

use std::borrow::Cow;

use super::seed::Seed;
use crate::capture::Spelling;
use scanner::{Bare, Escaped, Quote, Scanner};

/// Deeper than this is no envelope. serde_json stops here as well, so every other reader of
/// the body in this crate agrees.
const DEPTH: u8 = 127;

/// A member of the top object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Member<'a> {
    #[default]
    Missing,
    Text(Cow<'a, str>),
    Object,
    /// Any other kind of value.
    Other,
}

/// What the envelope's three members are.
#[derive(Debug, Default)]
pub(super) struct Members<'a> {
    pub event: Member<'a>,
    pub triggered_date: Member<'a>,
    pub data: Member<'a>,
}

impl<'a> Members<'a> {
    /// The last of several members of the same name counts, as in most readers.
    fn slot(&mut self, name: &str) -> Option<&mut Member<'a>> {
        match name {
            "event" => Some(&mut self.event),
            "triggeredDate" => Some(&mut self.triggered_date),
            "data" => Some(&mut self.data),
            _ => None,
        }
    }
}

/// A well-formed JSON text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scan {
    /// Hash of its value.
    pub hash: u64,
    pub is_object: bool,
}

/// Reads a body, from wherever it stands, and notes its members if it is an object; `None` when it
/// is not JSON.
pub(super) fn scan<'a>(body: Spelling<'a>, seed: &Seed, members: &mut Members<'a>) -> Option<Scan> {
    match body {
        Spelling::Plain(bytes) => text::<Bare>(std::str::from_utf8(bytes).ok()?, seed, members),
        Spelling::Quoted(quoted) => text::<Escaped>(quoted.as_spelt(), seed, members),
    }
}

fn text<'a, Q: Quote>(text: &'a str, seed: &Seed, members: &mut Members<'a>) -> Option<Scan> {
    let mut scanner = Scanner::<Q>::new(text.strip_prefix('\u{feff}').unwrap_or(text), seed);
    scanner.space();
    let is_object = scanner.peek() == Some(b'{');
    let hash = if is_object { top(&mut scanner, members)? } else { scanner.value(DEPTH)? };
    scanner.space();
    scanner.peek().is_none().then_some(Scan { hash, is_object })
}

/// Reads the outermost object, and keeps the members that an envelope has.
fn top<'a, Q: Quote>(scanner: &mut Scanner<'a, '_, Q>, members: &mut Members<'a>) -> Option<u64> {
    scanner.object(|scanner, key| {
        let Some(slot) = members.slot(key) else { return scanner.value(DEPTH) };
        if scanner.is_at_string() {
            let (text, hash) = scanner.text()?;
            *slot = Member::Text(text);
            return Some(hash);
        }
        *slot = if scanner.peek() == Some(b'{') { Member::Object } else { Member::Other };
        scanner.value(DEPTH)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash, which is the same where the text stands within JSON.
    fn hash(text: &str) -> Option<u64> {
        let (seed, mut members) = (Seed::new(1), Members::default());
        let scan = scan(Spelling::Plain(text.as_bytes()), &seed, &mut members);
        let hash = scan.map(|scan| scan.hash);
        if !text.contains('\\') {
            let quoted = text.replace('"', "\\\"");
            let scan = super::text::<Escaped>(&quoted, &seed, &mut Members::default());
            assert_eq!(scan.map(|scan| scan.hash), hash, "{text}");
        }
        hash
    }

    #[test]
    fn well_formed_is_what_serde_json_says() {
        for text in [
            "{}",
            "[]",
            "[1,2]",
            "\"a\"",
            " null ",
            "true",
            "-0",
            "0.5e-7",
            "1E+5",
            "[[],{}]",
            "{\"a\":{\"b\":[{}]}}",
            "\"\\u0142\\n\"",
            "",
            " ",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "nul",
            "nulll",
            "\"\\",
            "\"\n\"",
            "\"\\x\"",
            "\"\\é\"",
            "\"\\ud800\"",
            "[1 2]",
            "{\"a\" 1}",
            "{\"a\":}",
            "{}{}",
            "1 1",
            "'a'",
            "{\"a\":1 \"b\":2}",
            "{,}",
            "[,]",
            "NaN",
            "tru",
            "\"",
        ] {
            let theirs = serde_json::from_str::<serde_json::Value>(text).is_ok();
            assert_eq!(hash(text).is_some(), theirs, "{text}");
        }
    }

    #[test]
    fn the_hash_is_of_the_value_not_of_its_spelling() {
        for (left, right) in [
            ("{\"a\":1,\"b\":[2,3]}", " { \"b\" : [ 2 , 3 ],\n\t\"a\" : 1.0 } "),
            ("\"\\u0142/\"", "\"ł\\/\""),
            ("100", "1e2"),
            ("\u{feff}{}", "{}"),
            ("-0", "0"),
            ("12345678901234567890", "12345678901234567890.0"),
        ] {
            assert_eq!(hash(left), hash(right), "{left} {right}");
        }
    }

    #[test]
    fn different_values_have_different_hashes() {
        let texts = [
            "1",
            "2",
            "\"1\"",
            "null",
            "\"null\"",
            "true",
            "false",
            "[]",
            "{}",
            "[[]]",
            "[{}]",
            "[1,2]",
            "[2,1]",
            "[[1],2]",
            "[[1,2]]",
            "{\"a\":1}",
            "{\"a\":2}",
            "{\"b\":1}",
            "{\"a\":{\"b\":1}}",
            "{\"a\":1,\"b\":2}",
            "{\"a\":2,\"b\":1}",
            "{\"a\":1,\"a\":1}",
        ];
        let hashes: std::collections::HashSet<_> = texts.iter().map(|text| hash(text)).collect();
        assert_eq!(hashes.len(), texts.len());
    }

    #[test]
    fn brackets_without_end_are_refused_not_followed() {
        assert_eq!(hash(&"[".repeat(200_000)), None);
        assert_eq!(hash(&format!("{}{}", "[".repeat(200_000), "]".repeat(200_000))), None);
        assert!(hash(&format!("{}{}", "[".repeat(120), "]".repeat(120))).is_some());
    }

    #[test]
    fn the_envelopes_members_are_seen_at_the_top_only() {
        let text = "{\"event\":\"T\\u0065st\",\"data\":{\"triggeredDate\":\"x\"}}";
        let mut members = Members::default();
        assert!(scan(Spelling::Plain(text.as_bytes()), &Seed::new(1), &mut members).is_some());
        assert_eq!(members.event, Member::Text("Test".into()));
        assert_eq!(members.triggered_date, Member::Missing);
        assert_eq!(members.data, Member::Object);
    }
}
