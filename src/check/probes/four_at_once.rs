//! Does the target bear the same request four times at once?

use super::super::judging::all_in_time;
use super::prelude::*;

/// Calls of one change that were seen within 240 ms.
const CALLS: usize = 4;

pub(super) const PROBE: Probe = Probe {
    id: "four-at-once",
    level: Level::Must,
    source: Source::Observed,
    passes_when: "four calls of the same request at once all get a 2xx in time",
    explanation: "Live integrations saw one change arrive as four calls within about 240 ms. Sends \
        the same new request four times at once. A receiver that looks first whether it knows the \
        request, and writes it down later, works on it four times, or fails on three: let a \
        unique key in the database decide, and answer all four with a 2xx.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Measured,
    sends: |asking| {
        let request = asking.test();
        let call = |n| Call::new(format!("call {n}"), request.clone());
        Sends::AtOnce((1..=CALLS).map(call).collect())
    },
    judge: |setting, replies| all_in_time(replies, setting.limit, HINT),
};

const HINT: &str = "answer every one of them with a 2xx, also while the first is still at work: \
                    let a unique key on the signature decide which one does the work";

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn one_bad_answer_of_four_fails() {
        let judge = PROBE.judge;
        let calls = |last| [answered(200), answered(200), answered(200), last];
        assert_eq!(judge(&setting(), &calls(answered(202))).word, Word::Pass);
        let failed = judge(&setting(), &calls(after(answered(500), 20)));
        assert_eq!(failed.word, Word::Fail);
        assert_eq!(
            failed.evidence,
            "3 × 200 OK, 1 × 500 Internal Server Error; the slowest took 20 ms"
        );
        let late = judge(&setting(), &calls(after(answered(200), 7000)));
        assert_eq!(late.evidence, "3 × 200 OK, 1 × 200 OK too late; the slowest took 7.00 s");
    }
}
