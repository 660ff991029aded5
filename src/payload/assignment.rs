//! What flags put at a path: `PATH=VALUE`, and `PATH=FROM..TO` for values that vary.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::{DataPath, PathError};

/// A path and the value that goes there.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The path.
    pub path: DataPath,
    /// The value: JSON if the text is JSON (a number, `true`, `null`, an object …), else a string.
    pub value: Value,
}

/// Why a text is not `PATH=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssignmentError {
    /// The path cannot be read.
    #[error("{0}, as in user.userId=42")]
    Path(#[from] PathError),
    /// There is no `=`.
    #[error("expected PATH=VALUE, as in user.userId=42")]
    NoValue,
}

impl FromStr for Assignment {
    type Err = AssignmentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, rest) = DataPath::read(text)?;
        let value = rest.strip_prefix('=').ok_or(AssignmentError::NoValue)?;
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

/// Why a text is not `PATH=FROM..TO`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VariationError {
    /// The path cannot be read.
    #[error("{0}, as in userId=1000..9999")]
    Path(#[from] PathError),
    /// What follows the `=` is not a range.
    #[error("expected PATH=FROM..TO with whole numbers, as in userId=1000..9999")]
    Range,
    /// The range is empty.
    #[error("the range {0}..{1} is empty: the first number is the least")]
    Empty(i64, i64),
}

impl FromStr for Variation {
    type Err = VariationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, rest) = DataPath::read(text)?;
        let range = rest.strip_prefix('=').and_then(|range| range.split_once(".."));
        let (from, to) = range.ok_or(VariationError::Range)?;
        let number = |text: &str| text.trim().parse().map_err(|_| VariationError::Range);
        let (from, to) = (number(from)?, number(to.trim_start_matches('='))?);
        if from > to {
            return Err(VariationError::Empty(from, to));
        }
        Ok(Self { path, from, to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
        assert_eq!("a".parse::<Assignment>(), Err(AssignmentError::NoValue));
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
        assert_eq!("a=2..1".parse::<Variation>(), Err(VariationError::Empty(2, 1)));
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
