//! The contract of PGM's webhooks, and nothing else: what is sent, how it is signed, and what
//! the target owes in return. Pure: no clock, network, file or terminal.
//!
//! Every fact says how sure it is: *documented* by the vendor's help page, *observed* in live
//! integrations, or *our choice* where neither says anything.

mod events;
mod secret;
mod signed_request;

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use serde_json::Value;
use url::{Host, Url};

pub use events::{Confidence, Event, event_names, find, is_known, sample, sample_at};
pub use secret::{InvalidSecret, Secret, SecretLook, is_invisible, missing_value_words};
pub use signed_request::{
    CONTENT_TYPE, HeaderText, InvalidRequestId, METHOD, REQUEST_ID_HEADER, RequestId,
    SIGNATURE_HEADER, Signature, SignedRequest, USER_AGENT, is_pgm_header,
};

/// The JSON body of every request, `{"event", "triggeredDate", "data"}`, keys in this order
/// (documented).
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

/// Formats a date as PGM does: `YYYY-MM-DDThh:mm:ssZ`, UTC (documented). Fractions of a second are
/// cut off, not rounded.
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

/// The time a target has to respond: 5 seconds. Whether a response after exactly 5 s still
/// counts is not documented; here it does not.
pub const TIMEOUT: Duration = Duration::from_secs(5);

/// The only port that PGM calls.
pub const HTTPS_PORT: u16 = 443;

/// How much of a response PGM keeps and shows, in characters (not bytes).
pub const RESPONSE_CHARS: usize = 1000;

/// Whether PGM counts this HTTP status as a success: 2xx, so a redirect is a failure.
pub fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Why PGM would not call a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    /// The scheme is not `https`.
    #[error("it is not https")]
    NotHttps,
    /// The port, given here, is not 443.
    #[error("its port is {0}, not {HTTPS_PORT}")]
    Port(u16),
}

/// Whether PGM would block this URL: it calls only `https` on port 443.
pub fn blocked(url: &Url) -> Option<Blocked> {
    if url.scheme() != "https" {
        return Some(Blocked::NotHttps);
    }
    match url.port_or_known_default() {
        Some(HTTPS_PORT) => None,
        port => Some(Blocked::Port(port.unwrap_or_default())),
    }
}

/// Whether a URL names this machine: `localhost`, a name under it, 127.0.0.0/8 or `::1`.
/// PGM could never reach it, so its rules about URLs say nothing there (our choice).
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_localhost(name),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback())
        }
        None => false,
    }
}

/// Whether a name, in lower case, is this machine's by definition (RFC 6761): no lookup may give
/// it to another.
pub fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn only_https_on_443_passes() {
        assert_eq!(blocked(&url("https://example.com/pgm")), None);
        assert_eq!(blocked(&url("https://example.com:443/pgm")), None);
        assert_eq!(blocked(&url("https://example.com:8443/")), Some(Blocked::Port(8443)));
        assert_eq!(blocked(&url("http://example.com:443/")), Some(Blocked::NotHttps));
    }

    #[test]
    fn loopback_in_every_spelling() {
        for here in [
            "http://localhost:1/",
            "http://LOCALHOST/",
            "http://app.localhost/",
            "http://127.0.0.1/",
            "http://127.8.9.10/",
            "http://[::1]:8080/",
            "http://[::ffff:127.0.0.1]/",
        ] {
            assert!(is_loopback(&url(here)), "{here}");
        }
        for away in ["http://localhost.example.com/", "http://10.0.0.1/", "http://[::2]/"] {
            assert!(!is_loopback(&url(away)), "{away}");
        }
    }

    #[test]
    fn a_success_is_any_2xx_and_nothing_else() {
        assert!([200, 201, 204, 299].into_iter().all(is_success));
        assert!(![100, 199, 300, 302, 304, 404, 500, 999].into_iter().any(is_success));
    }

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
