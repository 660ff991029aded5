//! Small phrases that several reports share.

use std::time::Duration;

use url::Url;

pub use crate::delivery::{describe_attempt, format_duration, status_line};

/// Milliseconds to the microsecond, for programs.
pub(super) fn elapsed_ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

/// Digits in groups of three.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A URL without the password that it may hold.
pub fn shown_url(url: &Url) -> String {
    let mut url = url.clone();
    if url.password().is_some() {
        // Fails only for URLs that have no host, and so no password.
        let _ = url.set_password(Some("hidden"));
    }
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_urls_are_hidden() {
        let url = Url::parse("https://me:s3cret@example.com/x").unwrap();
        assert_eq!(shown_url(&url), "https://me:hidden@example.com/x");
    }
}
