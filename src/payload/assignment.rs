//! `PATH=VALUE`.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::{InvalidPath, Path};

/// A path and the value that goes there.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// Where.
    pub path: Path,
    /// What: JSON if the text is JSON (a number, `true`, `null`, an object …), else text.
    pub value: Value,
}

/// Why a text is no `PATH=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAssignment {
    /// The path cannot be read.
    #[error("{0}, as in user.userId=42")]
    Path(#[from] InvalidPath),
    /// There is no `=`.
    #[error("expected PATH=VALUE, as in user.userId=42")]
    NoValue,
}

impl FromStr for Assignment {
    type Err = InvalidAssignment;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, rest) = Path::read(text)?;
        let value = rest.strip_prefix('=').ok_or(InvalidAssignment::NoValue)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_typed_like_json_and_else_are_text() {
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
        assert_eq!("a".parse::<Assignment>(), Err(InvalidAssignment::NoValue));
    }
}
