//! Is a request with a wrong signature refused?

use super::super::judging::all_refused;
use super::prelude::*;
use crate::pgm::Signature;

pub(super) const PROBE: Probe = Probe {
    id: "rejects-wrong-signature",
    level: Level::Should,
    source: Source::Advice,
    passes_when: "a signature that does not match is refused with a 4xx",
    explanation: "The signature, MD5 of the request id, a colon and the secret, is the only sign \
        that a call comes from PGM. Sends Test with a signature of the right form that was made \
        with another secret. Compare in constant time and without regard to the case of the hex \
        digits; answer 401 before anything else is done.",
    guards_signature: true,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |asking| {
        let secret = asking.setting.secret.clone();
        let request = asking.test_signed(|id| {
            // The right digest backwards: of the right form, and never the right one, save
            // for one digest in 2^64.
            Signature::new(id, &secret).to_string().chars().rev().collect()
        });
        Sends::InTurn(vec![Call::new("wrong signature", request)])
    },
    judge: |_, replies| all_refused(replies, HINT),
};

const HINT: &str = "anyone on the internet who knows the URL can send events to this receiver: \
                    compare the signature with MD5(id:secret), and answer 401 when it differs";

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn only_a_4xx_refuses() {
        let judge = PROBE.judge;
        assert_eq!(judge(&setting(), &[answered(401)]).word, Word::Pass);
        assert_eq!(judge(&setting(), &[answered(200)]).evidence, "accepted; call: 200 OK");
        assert_eq!(judge(&setting(), &[answered(200)]).word, Word::Fail);
        assert_eq!(judge(&setting(), &[answered(500)]).word, Word::Fail);
        assert_eq!(judge(&setting(), &[timed_out()]).word, Word::Fail);
    }
}
