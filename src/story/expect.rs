//! What a step expects of the response, and whether a delivery is like that.

use serde_json::Value;

use super::{Expectation, ResponseValue, StoryScope};
use crate::delivery::{Attempt, Delivery, DeliveryVerdict, SendMode, describe_attempt};
use crate::payload::DataPath;
use crate::text::{json_error, shortened};

/// Statuses of responses that have no body (RFC 9110).
const WITHOUT_BODY: [u16; 2] = [204, 304];

/// Characters of a value that a message quotes.
const MAX_QUOTED: usize = 100;

impl Expectation {
    /// Why no response can be like this, if none can.
    pub(super) fn contradiction(&self) -> Option<String> {
        use DeliveryVerdict::{Delivered, Failed, Unreachable};
        let Self { verdict, status, json } = self;
        match (*verdict, *status) {
            (_, Some(status)) if !(200..=599).contains(&status) => {
                Some(format!("no response ends with status {status}: the statuses are 200 to 599"))
            }
            (Some(Delivered), Some(status)) if !crate::pgm::is_success(status) => {
                Some(format!("a request that got {status} is not delivered: PGM counts only a 2xx"))
            }
            (Some(Failed), Some(status)) if crate::pgm::is_success(status) => {
                Some(format!("a request that got {status} in time has not failed"))
            }
            (Some(Unreachable), Some(_)) => {
                Some("a target that is unreachable sends no status".to_owned())
            }
            (Some(Unreachable), None) if !json.is_empty() => {
                Some("a target that is unreachable sends no JSON".to_owned())
            }
            (_, Some(status)) if WITHOUT_BODY.contains(&status) && !json.is_empty() => {
                Some(format!("a response with status {status} has no body, and so no JSON"))
            }
            _ => None,
        }
    }

    /// What of a delivery is not as expected, each in one line. Quotes the target: escape it before
    /// it is shown.
    ///
    /// Every attempt counts but those before a retry.
    pub(super) fn unmet(
        &self,
        delivery: &Delivery,
        mode: &SendMode,
        scope: &mut StoryScope,
    ) -> Vec<String> {
        let first = match mode {
            SendMode::Retry(_) => delivery.attempts.len().saturating_sub(1),
            SendMode::Repeat(_) | SendMode::RepeatAtOnce(_) => 0,
        };
        let mut unmet = Vec::new();
        for attempt in &delivery.attempts[first..] {
            for line in self.unmet_by(attempt, delivery.verdict, mode, scope) {
                if !unmet.contains(&line) {
                    unmet.push(line);
                }
            }
        }
        unmet
    }

    fn unmet_by(
        &self,
        attempt: &Attempt,
        verdict: DeliveryVerdict,
        mode: &SendMode,
        scope: &mut StoryScope,
    ) -> Vec<String> {
        let mut unmet = Vec::new();
        // Retries have one verdict together: a target that was reached once is not unreachable.
        let verdict = if matches!(mode, SendMode::Retry(_)) { verdict } else { attempt.verdict() };
        let got = || match (&attempt.error, attempt.status()) {
            (Some(error), None) => format!("{}: {error}", describe_attempt(attempt)),
            _ => describe_attempt(attempt),
        };
        if let Some(expected) = self.status.filter(|_| self.status != attempt.status()) {
            unmet.push(format!("expected status {expected}, got {}", got()));
        }
        if let Some(expected) = self.verdict.filter(|expected| *expected != verdict)
            && unmet.is_empty()
        {
            unmet.push(format!("expected {}, got {}", expected.as_str(), got()));
        }
        if self.json.is_empty() || !unmet.is_empty() {
            return unmet;
        }
        match response_value(attempt) {
            ResponseValue::Json(json) => {
                unmet.extend(
                    self.json
                        .iter()
                        .filter_map(|(path, expected)| unmet_value(&json, path, expected, scope)),
                );
            }
            ResponseValue::Missing(why) => unmet.push(format!("expected JSON, but {why}")),
            ResponseValue::Unknown => {}
        }
        unmet
    }
}

fn unmet_value(
    json: &Value,
    path: &DataPath,
    expected: &Value,
    scope: &mut StoryScope,
) -> Option<String> {
    let expected = match scope.resolve(expected) {
        Ok(expected) => expected,
        Err(error) => return Some(error.message),
    };
    let quoted = |value: &Value| shortened(&value.to_string(), MAX_QUOTED).into_owned();
    match path.get(json) {
        Some(found) if equal(found, &expected) => None,
        Some(found) => Some(format!(
            "expected {path} of the response to be {}, got {}",
            quoted(&expected),
            quoted(found)
        )),
        None => Some(format!("expected {path} in the response, got {}", quoted(json))),
    }
}

/// Whether two values are equal; numbers are, however they are written.
fn equal(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other).is_eq(),
        _ => one == other,
    }
}

/// The JSON of a response, or why there is none.
pub(super) fn response_value(attempt: &Attempt) -> ResponseValue {
    let Some(response) = &attempt.response else {
        return ResponseValue::Missing("there is no response".to_owned());
    };
    match serde_json::from_str(&response.text) {
        Ok(json) => ResponseValue::Json(json),
        Err(_) if response.truncated => ResponseValue::Missing(format!(
            "the response is longer than the {} characters that PGM keeps",
            crate::pgm::RESPONSE_CHARS
        )),
        Err(error) => {
            ResponseValue::Missing(format!("the response is not JSON: {}", json_error(&error)))
        }
    }
}
