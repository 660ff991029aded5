//! The pass that fills an index.

use super::index::Part;
use crate::marks::Marks;

/// No container is open.
const NONE: u32 = u32::MAX;

/// A pass over a text that is shorter than 4 GiB. Takes what `serde_json` takes, or less.
pub(super) struct Pass<'a> {
    bytes: &'a [u8],
    marks: Marks<'a>,
    at: usize,
    parts: &'a mut Vec<Part>,
    /// The innermost container that is open.
    open: u32,
    /// Whether that is an object.
    in_object: bool,
}

impl<'a> Pass<'a> {
    pub(super) fn new(text: &'a str, parts: &'a mut Vec<Part>) -> Self {
        let (bytes, marks) = (text.as_bytes(), Marks::new(text));
        Self { bytes, marks, at: 0, parts, open: NONE, in_object: false }
    }

    pub(super) fn document(mut self) -> Option<()> {
        loop {
            self.value()?;
            loop {
                self.space();
                let Some(byte) = self.bytes.get(self.at) else {
                    return (self.open == NONE).then_some(());
                };
                self.at += 1;
                match byte {
                    b',' if self.open != NONE => {
                        self.name()?;
                        break;
                    }
                    b'}' | b']' => self.close(*byte)?,
                    _ => return None,
                }
            }
        }
    }

    /// Over a value; if it is a container with something in it, up to its first value.
    fn value(&mut self) -> Option<()> {
        loop {
            self.space();
            let byte = *self.bytes.get(self.at)?;
            match byte {
                b'"' => return self.string(),
                b'{' | b'[' => {
                    let start = self.at;
                    self.at += 1;
                    self.push(start, self.open);
                    self.open = u32::try_from(self.parts.len() - 1).ok()?;
                    self.in_object = byte == b'{';
                    self.space();
                    // In ASCII a bracket that closes is two behind the one that opens.
                    if self.bytes.get(self.at) == Some(&(byte + 2)) {
                        self.at += 1;
                        return self.close(byte + 2);
                    }
                    self.name()?;
                }
                b't' => return self.word(b"true"),
                b'f' => return self.word(b"false"),
                b'n' => return self.word(b"null"),
                _ => return self.number(),
            }
        }
    }

    /// Over the name of a member and its colon, if an object is open.
    fn name(&mut self) -> Option<()> {
        if !self.in_object {
            return Some(());
        }
        self.space();
        if self.bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        self.string()?;
        self.space();
        (self.bytes.get(self.at) == Some(&b':')).then(|| self.at += 1)
    }

    /// Ends the innermost container, whose bracket has been passed.
    fn close(&mut self, bracket: u8) -> Option<()> {
        let fits = self.in_object == (bracket == b'}');
        let behind = self.parts.len() as u32;
        let part = self.parts.get_mut(self.open as usize)?;
        part.end = self.at as u32;
        let parent = part.within;
        part.within = behind - self.open - 1;
        self.open = parent;
        let around = self.parts.get(parent as usize).map_or(0, |part| part.start as usize);
        self.in_object = parent != NONE && self.bytes.get(around) == Some(&b'{');
        fits.then_some(())
    }

    /// Adds what ends here, or has just begun.
    fn push(&mut self, start: usize, within: u32) {
        self.parts.push(Part { start: start as u32, end: self.at as u32, within });
    }

    fn string(&mut self) -> Option<()> {
        let start = self.at;
        self.at += 1;
        let mut within = 0;
        loop {
            self.at = self.marks.next(self.at);
            match self.bytes.get(self.at..)? {
                [b'"', ..] => break,
                [b'\\', b'u', a, b, c, d, ..] => {
                    let hex = [a, b, c, d].iter().all(|byte| byte.is_ascii_hexdigit());
                    hex.then(|| self.at += 6)?;
                }
                [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => self.at += 2,
                _ => return None,
            }
            within = Part::ESCAPED;
        }
        self.at += 1;
        self.push(start, within);
        Some(())
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        let start = self.at;
        self.bytes[start..].starts_with(word).then(|| self.at += word.len())?;
        self.push(start, 0);
        Some(())
    }

    /// `-12.5e+3`
    fn number(&mut self) -> Option<()> {
        let start = self.at;
        self.skip(b"-");
        let zero = self.skip(b"0");
        if !zero {
            self.digits()?;
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        self.push(start, 0);
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let rest = &self.bytes[self.at..];
        let count = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        self.at += count;
        (count > 0).then_some(())
    }

    /// Over one of these bytes, if it stands here.
    fn skip(&mut self, any: &[u8]) -> bool {
        let found = self.bytes.get(self.at).is_some_and(|byte| any.contains(byte));
        self.at += usize::from(found);
        found
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }
}
