//! Attempts, statuses and durations as text.

use std::time::Duration;

use http::StatusCode;

use super::{Attempt, AttemptOutcome};

/// `8.3 ms`, `1.20 s`: three digits, in the unit a person would use.
pub fn format_duration(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1000.0;
    match ms {
        _ if ms < 10.0 => format!("{ms:.1} ms"),
        _ if ms < 1000.0 => format!("{ms:.0} ms"),
        _ => format!("{:.2} s", ms / 1000.0),
    }
}

/// `503 Service Unavailable`. The standard's words for the status, never the target's own.
pub fn status_line(status: u16) -> String {
    let words = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    match words {
        Some(words) => format!("{status} {words}"),
        None => status.to_string(),
    }
}

/// How an attempt ended, in a few words.
pub fn describe_attempt(attempt: &Attempt) -> String {
    match (attempt.outcome, attempt.status()) {
        (AttemptOutcome::Responded, Some(status)) => status_line(status),
        (AttemptOutcome::Responded, None) => "responded".to_owned(),
        (AttemptOutcome::TimedOut, Some(status)) => format!("timed out in the body of a {status}"),
        (AttemptOutcome::TimedOut, None) if attempt.reached => "timed out, no response".to_owned(),
        (AttemptOutcome::TimedOut, None) => "timed out, no connection".to_owned(),
        (AttemptOutcome::Refused, _) => "no connection".to_owned(),
        (AttemptOutcome::Dns, _) => "unknown host".to_owned(),
        (AttemptOutcome::Tls, _) => "TLS failed".to_owned(),
        (AttemptOutcome::Broken, Some(status)) => format!("broke off in the body of a {status}"),
        (AttemptOutcome::Broken, None) => "connection broke".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits() {
        for (micros, text) in [
            (0, "0.0 ms"),
            (230, "0.2 ms"),
            (23_400, "23 ms"),
            (999_000, "999 ms"),
            (5_000_000, "5.00 s"),
        ] {
            assert_eq!(format_duration(Duration::from_micros(micros)), text);
        }
    }
}
