//! A place in a line, with a search for quotes that serves all its strings.

use crate::marks::Marks;

/// Every method that reads moves behind what it read.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    marks: Marks<'a>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, marks: Marks::new(text) }
    }

    /// What was not read yet.
    pub(super) fn here(&self) -> Option<&'a [u8]> {
        self.text.as_bytes().get(self.at..)
    }

    /// Over `expected`, if that is what stands here.
    pub(super) fn skip(&mut self, expected: &str) -> Option<()> {
        self.here()?.starts_with(expected.as_bytes()).then(|| self.at += expected.len())
    }

    /// Over what stood in the line before, if it was something and stands here again.
    pub(super) fn again(&mut self, before: &str) -> bool {
        !before.is_empty() && self.skip(before).is_some()
    }

    /// What was read since.
    pub(super) fn since(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    /// A string without escapes up to its closing quote, and over that.
    pub(super) fn plain(&mut self) -> Option<&'a str> {
        let end = self.marks.next(self.at);
        let text = self.text.get(self.at..end)?;
        (self.text.as_bytes().get(end) == Some(&b'"')).then(|| self.at = end + 1)?;
        Some(text)
    }
}
