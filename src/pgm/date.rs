//! PGM's dates: `YYYY-MM-DDThh:mm:ssZ`, UTC, whole seconds (documented).

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

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
    const SHAPE: &[u8] = b"dddd-dd-ddTdd:dd:ddZ";
    let fits = |(byte, shape): (u8, &u8)| match shape {
        b'd' => byte.is_ascii_digit(),
        fixed => byte == *fixed,
    };
    if text.len() != SHAPE.len() || !text.bytes().zip(SHAPE).all(fits) {
        return None;
    }
    // By hand, as this runs once a capture and chrono's format reader takes twenty times as long.
    let number = |from: usize, digits: usize| {
        let digits = text.bytes().skip(from).take(digits);
        digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
    };
    let date = NaiveDate::from_ymd_opt(number(0, 4) as i32, number(5, 2), number(8, 2))?;
    Some(date.and_hms_opt(number(11, 2), number(14, 2), number(17, 2))?.and_utc())
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
            "2020-06-01T24:00:00Z",
            " 2020-06-01T14:44:46Z",
            "",
        ] {
            assert_eq!(parse_date(other), None, "{other}");
        }
    }
}
