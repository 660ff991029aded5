//! Is a request accepted again after a caller that gave up on it?

use super::super::judging::all_accepted;
use super::prelude::*;

pub(super) const PROBE: Probe = Probe {
    id: "retry-after-failure",
    level: Level::Should,
    source: Source::Observed,
    passes_when: "a request whose caller hung up before the answer is accepted when it comes again",
    explanation: "PGM hangs up after 5 seconds and sends the request again later. Sends a request, \
        closes the connection a moment after its last byte, and sends the same request again. \
        A receiver that marked the request as taken, and then lost its caller, must not refuse \
        the second.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |asking| {
        let request = asking.test();
        Sends::InTurn(vec![
            Call::new("first", request.clone()).manner(Manner::HangUp),
            Call::new("sent again", request),
        ])
    },
    judge: |_, replies| {
        let again: Vec<_> =
            replies.iter().filter(|reply| reply.manner != Manner::HangUp).cloned().collect();
        all_accepted(&again, HINT)
    },
};

const HINT: &str = "a request that was begun and lost its caller comes again: mark it as done only \
                    when it is done, and answer the repeat with a 2xx";

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn the_second_call_decides() {
        let judge = PROBE.judge;
        let hung_up = Reply { manner: Manner::HangUp, attempt: None, ..answered(200) };
        assert_eq!(judge(&setting(), &[hung_up.clone(), answered(200)]).word, Word::Pass);
        assert_eq!(judge(&setting(), &[hung_up, answered(409)]).word, Word::Fail);
    }
}
