//! Edits of a sample's `data` before it is sent: `--set PATH=VALUE`, `--add PATH=VALUE`,
//! `--remove PATH` and `--vary PATH=FROM..TO`. Pure.
//!
//! Here is what is typed: paths into JSON (`user.userId`, `items[0].name`, `"a key with . or ="`), and
//! what follows them.

mod diff;
mod edit;

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

pub use diff::{Change, Difference, diff};
pub use edit::{EditError, add, get, is_within, remove, set};

/// A path to a value in JSON: its segments from the outside in, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataPath(Vec<PathSegment>);

/// One segment of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum PathSegment {
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

    /// The path without its first segment, if that is `key` and not the only one.
    fn below(&self, key: &str) -> Option<Self> {
        match self.0.split_first()? {
            (PathSegment::Key(first), rest) if first == key && !rest.is_empty() => {
                Some(Self(rest.to_vec()))
            }
            _ => None,
        }
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

/// A path and the value that goes there.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The path.
    pub path: DataPath,
    /// The value: JSON if the text is JSON (a number, `true`, `null`, an object …), else a string.
    pub value: Value,
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXAMPLE: &str = "as in user.userId=42";
        let (path, rest) = DataPath::read(text).map_err(|error| format!("{error}, {EXAMPLE}"))?;
        let value = rest.strip_prefix('=').ok_or(format!("expected PATH=VALUE, {EXAMPLE}"))?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        Ok(Self { path, value })
    }
}

impl fmt::Display for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::String(text) => write!(f, "{}={text}", self.path),
            value => write!(f, "{}={value}", self.path),
        }
    }
}

/// A path in `data` and the range of whole numbers that go there, ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variation {
    /// The path.
    pub path: DataPath,
    /// The least.
    pub from: i64,
    /// The greatest; not less than the least.
    pub to: i64,
}

impl FromStr for Variation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXAMPLE: &str = "as in userId=1000..9999";
        let (path, rest) = DataPath::read(text).map_err(|error| format!("{error}, {EXAMPLE}"))?;
        let wrong = || format!("expected PATH=FROM..TO with whole numbers, {EXAMPLE}");
        let range = rest.strip_prefix('=').and_then(|range| range.split_once(".."));
        let (from, to) = range.ok_or_else(wrong)?;
        let number = |text: &str| text.trim().parse::<i64>().map_err(|_| wrong());
        let (from, to) = (number(from)?, number(to.trim_start_matches('='))?);
        if from > to {
            return Err(format!("the range {from}..{to} is empty: the first number is the least"));
        }
        Ok(Self { path, from, to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
        assert_eq!((path.0.len(), rest), (2, "=d=e"));
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

    #[test]
    fn values_are_json_or_else_strings() {
        for (text, json) in [
            ("a=42", "42"),
            ("a=1.50", "1.50"),
            ("a=true", "true"),
            ("a=null", "null"),
            ("a={\"b\":[1]}", "{\"b\":[1]}"),
            ("a=\"42\"", "\"42\""),
            ("a=00123", "\"00123\""),
            ("a=Zoë = me", "\"Zoë = me\""),
            ("a=", "\"\""),
        ] {
            assert_eq!(text.parse::<Assignment>().unwrap().value.to_string(), json, "{text}");
        }
        assert!("a".parse::<Assignment>().unwrap_err().starts_with("expected PATH=VALUE"));
    }

    #[test]
    fn reads_ranges_with_both_ends() {
        let vary: Variation = "data.userId=1000..9999".parse().unwrap();
        assert_eq!((vary.from, vary.to), (1000, 9999));
        let vary: Variation = "a[0]=-5..-5".parse().unwrap();
        assert_eq!((vary.path.to_string().as_str(), vary.from, vary.to), ("a[0]", -5, -5));
        assert_eq!("a=1..=3".parse::<Variation>().unwrap().to, 3);
        for bad in ["a", "a=", "a=1", "a=1..", "a=..2", "a=x..y", "=1..2", "a=1.5..2"] {
            assert!(bad.parse::<Variation>().is_err(), "{bad}");
        }
        assert!("a=2..1".parse::<Variation>().unwrap_err().starts_with("the range 2..1 is empty"));
    }

    #[test]
    fn a_marker_returns_the_value_it_replaces() {
        let mut data = json!({"userId": 1, "userNumber": "17"});
        let vary = |text: &str| text.parse::<Variation>().unwrap();
        assert_eq!(vary("userId=1..2").mark(&mut data, "x"), Ok(json!(1)));
        assert_eq!(vary("data.userNumber=1..2").mark(&mut data, "y"), Ok(json!("17")));
        assert_eq!(data, json!({"userId": "x", "userNumber": "y"}));
        assert!(vary("userID=1..2").mark(&mut data, "x").is_err());
    }
}
