//! One pass over a JSON text: is it well-formed, what stands at its top, and a hash of its
//! value.
//!
//! Two texts of the same value have the same hash, whatever their white space, escapes, order
//! of members and spelling of numbers: a tool that keeps parsed JSON and writes it anew must
//! not look like someone who changed it. serde_json would need a tree for that, which costs
//! more than all the rest of a verdict.

use std::borrow::Cow;

use super::seed::Seed;

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

/// A well-formed JSON text.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    /// Hash of its value.
    pub hash: u64,
    /// Its members, when it is an object.
    pub members: Option<Members<'a>>,
}

/// Reads `text`; `None` when it is not JSON.
pub(super) fn scan<'a>(text: &'a str, seed: &Seed) -> Option<Scan<'a>> {
    let mut scanner = Scanner { text, at: 0, seed };
    scanner.space();
    let mut members = None;
    let hash = if scanner.peek() == Some(b'{') {
        let mut found = Members::default();
        let hash = scanner.object(DEPTH, |key, value| match key {
            "event" => found.event = value,
            "triggeredDate" => found.triggered_date = value,
            "data" => found.data = value,
            _ => {}
        })?;
        members = Some(found);
        hash
    } else {
        scanner.value(DEPTH)?.0
    };
    scanner.space();
    (scanner.at == text.len()).then_some(Scan { hash, members })
}

/// What keeps values of different kinds apart in the hash.
mod domain {
    pub const WORD: u64 = 1;
    pub const NUMBER: u64 = 2;
    pub const TEXT: u64 = 3;
    pub const ARRAY: u64 = 4;
    pub const OBJECT: u64 = 5;
}

struct Scanner<'a, 's> {
    text: &'a str,
    at: usize,
    seed: &'s Seed,
}

impl<'a> Scanner<'a, '_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str) -> Option<(u64, Member<'a>)> {
        let found = self.text.as_bytes().get(self.at..)?.starts_with(word.as_bytes());
        self.at += word.len();
        found.then(|| (self.seed.bytes(domain::WORD, word.as_bytes()), Member::Other))
    }

    /// The hash of the next value, and what a member of the top object keeps of it.
    fn value(&mut self, depth: u8) -> Option<(u64, Member<'a>)> {
        match self.peek()? {
            b'"' => {
                let text = self.string()?;
                Some((self.seed.bytes(domain::TEXT, text.as_bytes()), Member::Text(text)))
            }
            b'{' => {
                let hash = self.object(depth.checked_sub(1)?, |_, _| {})?;
                Some((hash, Member::Object))
            }
            b'[' => Some((self.array(depth.checked_sub(1)?)?, Member::Other)),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => Some((self.number()?, Member::Other)),
        }
    }

    fn object(&mut self, depth: u8, mut see: impl FnMut(&str, Member<'a>)) -> Option<u64> {
        self.take(b'{')?;
        self.space();
        // A sum does not depend on the order of the members.
        let mut sum = 0_u64;
        while self.peek()? != b'}' {
            let key = self.string()?;
            self.space();
            self.take(b':')?;
            self.space();
            let (hash, member) = self.value(depth)?;
            sum = sum.wrapping_add(self.seed.pair(self.seed.bytes(0, key.as_bytes()), hash));
            see(&key, member);
            self.separator(b'}')?;
        }
        self.at += 1;
        Some(self.seed.pair(domain::OBJECT, sum))
    }

    fn array(&mut self, depth: u8) -> Option<u64> {
        self.take(b'[')?;
        self.space();
        let mut hash = domain::ARRAY;
        while self.peek()? != b']' {
            let (value, _) = self.value(depth)?;
            hash = self.seed.pair(hash, value);
            self.separator(b']')?;
        }
        self.at += 1;
        Some(self.seed.pair(domain::ARRAY, hash))
    }

    /// After a value: a comma and something more, or the closing bracket, which stays.
    fn separator(&mut self, close: u8) -> Option<()> {
        self.space();
        if self.peek()? == close {
            return Some(());
        }
        self.take(b',')?;
        self.space();
        (self.peek()? != close).then_some(())
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        self.take(b'"')?;
        let mut escaped = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            self.at += rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..b' '))?;
            match self.peek()? {
                b'"' => break,
                // Whatever is escaped cannot end the text.
                b'\\' => self.at += 2,
                _ => return None,
            }
            escaped = true;
        }
        self.at += 1;
        if escaped {
            serde_json::from_str(self.text.get(start..self.at)?).ok().map(Cow::Owned)
        } else {
            self.text.get(start + 1..self.at - 1).map(Cow::Borrowed)
        }
    }

    fn number(&mut self) -> Option<u64> {
        let start = self.at;
        let _ = self.take(b'-');
        // Nothing may follow a leading zero: the digits after it end the number too early.
        if self.take(b'0').is_none() {
            self.digits()?;
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.at)?;
        // As JavaScript reads it: tools that write JSON anew turn 33.0 into 33. A short integer
        // is exact without the parser.
        let number = match text.len() {
            ..16 if text.bytes().all(|byte| byte.is_ascii_digit()) => integer(text) as f64,
            _ => text.parse::<f64>().ok()? + 0.0,
        };
        Some(self.seed.pair(domain::NUMBER, number.to_bits()))
    }

    /// At least one digit.
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}

fn integer(digits: &str) -> u64 {
    digits.bytes().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(text: &str) -> Option<u64> {
        scan(text, &Seed::new(1)).map(|scan| scan.hash)
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
            "\u{feff}{}",
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
        let members = scan(text, &Seed::new(1)).unwrap().members.unwrap();
        assert_eq!(members.event, Member::Text("Test".into()));
        assert_eq!(members.triggered_date, Member::Missing);
        assert_eq!(members.data, Member::Object);
        assert!(scan("[]", &Seed::new(1)).unwrap().members.is_none());
    }
}
