//! Paths into JSON: `user.userId`, `items[0].name`, `"a key with . or ="`.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

/// A path to a value in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataPath(Vec<PathSegment>);

/// One segment of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathSegment {
    /// Into an object, by key.
    Key(String),
    /// Into an array, counted from 0.
    Index(usize),
}

/// Why a text is not a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
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

impl DataPath {
    /// Parses the path at the start of `text`, up to the end or an unquoted `=`; returns it with
    /// the rest.
    ///
    /// # Errors
    /// When the text before the `=` is not a path.
    pub fn read(text: &str) -> Result<(Self, &str), PathError> {
        let mut rest = text;
        let mut segments = Vec::new();
        loop {
            let (key, after) = read_key(rest)?;
            segments.push(PathSegment::Key(key));
            rest = after;
            while let Some(after) = rest.strip_prefix('[') {
                let (index, after) = after.split_once(']').ok_or(PathError::Index)?;
                segments.push(PathSegment::Index(index.parse().map_err(|_| PathError::Index)?));
                rest = after;
            }
            match rest.chars().next() {
                Some('.') => rest = &rest[1..],
                None | Some('=') => return Ok((Self(segments), rest)),
                Some(other) => return Err(PathError::Unexpected(other)),
            }
        }
    }

    /// The value at this path of `data`.
    pub fn get<'a>(&self, data: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(data, |value, segment| match segment {
            PathSegment::Key(key) => value.get(key),
            PathSegment::Index(index) => value.get(index),
        })
    }

    /// The segments from the outside in; at least one.
    pub fn segments(&self) -> &[PathSegment] {
        &self.0
    }

    /// The path without its first segment, if that is `key` and not the only one.
    pub(super) fn below(&self, key: &str) -> Option<Self> {
        match self.0.split_first()? {
            (PathSegment::Key(first), rest) if first == key && !rest.is_empty() => {
                Some(Self(rest.to_vec()))
            }
            _ => None,
        }
    }

    pub(super) fn from_segments(segments: Vec<PathSegment>) -> Self {
        Self(segments)
    }
}

fn read_key(text: &str) -> Result<(String, &str), PathError> {
    if let Some(quoted) = text.strip_prefix('"') {
        return read_quoted(quoted);
    }
    let end = text.find(['.', '[', '=']).unwrap_or(text.len());
    match text.split_at(end) {
        ("", _) => Err(PathError::NoKey),
        (key, rest) => Ok((key.to_owned(), rest)),
    }
}

/// Reads up to the closing quote, with the escapes `\"` and `\\`.
fn read_quoted(text: &str) -> Result<(String, &str), PathError> {
    let mut key = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((key, &text[at + 1..])),
            '\\' => key.extend(chars.next().map(|(_, escaped)| escaped)),
            other => key.push(other),
        }
    }
    Err(PathError::OpenQuote)
}

/// A whole text that is a path.
impl FromStr for DataPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::read(text)? {
            (path, "") => Ok(path),
            (_, _) => Err(PathError::Unexpected('=')),
        }
    }
}

/// The text that [`DataPath::read`] reads back.
impl fmt::Display for DataPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                PathSegment::Index(index) => write!(f, "[{index}]")?,
                PathSegment::Key(key) => {
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
            let (path, rest) = DataPath::read(text).unwrap();
            assert_eq!((path.to_string().as_str(), rest), (text, ""));
        }
    }

    #[test]
    fn stops_at_the_first_unquoted_equals_sign() {
        let (path, rest) = DataPath::read("\"a=b\".c=d=e").unwrap();
        assert_eq!((path.segments().len(), rest), (2, "=d=e"));
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, error) in [
            ("", PathError::NoKey),
            ("a..b", PathError::NoKey),
            ("a.", PathError::NoKey),
            ("[0]", PathError::NoKey),
            ("\"a", PathError::OpenQuote),
            ("a[x]", PathError::Index),
            ("a[0", PathError::Index),
            ("a[-1]", PathError::Index),
            ("\"a\"b", PathError::Unexpected('b')),
        ] {
            assert_eq!(DataPath::read(text).unwrap_err(), error, "{text}");
        }
    }
}
