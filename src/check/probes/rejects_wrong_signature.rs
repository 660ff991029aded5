//! Is a request with a wrong signature rejected?

use super::*;
use crate::pgm::Signature;

pub(super) const PROBE: Probe = Probe {
    id: "rejects-wrong-signature",
    level: Level::Should,
    source: Provenance::Recommendation,
    passes_when: "a signature that does not match is rejected with a 4xx",
    explanation: "The signature, MD5 of the request id, a colon and the secret, is the only proof \
        that a request comes from PGM. Sends Test with a signature of the right form that does not \
        match. Compare in constant time and regardless of the case of the hex digits; respond 401 \
        before you do anything else.",
    about_signatures: true,
    traffic: |factory| {
        let secret = factory.config.secret.clone();
        let request = factory.test_signed(|id| {
            // The right digest backwards: of the right form, and wrong but for one digest in 2^64.
            Signature::new(id, &secret).to_string().chars().rev().collect()
        });
        Traffic::InTurn(vec![ProbeRequest::new("wrong signature", request)])
    },
    judge: |_, responses| all_rejected(responses, HELP),
    ..DEFAULTS
};

const HELP: &str = "anyone on the internet who knows the URL can send events to this receiver: \
                    compare the signature with MD5(id:secret), and respond 401 when it differs";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn only_a_4xx_refuses() {
        let judge = PROBE.judge;
        assert_eq!(judge(&config(), &[responded(401)]).status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[responded(200)]).evidence, "accepted; request: 200 OK");
        assert_eq!(judge(&config(), &[responded(200)]).status, CheckStatus::Fail);
        assert_eq!(judge(&config(), &[responded(500)]).status, CheckStatus::Fail);
        assert_eq!(judge(&config(), &[timed_out()]).status, CheckStatus::Fail);
    }
}
