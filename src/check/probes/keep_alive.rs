//! Does the target keep connections?

use super::prelude::*;

pub(super) const PROBE: Probe = Probe {
    id: "keep-alive",
    level: Level::Note,
    source: Source::Advice,
    passes_when: "a second call can use the connection of the first",
    explanation: "A connection that is kept saves the next call its TCP and TLS handshakes, out of \
        the same 5 seconds. Sends Test twice, the second time over the connection of the first if \
        the target keeps it. Whether PGM keeps connections is not known.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |asking| {
        let first = Call::new("first", asking.test()).manner(Manner::Kept);
        let second = Call::new("second", asking.test()).manner(Manner::Kept);
        Sends::InTurn(vec![first, second])
    },
    judge,
};

fn judge(_: &Setting, replies: &[Reply]) -> Judgement {
    match replies {
        [_, second] if second.reused => Judgement::pass("the connection is kept"),
        [_, second] if second.is_accepted() => Judgement::warn(
            "the connection is closed after each answer",
            "let the server keep connections: each handshake counts towards the 5 seconds",
        ),
        _ => Judgement::skip("the calls were not answered"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_second_connection_is_noted() {
        let reused = Reply { reused: true, ..answered(200) };
        assert_eq!(judge(&setting(), &[answered(200), reused]).word, Word::Pass);
        assert_eq!(judge(&setting(), &[answered(200), answered(200)]).word, Word::Warn);
        assert_eq!(judge(&setting(), &[answered(500)]).word, Word::Skip);
    }
}
