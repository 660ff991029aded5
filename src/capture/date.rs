//! Times as tools write them.

use chrono::{DateTime, NaiveDateTime, Utc};

/// Parses RFC 3339, `YYYY-MM-DD hh:mm:ss` taken as UTC and a few other forms, or a number of
/// seconds, milliseconds, microseconds or nanoseconds since 1970.
pub(super) fn parse(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Some(date.to_utc());
    }
    let text = text.trim();
    let naive = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%d/%b/%Y:%H:%M:%S +0000"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let zoned = || DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f %z").ok();
    let mail = || DateTime::parse_from_rfc2822(text).ok();
    naive
        .map(|date| date.and_utc())
        .or_else(|| zoned().or_else(mail).map(|date| date.to_utc()))
        .or_else(|| since_1970(text))
}

/// The unit of the number shows in its size: now is ten digits of seconds.
fn since_1970(text: &str) -> Option<DateTime<Utc>> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
            let read = parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(read.timestamp_millis(), expected.timestamp_millis(), "{text}");
        }
        for other in ["", "12", "today", "NaN", "1e300", "2026-02-29T00:00:00.000Z"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
