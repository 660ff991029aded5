//! Does a repeat of what was accepted get a 2xx as well?

use super::super::judging::all_in_time;
use super::prelude::*;

pub(super) const PROBE: Probe = Probe {
    id: "same-request-again",
    level: Level::Must,
    source: Source::Documented,
    passes_when: "the same request, sent again after its success, still gets a 2xx",
    explanation: "PGM asks targets to be ready to receive the same request more than once: a retry \
        after an answer that was lost, or a click on its retry button. Sends the first call's \
        request again, byte for byte. Tell a repeat by the value of the signature, and answer it \
        with a 2xx, without working on it twice.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |asking| Sends::InTurn(vec![asking.first_again("again")]),
    judge: |setting, replies| all_in_time(replies, setting.limit, HINT),
};

const HINT: &str = "answer a repeat with a 2xx, without working on it again: PGM goes on with a \
                    request that gets anything else";

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_repeat_must_be_accepted_in_time() {
        let judge = PROBE.judge;
        assert_eq!(judge(&setting(), &[answered(200)]).word, Word::Pass);
        assert_eq!(judge(&setting(), &[after(answered(200), 5000)]).word, Word::Fail);
        let failed = judge(&setting(), &[answered(409)]);
        assert_eq!(failed.word, Word::Fail);
        assert!(failed.evidence.starts_with("409 Conflict in "), "{failed:?}");
    }
}
