//! `--triggered-date`: a date, `now`, or a distance from now.

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};

use super::duration;

/// When the event is said to have happened.
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
    /// The moment, given what time it is; `None` outside the years that PGM's form has room for.
    pub fn resolve(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let delta = |distance| chrono::TimeDelta::from_std(distance).ok();
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
            return duration(distance).map(Self::Before);
        }
        if let Some(distance) = text.strip_prefix('+') {
            return duration(distance).map(Self::After);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_dates_and_distances() {
        let now: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        for (text, date) in [
            ("now", "2026-03-01T12:00:00Z"),
            ("-5m", "2026-03-01T11:55:00Z"),
            ("+1h", "2026-03-01T13:00:00Z"),
            ("2026-02-28", "2026-02-28T00:00:00Z"),
            ("2026-02-28T10:00:00+02:00", "2026-02-28T08:00:00Z"),
        ] {
            let resolved = text.parse::<TriggeredDate>().unwrap().resolve(now).unwrap();
            assert_eq!(crate::pgm::format_date(resolved), date, "{text}");
        }
        for far in ["-9000y", "+9000y"] {
            assert_eq!(far.parse::<TriggeredDate>().unwrap().resolve(now), None, "{far}");
        }
        for bad in ["", "yesterday", "-5", "2026-02-30", "2026-02-28T10:00:00"] {
            assert!(bad.parse::<TriggeredDate>().is_err(), "{bad}");
        }
    }
}
