//! The moments that tools note, in the forms they use.

use chrono::{DateTime, NaiveDateTime, Utc};

/// Reads a date: RFC 3339, or `YYYY-MM-DD hh:mm:ss` taken as UTC, or a number of seconds,
/// milliseconds, microseconds or nanoseconds since 1970.
pub(super) fn from_text(text: &str) -> Option<DateTime<Utc>> {
    if let Some(date) = own(text.as_bytes()) {
        return Some(date);
    }
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Some(date.to_utc());
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

/// `YYYY-MM-DDThh:mm:ss.mmmZ`, as pgwh writes it, and `YYYY-MM-DD hh:mm:ss`, as many others
/// do, without the generality that costs most of the time of reading a line.
fn own(text: &[u8]) -> Option<DateTime<Utc>> {
    let fixed = match text.len() {
        24 => &[(10, b'T'), (19, b'.'), (23, b'Z')][..],
        19 => &[(10, b' ')],
        _ => return None,
    };
    let dividers = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
    if dividers.iter().chain(fixed).any(|(at, byte)| text[*at] != *byte) {
        return None;
    }
    let number = |from: usize, to: usize| {
        let digit =
            |sum: i64, byte: &u8| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0'));
        text[from..to].iter().try_fold(0, digit)
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let millis = if text.len() == 24 { number(20, 23)? } else { 0 };
    // The 29th to 31st are left to the calendar, as are leap seconds.
    if !(1..=12).contains(&month) || !(1..=28).contains(&day) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    DateTime::from_timestamp_millis(seconds * 1_000 + millis)
}

/// Days from 1970-01-01 in the Gregorian calendar, for years from 0. Years are counted from
/// March, so that the leap day is a year's last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 306 days are from March to the end of December; 719468 from 0000-03-01 to 1970-01-01.
    year * 365 + leap_days + (month * 306 + 5) / 10 + day - 1 - 719_468
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
