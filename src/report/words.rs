//! Small phrases that several reports share.

use std::time::Duration;

use url::Url;

pub use crate::delivery::{attempt_word, milliseconds, reason};

/// Milliseconds to the microsecond, for programs.
pub(super) fn elapsed_ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
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
