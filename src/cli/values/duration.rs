//! Durations: `5s`, `250ms`, `1m30s`.

use std::time::Duration;

/// Reads a duration that is longer than nothing.
pub(in crate::cli) fn time_limit(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("expected more than no time at all".to_owned()),
        limit => Ok(limit),
    }
}

/// Reads a duration with its unit.
pub(in crate::cli) fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|_| "expected a number with a unit, such as 5s, 250ms or 1m30s".to_owned())
}
