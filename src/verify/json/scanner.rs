//! The tokens of JSON, and the hash of each value.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Range;

use crate::marks::Marks;
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

/// How quotes are written.
pub(super) trait Quote {
    const QUOTE: &'static [u8];
    /// Whether other characters may be escaped in a text.
    const ESCAPES: bool;
}

/// In JSON.
pub(super) struct Bare;

impl Quote for Bare {
    const QUOTE: &'static [u8] = b"\"";
    const ESCAPES: bool = true;
}

/// In JSON within JSON; see [`Quoted`](crate::capture::Quoted).
pub(super) struct Escaped;

impl Quote for Escaped {
    const QUOTE: &'static [u8] = b"\\\"";
    const ESCAPES: bool = false;
}

/// A place in a text. Every method that reads moves behind what it read; after a `None` the
/// text is not JSON, and the place means nothing.
pub(super) struct Scanner<'a, 's, Q> {
    text: &'a str,
    bytes: &'a [u8],
    marks: Marks<'a>,
    at: usize,
    seed: &'s Seed,
    quote: PhantomData<Q>,
}

impl<'a, 's, Q: Quote> Scanner<'a, 's, Q> {
    pub fn new(text: &'a str, seed: &'s Seed) -> Self {
        let (bytes, marks) = (text.as_bytes(), Marks::new(text));
        Self { text, bytes, marks, at: 0, seed, quote: PhantomData }
    }

    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Whether a text begins here, or ends.
    pub fn is_at_string(&self) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(Q::QUOTE))
    }

    pub fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// The hash of the next value, whose brackets are at most `depth` deep.
    pub fn value(&mut self, depth: u8) -> Option<u64> {
        if self.is_at_string() {
            return self.string(domain::TEXT);
        }
        match self.peek()? {
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
        self.members(|scanner, name| {
            let name = scanner.meaning(name)?;
            value(scanner, &name)
        })
    }

    /// The same with the place of the name.
    fn members(
        &mut self,
        mut value: impl FnMut(&mut Self, Range<usize>) -> Option<u64>,
    ) -> Option<u64> {
        self.take(b'{')?;
        self.space();
        // A sum does not depend on the order of the members.
        let mut sum = 0_u64;
        while self.peek()? != b'}' {
            let start = self.at;
            let hash = self.string(domain::NAME)?;
            let name = start..self.at;
            self.space();
            self.take(b':')?;
            self.space();
            let value = value(self, name)?;
            sum = sum.wrapping_add(self.seed.pair(hash, value));
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

    /// A text that is a value, and its hash.
    pub fn text(&mut self) -> Option<(Cow<'a, str>, u64)> {
        let start = self.at;
        let hash = self.string(domain::TEXT)?;
        Some((self.meaning(start..self.at)?, hash))
    }

    /// The hash of a text. Nothing more, as that fits a register: there are many texts in a body.
    fn string(&mut self, domain: u64) -> Option<u64> {
        let start = self.at;
        self.quote()?;
        let mut escaped = false;
        loop {
            self.at = self.marks.next(self.at);
            if self.quote().is_some() {
                break;
            }
            // Whatever is escaped cannot end the text.
            (Q::ESCAPES && self.peek()? == b'\\').then(|| self.at += 2)?;
            escaped = true;
        }
        if escaped {
            return Some(self.seed.bytes(domain, self.meaning(start..self.at)?.as_bytes()));
        }
        let inside = self.bytes.get(start + Q::QUOTE.len()..self.at - Q::QUOTE.len())?;
        Some(self.seed.bytes(domain, inside))
    }

    /// What a text stands for.
    fn meaning(&self, place: Range<usize>) -> Option<Cow<'a, str>> {
        let inside = self.inside(place)?;
        if !Q::ESCAPES || memchr::memchr(b'\\', inside.as_bytes()).is_none() {
            return Some(Cow::Borrowed(inside));
        }
        serde_json::from_str(&format!("\"{inside}\"")).ok().map(Cow::Owned)
    }

    /// A text without its quotes.
    fn inside(&self, place: Range<usize>) -> Option<&'a str> {
        self.text.get(place.start + Q::QUOTE.len()..place.end - Q::QUOTE.len())
    }

    fn quote(&mut self) -> Option<()> {
        self.is_at_string().then(|| self.at += Q::QUOTE.len())
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
        // Processors turn a signed number into a float in one step.
        let number = if short {
            integer as i64 as f64
        } else {
            self.text.get(start..self.at)?.parse().ok()?
        };
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
