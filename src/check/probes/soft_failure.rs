//! Does a 2xx hide a failure?

use serde_json::Value;

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "soft-failure",
    level: Level::Should,
    source: Provenance::Observed,
    passes_when: "no 2xx says in its JSON that the request failed",
    explanation: "Live receivers respond 200 with {\"ok\": false} or an error in the body. PGM \
        looks at the status alone: it shows success, never retries, and the event is lost. Looks \
        at the response to the first request. Respond with a 5xx where a retry may help.",
    phase: Phase::First,
    judge: |_, responses| match responses.iter().find(|response| reports_failure(response.text())) {
        Some(response) => ProbeResult::fail(
            format!("{}: {}", response.label, quote(response.text())),
            "respond with a 4xx or 5xx when the event was not taken: PGM shows a 2xx as success, \
             and the event is lost",
        ),
        None => ProbeResult::pass("the body reports no failure"),
    },
    ..DEFAULTS
};

/// Whether a body is JSON that says that the request failed.
fn reports_failure(text: &str) -> bool {
    let Ok(Value::Object(body)) = serde_json::from_str(text) else { return false };
    let field = |names: &[&str]| {
        let named = |key: &str| names.iter().any(|name| key.eq_ignore_ascii_case(name));
        body.iter().find(|(key, _)| named(key)).map(|(_, value)| value)
    };
    let says_no = |value: &Value| *value == Value::Bool(false);
    let is_error = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Bool(true) => true,
    };
    let status = field(&["status"]).and_then(Value::as_str).unwrap_or_default();
    field(&["ok", "success", "succeeded"]).is_some_and(says_no)
        || field(&["error", "errors"]).is_some_and(is_error)
        || ["error", "failed", "failure"].iter().any(|word| status.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn only_json_that_reports_a_failure_fails() {
        let on = |text| (PROBE.judge)(&config(), &[with_text(responded(200), text)]).status;
        for bad in [
            r#"{"ok":false}"#,
            r#"{"success":false,"id":1}"#,
            r#"{"error":"no such member"}"#,
            r#"{"errors":["x"]}"#,
            r#"{"Status":"Error"}"#,
        ] {
            assert_eq!(on(bad), CheckStatus::Fail, "{bad}");
        }
        for good in ["Ok", "", r#"{"ok":true,"error":null,"errors":[]}"#, r#"{"status":"ok"}"#] {
            assert_eq!(on(good), CheckStatus::Pass, "{good}");
        }
    }
}
