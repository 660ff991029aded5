//! A body as it stands in a file: to judge it, its bytes need not always be written out.

use std::borrow::Cow;

/// How the bytes of a body are at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling<'a> {
    /// As they are.
    Plain(&'a [u8]),
    /// As they stand in a JSON string.
    Quoted(Quoted<'a>),
}

impl<'a> Spelling<'a> {
    /// The bytes.
    pub fn bytes(self) -> Cow<'a, [u8]> {
        match self {
            Self::Plain(bytes) => Cow::Borrowed(bytes),
            Self::Quoted(quoted) => Cow::Owned(quoted.to_bytes()),
        }
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        match self {
            Self::Plain(bytes) => bytes.is_empty(),
            Self::Quoted(quoted) => quoted.0.is_empty(),
        }
    }
}

/// A text between the quotes of a JSON string, in which nothing but quotes is escaped: JSON
/// within JSON looks like this unless a string in it has an escape of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quoted<'a>(&'a str);

impl<'a> Quoted<'a> {
    /// Takes the text, if it is one.
    pub(super) fn new(text: &'a str) -> Option<Self> {
        let bytes = text.as_bytes();
        let ((Some(first), Some(last)), Some((_, behind))) =
            ((bytes.first(), bytes.last()), bytes.split_first())
        else {
            return Some(Self(text));
        };
        // A quote has a backslash before it, and what has a backslash before it is a quote. In a
        // form that compiles to vector instructions.
        let breaks = |(one, next): (&u8, &u8)| ((*one == b'\\') != (*next == b'"')) | (*one < b' ');
        let broken = bytes.iter().zip(behind).fold(false, |broken, pair| broken | breaks(pair));
        let fits = !broken && *first != b'"' && *last != b'\\' && *last >= b' ';
        fits.then_some(Self(text))
    }

    /// The text as it stands there.
    pub fn as_spelt(self) -> &'a str {
        self.0
    }

    fn to_bytes(self) -> Vec<u8> {
        self.0.bytes().filter(|byte| *byte != b'\\').collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_what_serde_json_reads_or_is_not_taken() {
        for text in ["", "a", "\\\"", "{\\\"a\\\":\\\"ż\\\"}", "\\\"\\\""] {
            let expected: String = serde_json::from_str(&format!("\"{text}\"")).unwrap();
            let spelling = Spelling::Quoted(Quoted::new(text).unwrap());
            assert_eq!(spelling.bytes(), expected.as_bytes());
            assert_eq!(spelling.is_empty(), expected.is_empty());
        }
        for text in
            ["\"", "\\", "a\"", "\\n", "\\\\", "\\\\\"", "a\\", "\n", "a\n", "\\\"\"", "\t{"]
        {
            assert_eq!(Quoted::new(text), None, "{text}");
        }
    }
}
