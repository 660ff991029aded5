//! PGM's dates: `YYYY-MM-DDThh:mm:ssZ`, UTC, whole seconds (documented).

use chrono::{DateTime, SecondsFormat, Utc};

/// Writes a moment as PGM does. Fractions of a second are cut off, not rounded.
///
/// ```
/// let date = pgwh::pgm::parse_date("2020-06-01T14:44:46Z").unwrap();
/// assert_eq!(pgwh::pgm::format_date(date), "2020-06-01T14:44:46Z");
/// ```
pub fn format_date(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Reads exactly the form that [`format_date`] writes; `None` for any other text.
pub fn parse_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_secs(parse_seconds(text)?)
}

/// The same in seconds since 1970: a calendar's date takes longer to make than to read.
pub(crate) fn parse_seconds(text: &str) -> Option<i64> {
    let (date, behind) = text.as_bytes().split_first_chunk()?;
    (behind == b"Z").then_some(())?;
    seconds_since_1970(date, b'T')
}

/// Reads `YYYY-MM-DD`, the divider, and `hh:mm:ss`. By hand, as this runs several times a capture
/// and chrono's format reader takes twenty times as long.
pub(crate) fn seconds_since_1970(text: &[u8; 19], divider: u8) -> Option<i64> {
    let (start, rest) = text.split_first_chunk::<2>()?;
    let [tens, ones] = start.map(|digit| u32::from(digit.wrapping_sub(b'0')));
    let [year, month, day] = numbers(rest.first_chunk()?, b'-')?;
    let [hour, minute, second] = numbers(text.last_chunk()?, b':')?;
    if tens > 9 || ones > 9 || text[10] != divider {
        return None;
    }
    let year = tens * 1_000 + ones * 100 + year;
    let in_day = hour < 24 && minute < 60 && second < 60;
    if !in_day || !(1..=12).contains(&month) || !is_day(year, month, day) {
        return None;
    }
    let in_day = hour * 3_600 + minute * 60 + second;
    Some(days_since_1970(year, month, day) * 86_400 + i64::from(in_day))
}

/// Three numbers of two digits with dividers between them, all eight characters at once.
fn numbers(text: &[u8; 8], divider: u8) -> Option<[u32; 3]> {
    // What is left of each character is a digit's value, or 0 of a divider; else the highest bit
    // of its byte is set, or will be when this is added.
    const ROOM: u64 = u64::from_le_bytes([0x76, 0x76, 0x7f, 0x76, 0x76, 0x7f, 0x76, 0x76]);
    const HIGHEST: u64 = 0x8080_8080_8080_8080;
    let form = [b'0', b'0', divider, b'0', b'0', divider, b'0', b'0'];
    let values = u64::from_le_bytes(*text) ^ u64::from_le_bytes(form);
    let fits = (values | values.wrapping_add(ROOM)) & HIGHEST == 0;
    // Each byte ten times, and the one behind it.
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8).to_le_bytes();
    fits.then_some([pairs[0], pairs[3], pairs[6]].map(u32::from))
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=last).contains(&day)
}

/// In the Gregorian calendar. Years are counted from March, so that the leap day is a year's last,
/// and a cycle early, so that none is negative.
fn days_since_1970(year: u32, month: u32, day: u32) -> i64 {
    let (year, month) = if month > 2 { (year + 400, month - 3) } else { (year + 399, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    // 306 days are from March to the end of December; a cycle of 400 years has 146,097 days;
    // 719,468 are from 0000-03-01 to 1970-01-01.
    i64::from(year * 365 + leap_days + (month * 306 + 5) / 10 + day) - 1 - 146_097 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_fractions_and_converts_to_utc() {
        let date: DateTime<Utc> = "2026-03-01T00:30:59.987+02:00".parse().unwrap();
        assert_eq!(format_date(date), "2026-02-28T22:30:59Z");
    }

    #[test]
    fn reads_only_pgms_form() {
        assert!(parse_date("2020-06-01T14:44:46Z").is_some());
        for other in [
            "2020-06-01T14:44:46",
            "2020-06-01T14:44:46.5Z",
            "2020-06-01T14:44:46+00:00",
            "2020-06-01 14:44:46Z",
            "2020-6-1T14:44:46Z",
            "2020-02-30T14:44:46Z",
            "2020-00-10T14:44:46Z",
            "2020-06-00T14:44:46Z",
            "2020-06-01T14:60:46Z",
            "2020-06-01T14:44:60Z",
            "2020-06-01T14:44:4:Z",
            "2020-06-01T24:00:00Z",
            " 2020-06-01T14:44:46Z",
            "",
        ] {
            assert_eq!(parse_date(other), None, "{other}");
        }
    }
    #[test]
    fn the_calendar_is_chronos() {
        let day = chrono::TimeDelta::days(1);
        let mut date: DateTime<Utc> = "0000-01-01T07:08:09Z".parse().unwrap();
        while date.format("%Y").to_string() != "2401" {
            let text = format_date(date);
            assert_eq!(parse_date(&text), Some(date), "{text}");
            date += day;
        }
        for (year, month) in [(1900, 2), (2000, 2), (2023, 2), (2024, 2), (2024, 4), (2024, 12)] {
            for day in 28..=32 {
                let known = chrono::NaiveDate::from_ymd_opt(year, month, day).is_some();
                let text = format!("{year}-{month:02}-{day:02}T00:00:00Z");
                assert_eq!(parse_date(&text).is_some(), known, "{text}");
            }
        }
    }
}
