//! `PATH=FROM..TO`: values that differ from request to request.

use std::str::FromStr;

use serde_json::Value;

use super::{Assignment, EditError, InvalidPath, Path, edit};

/// A place in `data` and the whole numbers that go there, both ends among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variation {
    /// Where.
    pub path: Path,
    /// The least.
    pub from: i64,
    /// The greatest; not less than the least.
    pub to: i64,
}

/// Why a text is no `PATH=FROM..TO`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidVariation {
    /// The path cannot be read.
    #[error("{0}, as in userId=1000..9999")]
    Path(#[from] InvalidPath),
    /// What follows the `=` is no range.
    #[error("expected PATH=FROM..TO with whole numbers, as in userId=1000..9999")]
    Range,
    /// The range has nothing in it.
    #[error("the range {0}..{1} is empty: the first number is the least")]
    Empty(i64, i64),
}

impl FromStr for Variation {
    type Err = InvalidVariation;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, rest) = Path::read(text)?;
        let range = rest.strip_prefix('=').and_then(|range| range.split_once(".."));
        let (from, to) = range.ok_or(InvalidVariation::Range)?;
        let number = |text: &str| text.trim().parse().map_err(|_| InvalidVariation::Range);
        let (from, to) = (number(from)?, number(to.trim_start_matches('='))?);
        if from > to {
            return Err(InvalidVariation::Empty(from, to));
        }
        Ok(Self { path, from, to })
    }
}

impl Variation {
    /// Puts `marker` where the numbers go, as JSON text, and gives back what was there.
    ///
    /// # Errors
    /// [`EditError::Missing`] when nothing is there.
    pub fn mark(&self, data: &mut Value, marker: &str) -> Result<Value, EditError> {
        let value = Value::from(marker);
        edit::replace(data, &Assignment { path: self.path.clone(), value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
        assert_eq!("a=2..1".parse::<Variation>(), Err(InvalidVariation::Empty(2, 1)));
    }

    #[test]
    fn a_marker_gives_back_what_was_there() {
        let mut data = json!({"userId": 1, "userNumber": "17"});
        let vary = |text: &str| text.parse::<Variation>().unwrap();
        assert_eq!(vary("userId=1..2").mark(&mut data, "x"), Ok(json!(1)));
        assert_eq!(vary("data.userNumber=1..2").mark(&mut data, "y"), Ok(json!("17")));
        assert_eq!(data, json!({"userId": "x", "userNumber": "y"}));
        assert!(vary("userID=1..2").mark(&mut data, "x").is_err());
    }
}
