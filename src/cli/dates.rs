//! Dates, and distances from now.

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};

/// `--triggered-date`: when the event happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggeredDate {
    /// This moment.
    At(DateTime<Utc>),
    /// This long before now.
    Before(Duration),
    /// This long after now.
    After(Duration),
}

impl TriggeredDate {
    /// Returns the moment; `None` outside the years 0 to 9999, which are all that PGM's format can
    /// express.
    pub fn resolve(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let delta = |distance| TimeDelta::from_std(distance).ok();
        let date = match self {
            Self::At(date) => Some(date),
            Self::Before(distance) => delta(distance).and_then(|d| now.checked_sub_signed(d)),
            Self::After(distance) => delta(distance).and_then(|d| now.checked_add_signed(d)),
        };
        date.filter(|date| (0..=9999).contains(&date.year()))
    }
}

impl FromStr for TriggeredDate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "now" {
            return Ok(Self::After(Duration::ZERO));
        }
        if let Some(distance) = text.strip_prefix('-') {
            return distance_from_now(distance).map(Self::Before);
        }
        if let Some(distance) = text.strip_prefix('+') {
            return distance_from_now(distance).map(Self::After);
        }
        if let Ok(date) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self::At(date.to_utc()));
        }
        match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            Ok(date) => Ok(Self::At(date.and_time(NaiveTime::MIN).and_utc())),
            Err(_) => Err("expected a date such as 2026-03-01T17:42:09Z or 2026-03-01, \
                           or now, -5m, +1h"
                .to_owned()),
        }
    }
}

/// `--since`: a moment in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since(TriggeredDate);

impl Since {
    /// Returns the moment; the earliest possible one where it is too long ago.
    pub fn resolve(self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.0.resolve(now).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ago = distance_from_now(text.strip_prefix('-').unwrap_or(text));
        match (ago, text.parse()) {
            (Ok(ago), _) => Ok(Self(TriggeredDate::Before(ago))),
            (Err(_), Ok(date @ TriggeredDate::At(_))) => Ok(Self(date)),
            _ => Err("expected a time ago such as 2h or 30m, or a date such as \
                      2026-03-01T17:42:09Z or 2026-03-01"
                .to_owned()),
        }
    }
}

/// Reads a distance of any length: what is too far away is found out with the date.
fn distance_from_now(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|_| "expected a number with a unit, such as 5s, 2h or 3d".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgm::format_date;

    fn now() -> DateTime<Utc> {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn triggered_dates_and_distances() {
        for (text, date) in [
            ("now", "2026-03-01T12:00:00Z"),
            ("-5m", "2026-03-01T11:55:00Z"),
            ("+1h", "2026-03-01T13:00:00Z"),
            ("2026-02-28", "2026-02-28T00:00:00Z"),
            ("2026-02-28T10:00:00+02:00", "2026-02-28T08:00:00Z"),
        ] {
            let resolved = text.parse::<TriggeredDate>().unwrap().resolve(now()).unwrap();
            assert_eq!(format_date(resolved), date, "{text}");
        }
        for far in ["-9000y", "+9000y", "-18446744073709551615s"] {
            assert_eq!(far.parse::<TriggeredDate>().unwrap().resolve(now()), None, "{far}");
        }
        for bad in ["", "yesterday", "-5", "2026-02-30", "2026-02-28T10:00:00"] {
            assert!(bad.parse::<TriggeredDate>().is_err(), "{bad}");
        }
    }

    #[test]
    fn times_ago_and_dates() {
        for (text, date) in [
            ("2h", "2026-03-01T10:00:00Z"),
            ("-30m", "2026-03-01T11:30:00Z"),
            ("2026-02-28", "2026-02-28T00:00:00Z"),
        ] {
            assert_eq!(format_date(text.parse::<Since>().unwrap().resolve(now())), date, "{text}");
        }
        for bad in ["", "yesterday", "now", "+1h", "5"] {
            assert!(bad.parse::<Since>().is_err(), "{bad}");
        }
    }
}
