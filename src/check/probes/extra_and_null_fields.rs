//! Does the target accept payloads that differ a little from what it knows?

use serde_json::{Value, json};

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "extra-and-null-fields",
    level: Level::Should,
    source: Provenance::Observed,
    passes_when: "unknown fields, and null for known ones, are accepted",
    explanation: "The one real payload that is public has blank fields as null rather than leaving \
        them out, and payloads grow. Sends Test with more fields in data, and Test with nothing but nulls in it. Read what you \
        need and ignore the rest; accept null for any field that is not an id.",
    traffic: |factory| {
        Traffic::Each(vec![
            ProbeRequest::new("extra fields", factory.event("Test", extra(test_data()))),
            ProbeRequest::new("null fields", factory.event("Test", nulls(test_data()))),
        ])
    },
    judge: |_, responses| all_accepted(responses, HELP),
    ..DEFAULTS
};

const HELP: &str = "ignore unknown fields, and accept null for fields that may be blank: PGM sends \
                    null rather than leaving a field out";

fn extra(mut data: Value) -> Value {
    data["pgwhExtraField"] = json!("unknown to everybody");
    data["pgwhExtraObject"] = json!({ "list": [1, 2], "flag": true });
    data
}

fn nulls(mut data: Value) -> Value {
    for (_, value) in data.as_object_mut().into_iter().flatten() {
        *value = Value::Null;
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn a_refusal_of_either_fails() {
        let judge = PROBE.judge;
        assert_eq!(judge(&config(), &[responded(200), responded(200)]).status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[responded(200), responded(422)]).status, CheckStatus::Fail);
    }

    #[test]
    fn the_payloads_are_what_they_say() {
        let data = extra(test_data());
        assert_eq!(data["valueLong"], 12_345_678);
        assert_eq!(data["pgwhExtraObject"]["flag"], true);
        let data = nulls(test_data());
        assert_eq!(data["nestedData"], Value::Null);
        assert_eq!(data.as_object().unwrap().len(), 3);
    }
}
