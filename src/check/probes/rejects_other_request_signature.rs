//! Is a signature that belongs to another request rejected?

use super::*;
use crate::pgm::SignedRequest;

pub(super) const PROBE: Probe = Probe {
    id: "rejects-other-request-signature",
    level: Level::Should,
    source: Provenance::Recommendation,
    passes_when: "a valid signature with another request's id is rejected with a 4xx",
    explanation: "A signature is valid for one request id alone. Sends Test with a new id and the \
        signature of the first request. A receiver that keeps a list of signatures it has seen, or \
        computes the digest without the id, accepts it; so does one that looks for repeats before \
        it verifies.",
    about_signatures: true,
    traffic: |factory| {
        let first = factory.first.and_then(SignedRequest::signature).unwrap_or_default().to_owned();
        let request = factory.test_signed(|_| first);
        Traffic::InTurn(vec![ProbeRequest::new("another request's signature", request)])
    },
    judge: |_, responses| all_rejected(responses, HELP),
    ..DEFAULTS
};

const HELP: &str = "anyone who saw one request can forge others: compute MD5(id:secret) over the id \
                    of this very request, and verify before you look for repeats";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn only_a_4xx_refuses() {
        let judge = PROBE.judge;
        assert_eq!(judge(&config(), &[responded(403)]).status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[responded(200)]).status, CheckStatus::Fail);
        assert_eq!(judge(&config(), &[responded(302)]).status, CheckStatus::Fail);
    }
}
