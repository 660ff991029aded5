//! `--since`: a time ago, or a date.

use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::{TriggeredDate, duration};

/// A moment in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(TriggeredDate);

impl Moment {
    /// The moment, given what time it is; the beginning of time for what is longer ago.
    pub fn resolve(self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.0.resolve(now).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ago = duration(text.strip_prefix('-').unwrap_or(text));
        match (ago, text.parse()) {
            (Ok(ago), _) => Ok(Self(TriggeredDate::Before(ago))),
            (Err(_), Ok(date @ TriggeredDate::At(_))) => Ok(Self(date)),
            _ => Err("expected a time ago such as 2h or 30m, or a date such as \
                      2026-03-01T17:42:09Z or 2026-03-01"
                .to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_times_ago_and_dates() {
        let now: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        for (text, date) in [
            ("2h", "2026-03-01T10:00:00Z"),
            ("-30m", "2026-03-01T11:30:00Z"),
            ("2026-02-28", "2026-02-28T00:00:00Z"),
        ] {
            let resolved = text.parse::<Moment>().unwrap().resolve(now);
            assert_eq!(crate::pgm::format_date(resolved), date, "{text}");
        }
        for bad in ["", "yesterday", "now", "+1h", "5"] {
            assert!(bad.parse::<Moment>().is_err(), "{bad}");
        }
    }
}
