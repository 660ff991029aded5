//! JSON for programs: one object a line.

use std::time::Duration;

use serde::Serialize;

use super::escape::escape_json;

/// A value as one line of JSON that is safe on a terminal, too. Text and finite numbers always
/// have a JSON form.
pub(super) fn json_line(value: &impl Serialize) -> String {
    escape_json(serde_json::to_string(value).unwrap_or_default()) + "\n"
}

/// Milliseconds with three decimals.
pub(super) fn elapsed_ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}
