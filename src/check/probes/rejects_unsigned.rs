//! Is a request without a signature refused?

use super::super::judging::all_refused;
use super::prelude::*;
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};

pub(super) const PROBE: Probe = Probe {
    id: "rejects-unsigned",
    level: Level::Should,
    source: Source::Advice,
    passes_when: "a request without a signature, or without both headers, is refused with a 4xx",
    explanation: "A check that runs only when the header is there is no check. Sends Test without \
        X-PerfectGym-Signature, and Test without that and X-PerfectGym-Request. Refuse both \
        with 401.",
    guards_signature: true,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |asking| {
        let unsigned = asking.test().without(SIGNATURE_HEADER);
        let bare = asking.test().without(SIGNATURE_HEADER).without(REQUEST_ID_HEADER);
        Sends::Each(vec![Call::new("no signature", unsigned), Call::new("neither header", bare)])
    },
    judge: |_, replies| all_refused(replies, HINT),
};

const HINT: &str = "anyone on the internet who knows the URL can send events to this receiver, \
                    by leaving the signature out: answer 401 when a header is missing";

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn both_must_be_refused() {
        let judge = PROBE.judge;
        assert_eq!(judge(&setting(), &[answered(401), answered(400)]).word, Word::Pass);
        assert_eq!(judge(&setting(), &[answered(401), answered(200)]).word, Word::Fail);
        assert_eq!(judge(&setting(), &[answered(500), answered(401)]).word, Word::Fail);
    }
}
