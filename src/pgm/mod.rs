//! The contract of PGM's webhooks, and nothing else: what is sent, how it is signed, and what
//! the target owes in return. Pure: no clock, network, file or terminal.
//!
//! Every fact says how sure it is: *documented* by the vendor's help page, *observed* in live
//! integrations, or *our choice* where neither says anything.

mod envelope;
mod events;
mod secret;
mod signed_request;

use std::time::Duration;

use url::{Host, Url};

pub use envelope::{Envelope, format_date, parse_date};
pub use events::{Confidence, Event, event_names, find, is_known, sample, sample_at};
pub use secret::{InvalidSecret, Secret, SecretLook, is_invisible, missing_value_words};
pub use signed_request::{
    CONTENT_TYPE, HeaderText, InvalidRequestId, METHOD, REQUEST_ID_HEADER, RequestId,
    SIGNATURE_HEADER, Signature, SignedRequest, USER_AGENT, is_pgm_header,
};

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
}
