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
        let (Some((first, behind)), Some((last, before))) =
            (bytes.split_first(), bytes.split_last())
        else {
            return Some(Self(text));
        };
        let broken = breaks(before, behind);
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

/// As many bytes as a vector instruction takes.
const STEP: usize = 16;

/// Whether a text breaks the rule that a quote has a backslash before it, and what has a backslash
/// before it is a quote, or there is a control character: `behind` is what follows on each byte of
/// `before`. The last step may overlap the one before it.
fn breaks(before: &[u8], behind: &[u8]) -> bool {
    let (Some(last), Some(end)) = (before.last_chunk(), behind.last_chunk()) else {
        return before.iter().zip(behind).any(|(one, next)| is_break(*one, *next));
    };
    let mut broken = [0; STEP];
    for (one, next) in before.as_chunks().0.iter().zip(behind.as_chunks().0) {
        add_breaks(&mut broken, one, next);
    }
    add_breaks(&mut broken, last, end);
    u128::from_le_bytes(broken) != 0
}

fn add_breaks(broken: &mut [u8; STEP], before: &[u8; STEP], behind: &[u8; STEP]) {
    for (broken, (one, next)) in broken.iter_mut().zip(before.iter().zip(behind)) {
        *broken |= u8::from(is_break(*one, *next));
    }
}

/// Without a branch, so that it compiles to vector instructions.
fn is_break(one: u8, next: u8) -> bool {
    ((one == b'\\') != (next == b'"')) | (one < b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_break_is_found_wherever_it_stands() {
        for length in 1..70 {
            for at in 0..length {
                let mut text = vec![b'x'; length];
                text[at] = b'"';
                assert_eq!(Quoted::new(str::from_utf8(&text).unwrap()), None);
                text[at] = b'\n';
                assert_eq!(Quoted::new(str::from_utf8(&text).unwrap()), None);
                text[at] = b'\\';
                assert_eq!(Quoted::new(str::from_utf8(&text).unwrap()), None);
                if let Some(next) = text.get_mut(at + 1) {
                    *next = b'"';
                    assert!(Quoted::new(str::from_utf8(&text).unwrap()).is_some());
                }
            }
        }
    }

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
