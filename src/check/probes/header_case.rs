//! Does the target know PGM's headers in any letter case?

use super::*;
use crate::pgm::SignedRequest;

pub(super) const PROBE: Probe = Probe {
    id: "header-case",
    level: Level::Note,
    source: Provenance::Recommendation,
    passes_when: "header names are accepted as the vendor writes them and in lower case",
    explanation: "Names of headers have no case in HTTP, but some receivers look them up by the \
        letter, and gateways that keep the case pass on what they get. The vendor writes \
        X-PerfectGym-Request; HTTP/2 and many proxies send x-perfectgym-request. Sends Test with \
        all header names in lower case; the first request has them as the vendor writes them.",
    prerequisite: Prerequisite::Reached,
    traffic: |factory| {
        if factory.config.is_proxied {
            return Traffic::NotApplicable("the proxy decides about header names");
        }
        // A receiver that knows only lower case finds no signature in the first request.
        if !matches!(factory.first_status, Some(200..=299 | 400 | 401 | 403)) {
            return Traffic::NotApplicable("Test itself did not get a 2xx");
        }
        let lower = ProbeRequest::new("lower case", in_lower_case(&factory.test()));
        Traffic::FirstThen(vec![lower])
    },
    judge,
    ..DEFAULTS
};

/// The same request with all header names in lower case.
fn in_lower_case(request: &SignedRequest) -> SignedRequest {
    let headers = request.owned_headers().map(|(name, value)| (name.to_ascii_lowercase(), value));
    SignedRequest::from_parts(
        request.request_id().clone(),
        headers.collect(),
        request.body().to_vec(),
    )
}

fn judge(_: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    let [vendor, lower] = responses else { return ProbeResult::skip("there was no response") };
    let evidence = format!("vendor's case: {}; lower case: {}", describe(vendor), describe(lower));
    match (vendor.is_accepted(), lower.is_accepted()) {
        (true, true) => ProbeResult::pass(evidence),
        (false, false) => ProbeResult::skip(evidence),
        _ => ProbeResult::warn(
            evidence,
            "look headers up regardless of case: which one PGM's requests arrive with depends on \
             what is between PGM and the receiver",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn a_receiver_that_accepts_one_case_is_noted() {
        assert_eq!(judge(&config(), &[responded(200), responded(200)]).status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[responded(200), responded(401)]).status, CheckStatus::Warn);
        assert_eq!(judge(&config(), &[responded(401), responded(200)]).status, CheckStatus::Warn);
        assert_eq!(judge(&config(), &[responded(500), responded(500)]).status, CheckStatus::Skip);
    }
}
