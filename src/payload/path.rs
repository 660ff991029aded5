//! Paths into JSON: `user.userId`, `items[0].name`, `"a key with . or ="`.

use std::fmt;

use serde_json::Value;

/// A place in a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Vec<Step>);

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into an object, by key.
    Key(String),
    /// Into an array, counted from 0.
    Index(usize),
}

/// What is wrong with a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPath {
    /// Two dots in a row, or one at an end.
    #[error("a key is missing")]
    NoKey,
    /// A quote that is never closed.
    #[error("a quote is not closed")]
    OpenQuote,
    /// Brackets that do not hold a number.
    #[error("brackets hold the position in a list, such as [0]")]
    Index,
    /// Something between a closing quote or bracket and the next dot.
    #[error("expected a dot, a bracket or the end before {0:?}")]
    Unexpected(char),
}

impl Path {
    /// Reads the path at the start of `text`, up to the end or an unquoted `=`; gives it with
    /// what is left.
    ///
    /// # Errors
    /// When the text before the `=` is not a path.
    pub fn read(text: &str) -> Result<(Self, &str), InvalidPath> {
        let mut rest = text;
        let mut steps = Vec::new();
        loop {
            let (key, after) = read_key(rest)?;
            steps.push(Step::Key(key));
            rest = after;
            while let Some(after) = rest.strip_prefix('[') {
                let (index, after) = after.split_once(']').ok_or(InvalidPath::Index)?;
                steps.push(Step::Index(index.parse().map_err(|_| InvalidPath::Index)?));
                rest = after;
            }
            match rest.chars().next() {
                Some('.') => rest = &rest[1..],
                None | Some('=') => return Ok((Self(steps), rest)),
                Some(other) => return Err(InvalidPath::Unexpected(other)),
            }
        }
    }

    /// The value at this path of `data`.
    pub fn get<'a>(&self, data: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(data, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.get(index),
        })
    }

    /// The steps from the outside in; at least one.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The same path without its first step; `None` when that is the only one, or another key.
    pub(super) fn below(&self, key: &str) -> Option<Self> {
        match self.0.split_first()? {
            (Step::Key(first), rest) if first == key && !rest.is_empty() => {
                Some(Self(rest.to_vec()))
            }
            _ => None,
        }
    }

    pub(super) fn from_steps(steps: Vec<Step>) -> Self {
        Self(steps)
    }
}

fn read_key(text: &str) -> Result<(String, &str), InvalidPath> {
    if let Some(quoted) = text.strip_prefix('"') {
        return read_quoted(quoted);
    }
    let end = text.find(['.', '[', '=']).unwrap_or(text.len());
    match text.split_at(end) {
        ("", _) => Err(InvalidPath::NoKey),
        (key, rest) => Ok((key.to_owned(), rest)),
    }
}

/// Reads up to the closing quote; `\"` and `\\` stand for themselves.
fn read_quoted(text: &str) -> Result<(String, &str), InvalidPath> {
    let mut key = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((key, &text[at + 1..])),
            '\\' => key.extend(chars.next().map(|(_, escaped)| escaped)),
            other => key.push(other),
        }
    }
    Err(InvalidPath::OpenQuote)
}

/// The form that [`Path::read`] reads back.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    let dot = if at == 0 { "" } else { "." };
                    if key.is_empty() || key.contains(['.', '[', '=', '"', '\\']) {
                        let escaped = key.replace('\\', "\\\\").replace('"', "\\\"");
                        write!(f, "{dot}\"{escaped}\"")?;
                    } else {
                        write!(f, "{dot}{key}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_and_prints_back() {
        for text in ["userId", "user.userId", "a[0][12].b", "\"a.b=c\".d", "\"\"", "\"q\\\"\\\\\""]
        {
            let (path, rest) = Path::read(text).unwrap();
            assert_eq!((path.to_string().as_str(), rest), (text, ""));
        }
    }

    #[test]
    fn stops_at_the_first_unquoted_equals_sign() {
        let (path, rest) = Path::read("\"a=b\".c=d=e").unwrap();
        assert_eq!((path.steps().len(), rest), (2, "=d=e"));
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, error) in [
            ("", InvalidPath::NoKey),
            ("a..b", InvalidPath::NoKey),
            ("a.", InvalidPath::NoKey),
            ("[0]", InvalidPath::NoKey),
            ("\"a", InvalidPath::OpenQuote),
            ("a[x]", InvalidPath::Index),
            ("a[0", InvalidPath::Index),
            ("a[-1]", InvalidPath::Index),
            ("\"a\"b", InvalidPath::Unexpected('b')),
        ] {
            assert_eq!(Path::read(text).unwrap_err(), error, "{text}");
        }
    }
}
