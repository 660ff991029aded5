//! The moments that tools note, in the forms they use.

use chrono::{DateTime, NaiveDateTime, Utc};

/// Reads a date: RFC 3339, or `YYYY-MM-DD hh:mm:ss` taken as UTC, or a number of seconds,
/// milliseconds, microseconds or nanoseconds since 1970.
pub(super) fn from_text(text: &str) -> Option<DateTime<Utc>> {
    if let Some(date) = own(text.as_bytes()) {
        return Some(date);
    }
    let text = text.trim();
    let naive = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%d/%b/%Y:%H:%M:%S +0000"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let zoned = || DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f %z").ok();
    let mail = || DateTime::parse_from_rfc2822(text).ok();
    naive
        .map(|date| date.and_utc())
        .or_else(|| zoned().or_else(mail).map(|date| date.to_utc()))
        .or_else(|| from_number(text))
}

/// A number's unit shows in its size: ours is a time of ten digits of seconds.
fn from_number(text: &str) -> Option<DateTime<Utc>> {
    let number: f64 = text.parse().ok()?;
    let seconds = match number {
        1e8..1e11 => number,
        1e11..1e14 => number / 1e3,
        1e14..1e17 => number / 1e6,
        1e17..1e20 => number / 1e9,
        _ => return None,
    };
    // Milliseconds are as exact as a float of this size is.
    DateTime::from_timestamp_millis((seconds * 1e3).round() as i64)
}

/// An RFC 3339 date, the form that pgwh writes.
pub(super) fn own(text: &[u8]) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(text).ok()?;
    DateTime::parse_from_rfc3339(text).ok().map(|date| date.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_agrees_with_the_calendar() {
        let mut date: DateTime<Utc> = "0000-01-01T00:00:00.001Z".parse().unwrap();
        let end: DateTime<Utc> = "9999-12-31T00:00:00Z".parse().unwrap();
        while date < end {
            let text = date.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
            if let Some(short) = own(text.as_bytes()) {
                assert_eq!(short, date, "{text}");
            }
            assert_eq!(from_text(&text), Some(date), "{text}");
            let short = date.format("%Y-%m-%d %H:%M:%S").to_string();
            let second = date.timestamp();
            assert_eq!(from_text(&short).map(|date| date.timestamp()), Some(second), "{short}");
            date += chrono::TimeDelta::milliseconds(13 * 86_400_000 + 3_723_457);
        }
    }

    #[test]
    fn forms_that_tools_write() {
        for (text, expected) in [
            ("2026-03-01T17:42:09.5Z", "2026-03-01T17:42:09.500Z"),
            ("2026-03-01T18:42:09+01:00", "2026-03-01T17:42:09.000Z"),
            ("2026-03-01 17:42:09", "2026-03-01T17:42:09.000Z"),
            ("2026-03-01T17:42:09.1234567", "2026-03-01T17:42:09.123Z"),
            ("2026-03-01 17:42:09 +0000", "2026-03-01T17:42:09.000Z"),
            ("01/Mar/2026:17:42:09 +0000", "2026-03-01T17:42:09.000Z"),
            ("Sun, 01 Mar 2026 17:42:09 GMT", "2026-03-01T17:42:09.000Z"),
            // date -ud 2026-03-01T17:42:09Z +%s
            ("1772386929", "2026-03-01T17:42:09.000Z"),
            ("1772386929.25", "2026-03-01T17:42:09.250Z"),
            ("1772386929250", "2026-03-01T17:42:09.250Z"),
            ("1772386929250000", "2026-03-01T17:42:09.250Z"),
        ] {
            let expected: DateTime<Utc> = expected.parse().unwrap();
            let read = from_text(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(read.timestamp_millis(), expected.timestamp_millis(), "{text}");
        }
        for other in ["", "12", "today", "NaN", "1e300", "2026-02-29T00:00:00.000Z"] {
            assert_eq!(from_text(other), None, "{other}");
        }
    }
}
