//! Does the target accept text as people write it?

use serde_json::{Value, json};

use super::*;

/// Letters of two and three bytes, right to left, combined, and beyond the first plane.
const TEXT: &str = "Zażółć gęślą jaźń · Ωμέγα · 日本語 · שלום · e\u{301} · 🏋️\u{200d}♀️";

/// Characters of the long text.
const LONG_TEXT_CHARS: usize = 10_000;

pub(super) const PROBE: Probe = Probe {
    id: "unicode",
    level: Level::Should,
    source: Provenance::Recommendation,
    passes_when: "non-ASCII text, emoji and 10,000 characters in data are accepted",
    explanation: "Members have names such as Żaneta and put emoji in their notes. Sends Test with \
        such text in valueText, and with 10,000 characters of two bytes each. Read the body as \
        UTF-8, count its length in bytes, and let columns hold four-byte characters (utf8mb4).",
    traffic: |factory| {
        let long = json!("ż".repeat(LONG_TEXT_CHARS));
        let mut test =
            |label, text| ProbeRequest::new(label, factory.event("Test", with_text(text)));
        Traffic::Each(vec![
            test("non-ASCII and emoji", json!(TEXT)),
            test("10,000 characters", long),
        ])
    },
    judge: |_, responses| all_accepted(responses, HELP),
    ..DEFAULTS
};

const HELP: &str = "read the body as UTF-8 and raise limits of length; a database may need utf8mb4";

fn with_text(text: Value) -> Value {
    let mut data = test_data();
    data["valueText"] = text;
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
        let failed = judge(&config(), &[responded(200), responded(413)]);
        assert_eq!(failed.status, CheckStatus::Fail);
        assert_eq!(failed.evidence, "request: 413 Payload Too Large");
    }
}
