//! Is a digest in upper-case hex accepted?

use super::*;
use crate::pgm::Signature;

pub(super) const PROBE: Probe = Probe {
    id: "signature-hex-case",
    level: Level::Should,
    source: Provenance::Recommendation,
    passes_when: "a signature in upper-case hex is accepted; never a failure",
    explanation: "The documentation does not say whether PGM writes the digest in upper or lower \
        case. pgwh sends lower case; this check sends Test with the right digest in upper case. \
        Compare regardless of case, and you need not know.",
    traffic: |factory| {
        let secret = factory.config.secret.clone();
        let request =
            factory.test_signed(|id| Signature::new(id, &secret).to_string().to_uppercase());
        Traffic::InTurn(vec![ProbeRequest::new("upper-case hex", request)])
    },
    judge,
    ..DEFAULTS
};

fn judge(_: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    match responses.first() {
        Some(response) if response.is_accepted() => {
            ProbeResult::pass(format!("upper-case hex: {}", describe(response)))
        }
        Some(response) => ProbeResult::warn(
            format!("upper-case hex: {}", describe(response)),
            "compare the digests regardless of case: PGM's documentation does not fix it",
        ),
        None => ProbeResult::skip("nothing was sent"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn a_refusal_only_warns() {
        assert_eq!(judge(&config(), &[responded(200)]).status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[responded(401)]).status, CheckStatus::Warn);
    }
}
