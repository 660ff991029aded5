//! Durations: `5s`, `250ms`, `1m30s`.

use std::time::Duration;

/// Reads a duration with its unit.
pub(in crate::cli) fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|_| "expected a number with a unit, such as 5s, 250ms or 1m30s".to_owned())
}
