//! The tokens of JSON, and the hash of each value.

use std::borrow::Cow;

use crate::verify::seed::Seed;

/// What keeps values of different kinds apart in the hash.
mod domain {
    pub const NAME: u64 = 0;
    pub const WORD: u64 = 1;
    pub const NUMBER: u64 = 2;
    pub const TEXT: u64 = 3;
    pub const ARRAY: u64 = 4;
    pub const OBJECT: u64 = 5;
}

/// A place in a text. Every method that reads moves behind what it read; after a `None` the
/// text is not JSON, and the place means nothing.
pub(super) struct Scanner<'a, 's> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    seed: &'s Seed,
}

impl<'a, 's> Scanner<'a, 's> {
    pub fn new(text: &'a str, seed: &'s Seed) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, seed }
    }

    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// What is still to be read.
    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// What was read since `rest` was the rest.
    pub fn since(&self, rest: &'a str) -> Option<&'a str> {
        rest.get(..rest.len().checked_sub(self.rest().len())?)
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// The hash of the next value, whose brackets are at most `depth` deep.
    pub fn value(&mut self, depth: u8) -> Option<u64> {
        match self.peek()? {
            b'"' => self.string(domain::TEXT),
            b'{' => {
                let depth = depth.checked_sub(1)?;
                self.members(|scanner, _| scanner.value(depth))
            }
            b'[' => self.array(depth.checked_sub(1)?),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.number(),
        }
    }

    /// An object. `value` reads the value of a member, and is told its name.
    pub fn object(&mut self, mut value: impl FnMut(&mut Self, &str) -> Option<u64>) -> Option<u64> {
        self.members(|scanner, name| value(scanner, &text(name)?))
    }

    /// The same with the name as it is written, in its quotes.
    fn members(&mut self, mut value: impl FnMut(&mut Self, &'a str) -> Option<u64>) -> Option<u64> {
        self.take(b'{')?;
        self.space();
        // A sum does not depend on the order of the members.
        let mut sum = 0_u64;
        while self.peek()? != b'}' {
            let start = self.at;
            let name = self.string(domain::NAME)?;
            let written = self.text.get(start..self.at)?;
            self.space();
            self.take(b':')?;
            self.space();
            let value = value(self, written)?;
            sum = sum.wrapping_add(self.seed.pair(name, value));
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
            hash = self.seed.pair(hash, self.value(depth)?);
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

    fn word(&mut self, word: &str) -> Option<u64> {
        let found = self.bytes.get(self.at..)?.starts_with(word.as_bytes());
        self.at += word.len();
        found.then(|| self.seed.bytes(domain::WORD, word.as_bytes()))
    }

    fn string(&mut self, domain: u64) -> Option<u64> {
        let start = self.at;
        self.take(b'"')?;
        let mut escaped = false;
        loop {
            self.at += special(self.bytes.get(self.at..)?)?;
            match self.peek()? {
                b'"' => break,
                // Whatever is escaped cannot end the text.
                b'\\' => self.at += 2,
                _ => return None,
            }
            escaped = true;
        }
        self.at += 1;
        if !escaped {
            return Some(self.seed.bytes(domain, self.bytes.get(start + 1..self.at - 1)?));
        }
        let text = text(self.text.get(start..self.at)?)?;
        Some(self.seed.bytes(domain, text.as_bytes()))
    }

    fn number(&mut self) -> Option<u64> {
        let start = self.at;
        let _ = self.take(b'-');
        // Nothing may follow a leading zero: the digits after it end the number too early.
        let integer = if self.take(b'0').is_some() { 0 } else { self.digits()? };
        let digits = self.at - start;
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
        // A short integer is exact without the parser.
        let short = self.at - start == digits && digits < 16 && self.bytes.get(start)? != &b'-';
        let number =
            if short { integer as f64 } else { self.text.get(start..self.at)?.parse().ok()? };
        // As JavaScript reads it: tools that write JSON anew turn 33.0 into 33, and -0 into 0.
        Some(self.seed.pair(domain::NUMBER, (number + 0.0).to_bits()))
    }

    /// At least one digit; their value, if it is less than 2^64.
    fn digits(&mut self) -> Option<u64> {
        let start = self.at;
        let mut value = 0_u64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        (self.at > start).then_some(value)
    }
}

/// What a text in its quotes stands for; the quotes are there, and no others.
pub(super) fn text(written: &str) -> Option<Cow<'_, str>> {
    if memchr::memchr(b'\\', written.as_bytes()).is_some() {
        return serde_json::from_str(written).ok().map(Cow::Owned);
    }
    written.strip_prefix('"')?.strip_suffix('"').map(Cow::Borrowed)
}

/// Where the first quote, backslash or control character stands. Eight bytes at a time: this
/// loop takes most of the time of a scan.
fn special(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    const QUOTES: u64 = ONES * b'"' as u64;
    const BACKSLASHES: u64 = ONES * b'\\' as u64;
    // The high bit of each byte below `n`, exact up to the first such byte; `n` at most 128.
    let below = |word: u64, n: u64| word.wrapping_sub(ONES * n) & !word & HIGHS;
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let quote = below(word ^ QUOTES, 1);
        let backslash = below(word ^ BACKSLASHES, 1);
        let found = quote | backslash | below(word, 0x20);
        if found != 0 {
            return Some(number * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..b' ');
    Some(bytes.len() - rest.len() + rest.iter().position(is_special)?)
}
