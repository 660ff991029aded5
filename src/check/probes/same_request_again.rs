//! Does a repeat of an accepted request get a 2xx as well?

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "same-request-again",
    level: Level::Must,
    source: Provenance::Documented,
    passes_when: "the same request, sent again after its success, still gets a 2xx",
    explanation: "PGM asks targets to be ready to receive the same request more than once: a retry \
        after a response that was lost, or a click on its retry button. Sends the first request \
        again, byte for byte. Recognize a repeat by the value of the signature, and respond to it \
        with a 2xx without processing it twice.",
    traffic: |factory| Traffic::InTurn(vec![factory.first_again("again")]),
    judge: |config, responses| all_in_time(responses, config.limit, HELP),
    ..DEFAULTS
};

const HELP: &str = "respond to a repeat with a 2xx without processing it again: PGM keeps retrying \
                    a request that gets anything else";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn a_repeat_must_be_accepted_in_time() {
        let judge = PROBE.judge;
        assert_eq!(judge(&config(), &[responded(200)]).status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[after(responded(200), 5000)]).status, CheckStatus::Fail);
        let failed = judge(&config(), &[responded(409)]);
        assert_eq!(failed.status, CheckStatus::Fail);
        assert!(failed.evidence.starts_with("409 Conflict in "), "{failed:?}");
    }
}
