//! Is a signature that belongs to another request refused?

use super::super::judging::all_refused;
use super::prelude::*;
use crate::pgm::SignedRequest;

pub(super) const PROBE: Probe = Probe {
    id: "rejects-other-request-signature",
    level: Level::Should,
    source: Source::Advice,
    passes_when: "a valid signature under another request's id is refused with a 4xx",
    explanation: "A signature is valid for one request id alone. Sends Test with a new id and the \
        signature of the first call. A receiver that keeps a list of signatures it has seen, or \
        computes the digest without the id, takes it for genuine; so does one that looks for \
        repeats before it verifies.",
    guards_signature: true,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |asking| {
        let first = asking.first.and_then(SignedRequest::signature).unwrap_or_default().to_owned();
        let request = asking.test_signed(|_| first);
        Sends::InTurn(vec![Call::new("another request's signature", request)])
    },
    judge: |_, replies| all_refused(replies, HINT),
};

const HINT: &str = "who saw one call can send any number of others: compute MD5(id:secret) over the \
                    id of this very request, and verify before you look for repeats";

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn only_a_4xx_refuses() {
        let judge = PROBE.judge;
        assert_eq!(judge(&setting(), &[answered(403)]).word, Word::Pass);
        assert_eq!(judge(&setting(), &[answered(200)]).word, Word::Fail);
        assert_eq!(judge(&setting(), &[answered(302)]).word, Word::Fail);
    }
}
