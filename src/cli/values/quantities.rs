//! Durations, sizes and counts. Each has a greatest value, so that no arithmetic can overflow.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{StringValueParser, TypedValueParser};

/// The longest duration: a year.
const MAX_DURATION: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The largest size in bytes: 1 TiB.
const MAX_SIZE: u64 = 1 << 40;

/// The greatest count of requests, rows and the like.
pub(in crate::cli) const MAX_COUNT: u64 = 1_000_000_000;

/// Reads a duration with its unit: `5s`, `250ms`, `1m30s`.
pub(in crate::cli) fn duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration <= MAX_DURATION => Ok(duration),
        Ok(_) | Err(humantime::DurationError::NumberOverflow) => {
            Err("expected at most 365d".to_owned())
        }
        Err(_) => Err("expected a number with a unit, such as 5s, 250ms or 1m30s".to_owned()),
    }
}

/// Reads a duration that is not zero.
pub(in crate::cli) fn time_limit(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("expected more than no time at all".to_owned()),
        limit => Ok(limit),
    }
}

/// Reads a size in bytes, with or without a unit: `65536`, `64KiB`, `1MiB`, `100MB`.
pub(in crate::cli) fn size(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 7] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("B", 1),
    ];
    let unit = |(name, bytes): &(&str, u64)| Some((text.strip_suffix(name)?.trim_end(), *bytes));
    let (number, unit) = UNITS.iter().find_map(unit).unwrap_or((text, 1));
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    // A number too large for its type is too large for a size, too.
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    match bytes.unwrap_or(u64::MAX) {
        _ if !is_number => Err("expected a size such as 65536, 64KiB, 1MiB or 100MB".to_owned()),
        0 => Err("expected at least 1 byte".to_owned()),
        bytes if bytes > MAX_SIZE => Err("expected at most 1024GiB".to_owned()),
        bytes => Ok(bytes),
    }
}

/// Reads a whole number within a range.
pub(in crate::cli) fn number<T>(range: RangeInclusive<u64>) -> impl TypedValueParser<Value = T>
where
    T: TryFrom<u64> + Clone + Send + Sync + 'static,
{
    StringValueParser::new().try_map(move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| format!("expected a number from {} to {}", range.start(), range.end()))
    })
}

/// `--allow-failures`: how many requests may fail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AllowedFailures {
    /// At most this many.
    Count(u64),
    /// At most this share of all requests, in percent.
    Percent(f64),
}

impl AllowedFailures {
    /// Whether `failed` of `requests` are few enough.
    #[allow(clippy::cast_precision_loss, reason = "a share does not need 53 bits")]
    pub fn allows(self, failed: u64, requests: u64) -> bool {
        match self {
            Self::Count(max) => failed <= max,
            Self::Percent(percent) => failed as f64 * 100.0 <= percent * requests as f64,
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

/// As given on the command line.
impl fmt::Display for AllowedFailures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(max) => write!(f, "{max}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit_and_a_greatest_value() {
        assert_eq!(duration("1m30s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("365d"), Ok(MAX_DURATION));
        for (bad, expected) in [
            ("5", "a unit"),
            ("", "a unit"),
            ("366d", "at most 365d"),
            ("18446744073709551615s", "at most 365d"),
            ("99999999999999999999999s", "at most 365d"),
        ] {
            assert!(duration(bad).unwrap_err().contains(expected), "{bad}");
        }
        assert!(time_limit("0s").is_err());
    }

    #[test]
    fn sizes_with_and_without_a_unit() {
        for (text, bytes) in
            [("1", 1), ("64KiB", 65_536), ("1 MiB", 1_048_576), ("100MB", 100_000_000), ("7B", 7)]
        {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for bad in ["", "0", "KiB", "-1", "1.5MiB", "1 parsec"] {
            assert!(size(bad).is_err(), "{bad}");
        }
        for large in ["99999999999GiB", "1025GiB", "18446744073709551616"] {
            assert!(size(large).unwrap_err().contains("at most 1024GiB"), "{large}");
        }
    }

    #[test]
    fn failures_are_allowed_by_number_or_share() {
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
