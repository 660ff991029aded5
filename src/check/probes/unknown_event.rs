//! Is an event that does not exist yet acknowledged?

use serde_json::json;

use super::super::judging::all_accepted;
use super::prelude::*;

/// A name that PGM will hardly choose.
const NAME: &str = "PgwhEventOfTheFuture";

pub(super) const PROBE: Probe = Probe {
    id: "unknown-event",
    level: Level::Should,
    source: Source::Advice,
    passes_when: "an event that does not exist yet is acknowledged with a 2xx",
    explanation: "PGM adds events (AgreementAnswerModified came with R93), and a webhook that is \
        subscribed to all gets them at once. Sends the event PgwhEventOfTheFuture. Acknowledge \
        what you do not know, and leave it be.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |asking| {
        let request = asking.event(NAME, json!({ "userId": 999_999_999 }));
        Sends::InTurn(vec![Call::new(NAME, request)])
    },
    judge: |_, replies| all_accepted(replies, HINT),
};

const HINT: &str = "acknowledge events that you do not know with a 2xx: PGM adds some, and calls \
                    that fail are repeated";

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_refusal_fails() {
        let judge = PROBE.judge;
        assert_eq!(judge(&setting(), &[answered(200)]).word, Word::Pass);
        assert_eq!(judge(&setting(), &[answered(400)]).word, Word::Fail);
        assert!(crate::pgm::find(NAME).is_none());
    }
}
