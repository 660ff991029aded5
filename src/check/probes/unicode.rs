//! Does the target take text as people write it?

use serde_json::{Value, json};

use super::super::judging::all_accepted;
use super::super::setting::test_data;
use super::prelude::*;

/// Letters of two and three bytes, right to left, combined, and beyond the first plane.
const TEXT: &str = "Zażółć gęślą jaźń · Ωμέγα · 日本語 · שלום · e\u{301} · 🏋️\u{200d}♀️";

/// Characters of the long text.
const LONG: usize = 10_000;

pub(super) const PROBE: Probe = Probe {
    id: "unicode",
    level: Level::Should,
    source: Source::Advice,
    passes_when: "non-ASCII text, emoji and 10,000 characters in data are accepted",
    explanation: "Members have names such as Żaneta and put emoji in their notes. Sends Test with \
        such text in valueText, and with 10,000 characters of two bytes each. Read the body as \
        UTF-8, count its length in bytes, and let columns hold four-byte characters (utf8mb4).",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |asking| {
        Sends::Each(vec![
            Call::new("non-ASCII and emoji", asking.event("Test", with_text(json!(TEXT)))),
            Call::new(
                "10,000 characters",
                asking.event("Test", with_text(json!("ż".repeat(LONG)))),
            ),
        ])
    },
    judge: |_, replies| all_accepted(replies, HINT),
};

const HINT: &str = "read the body as UTF-8 and raise limits of length; a database may need utf8mb4";

fn with_text(text: Value) -> Value {
    let mut data = test_data();
    data["valueText"] = text;
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
        let failed = judge(&setting(), &[answered(200), answered(413)]);
        assert_eq!(failed.word, Word::Fail);
        assert_eq!(failed.evidence, "call: 413 Payload Too Large");
    }
}
