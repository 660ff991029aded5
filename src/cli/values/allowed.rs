//! `--allow-failures`: a number, or a share.

use std::fmt;
use std::str::FromStr;

/// How many failures are no failure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AllowedFailures {
    /// So many.
    Count(u64),
    /// This share of all, in percent.
    Percent(f64),
}

impl AllowedFailures {
    /// Whether so many failures of so many calls are few enough.
    #[allow(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
    pub fn allows(self, failed: u64, calls: u64) -> bool {
        match self {
            Self::Count(most) => failed <= most,
            Self::Percent(percent) => failed as f64 * 100.0 <= percent * calls as f64,
        }
    }
}

impl FromStr for AllowedFailures {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = || "expected a number such as 10, or a share such as 0.1%".to_owned();
        let Some(percent) = text.strip_suffix('%') else {
            return text.parse().map(Self::Count).map_err(|_| expected());
        };
        let percent = percent.trim_end().parse().ok();
        let percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
        percent.map(Self::Percent).ok_or_else(expected)
    }
}

/// As it is typed.
impl fmt::Display for AllowedFailures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(most) => write!(f, "{most}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_or_a_share() {
        let allowed = |text: &str| text.parse::<AllowedFailures>();
        assert!(allowed("10").unwrap().allows(10, 11) && !allowed("10").unwrap().allows(11, 99));
        let share = allowed("0.1%").unwrap();
        assert!(share.allows(100, 100_000) && !share.allows(101, 100_000));
        assert_eq!(share.to_string(), "0.1%");
        for bad in ["", "%", "-1", "101%", "NaN%", "0.1", "x"] {
            assert!(allowed(bad).is_err(), "{bad}");
        }
    }
}
