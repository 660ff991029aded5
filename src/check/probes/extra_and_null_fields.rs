//! Does the target read payloads with a forgiving eye?

use serde_json::{Value, json};

use super::super::judging::all_accepted;
use super::super::setting::test_data;
use super::prelude::*;

pub(super) const PROBE: Probe = Probe {
    id: "extra-and-null-fields",
    level: Level::Should,
    source: Source::Observed,
    passes_when: "fields that are not known, and null for those that are, are accepted",
    explanation: "PGM sends blank fields as null rather than leaving them out, and payloads grow. \
        Sends Test with more fields in data, and Test with nothing but nulls in it. Read what you \
        need and leave the rest be; take null for any field that is not an id.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |asking| {
        Sends::Each(vec![
            Call::new("extra fields", asking.event("Test", extra(test_data()))),
            Call::new("null fields", asking.event("Test", nulls(test_data()))),
        ])
    },
    judge: |_, replies| all_accepted(replies, HINT),
};

const HINT: &str = "let unknown fields pass, and null for fields that may be blank: PGM sends null \
                    rather than leaving a field out";

fn extra(mut data: Value) -> Value {
    data["pgwhExtraField"] = json!("not known to anybody");
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
    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_refusal_of_either_fails() {
        let judge = PROBE.judge;
        assert_eq!(judge(&setting(), &[answered(200), answered(200)]).word, Word::Pass);
        assert_eq!(judge(&setting(), &[answered(200), answered(422)]).word, Word::Fail);
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
