//! Is an event that does not exist yet accepted?

use serde_json::json;

use super::*;

/// A name that PGM is unlikely to choose.
const NAME: &str = "PgwhEventOfTheFuture";

pub(super) const PROBE: Probe = Probe {
    id: "unknown-event",
    level: Level::Should,
    source: Provenance::Recommendation,
    passes_when: "an event that does not exist yet gets a 2xx",
    explanation: "PGM adds events (AgreementAnswerModified came with R93), and a webhook that is \
        subscribed to all gets them at once. Sends the event PgwhEventOfTheFuture. Acknowledge \
        unknown events and ignore them.",
    traffic: |factory| {
        let request = factory.event(NAME, json!({ "userId": 999_999_999 }));
        Traffic::InTurn(vec![ProbeRequest::new(NAME, request)])
    },
    judge: |_, responses| all_accepted(responses, HELP),
    ..DEFAULTS
};

const HELP: &str = "acknowledge unknown events with a 2xx: PGM adds events, and requests that fail \
                    are retried";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn a_refusal_fails() {
        let judge = PROBE.judge;
        assert_eq!(judge(&config(), &[responded(200)]).status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[responded(400)]).status, CheckStatus::Fail);
        assert!(crate::pgm::find(NAME).is_none());
    }
}
