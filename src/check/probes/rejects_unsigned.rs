//! Is a request without a signature rejected?

use super::*;
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};

pub(super) const PROBE: Probe = Probe {
    id: "rejects-unsigned",
    level: Level::Should,
    source: Provenance::Recommendation,
    passes_when: "a request without a signature, or without both headers, is rejected with a 4xx",
    explanation: "Verifying only requests that have a signature protects nothing. Sends Test \
        without X-PerfectGym-Signature, and Test without that and X-PerfectGym-Request. Reject \
        both with 401.",
    about_signatures: true,
    traffic: |factory| {
        let unsigned = factory.test().without(SIGNATURE_HEADER);
        let bare = factory.test().without(SIGNATURE_HEADER).without(REQUEST_ID_HEADER);
        Traffic::Each(vec![
            ProbeRequest::new("no signature", unsigned),
            ProbeRequest::new("neither header", bare),
        ])
    },
    judge: |_, responses| all_rejected(responses, HELP),
    ..DEFAULTS
};

const HELP: &str = "anyone on the internet who knows the URL can send events to this receiver by \
                    leaving the signature out: respond 401 when a header is missing";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn both_must_be_refused() {
        let judge = PROBE.judge;
        assert_eq!(judge(&config(), &[responded(401), responded(400)]).status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[responded(401), responded(200)]).status, CheckStatus::Fail);
        assert_eq!(judge(&config(), &[responded(500), responded(401)]).status, CheckStatus::Fail);
    }
}
