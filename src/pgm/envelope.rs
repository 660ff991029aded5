//! The JSON body of every request, and its date: `YYYY-MM-DDThh:mm:ssZ`, UTC, whole seconds
//! (documented).

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The body `{"event", "triggeredDate", "data"}`, keys in this order (documented).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// Technical name of the event, sent just as it was given.
    pub event: String,
    /// When the event happened; sent in whole seconds, UTC.
    #[serde(serialize_with = "serialize_date")]
    pub triggered_date: DateTime<Utc>,
    /// What happened; its keys are sent in the order they have here.
    pub data: Value,
}

impl Envelope {
    /// The exact bytes of the body: compact JSON, UTF-8. Compactness is our choice; the
    /// vendor's page does not fix the white space.
    pub fn to_body(&self) -> Vec<u8> {
        // A struct of text and JSON always has a JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

fn serialize_date<S: Serializer>(date: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format_date(*date))
}

/// Formats a date as PGM does. Fractions of a second are cut off, not rounded.
///
/// ```
/// let date = pgwh::pgm::parse_date("2020-06-01T14:44:46Z").unwrap();
/// assert_eq!(pgwh::pgm::format_date(date), "2020-06-01T14:44:46Z");
/// ```
pub fn format_date(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Parses exactly the form that [`format_date`] writes; `None` for any other text.
pub fn parse_date(text: &str) -> Option<DateTime<Utc>> {
    let date = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").ok()?.and_utc();
    // chrono accepts fewer digits, and a leap second as nanoseconds beyond the second.
    (format_date(date) == text && date.timestamp_subsec_nanos() == 0).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_pgms_order_and_data_its_own() {
        let envelope = Envelope {
            event: "Test".into(),
            triggered_date: "2020-06-01T14:44:46Z".parse().unwrap(),
            data: serde_json::from_str(r#"{"z": 1, "a": 33.780, "ą": null}"#).unwrap(),
        };
        let body = String::from_utf8(envelope.to_body()).unwrap();
        assert_eq!(
            body,
            r#"{"event":"Test","triggeredDate":"2020-06-01T14:44:46Z","data":{"z":1,"a":33.780,"ą":null}}"#
        );
    }

    #[test]
    fn cuts_fractions_and_converts_to_utc() {
        let date: DateTime<Utc> = "2026-03-01T00:30:59.987+02:00".parse().unwrap();
        assert_eq!(format_date(date), "2026-02-28T22:30:59Z");
    }

    #[test]
    fn parses_only_pgms_form() {
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
}
