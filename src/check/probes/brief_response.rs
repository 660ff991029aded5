//! Does PGM get to show the whole answer?

use super::prelude::*;
use crate::pgm::RESPONSE_CHARS;

/// How much of the last text that PGM keeps is shown.
const TAIL: usize = 30;

pub(super) const PROBE: Probe = Probe {
    id: "brief-response",
    level: Level::Should,
    source: Source::Documented,
    passes_when: "the answer has at most 1000 characters",
    explanation: "PGM keeps and shows only the first 1000 characters of an answer, and asks for \
        answers as brief as possible, such as Ok. Looks at the answer to the first call.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |_| Sends::First,
    judge,
};

fn judge(_: &Setting, replies: &[Reply]) -> Judgement {
    let answer = replies.first().and_then(|reply| reply.attempt.as_ref()?.response.as_ref());
    let Some(answer) = answer else { return Judgement::skip("there is no answer") };
    let characters = answer.text.chars().count();
    if !answer.truncated {
        let unit = if characters == 1 { "character" } else { "characters" };
        return Judgement::pass(format!("{characters} {unit}"));
    }
    let tail: String = answer.text.chars().skip(characters.saturating_sub(TAIL)).collect();
    Judgement::fail(
        format!(
            "{} bytes; PGM would cut it after {RESPONSE_CHARS} characters: …{tail}",
            answer.bytes
        ),
        "answer briefly, for example Ok; details belong in the receiver's log",
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn an_answer_that_pgm_would_cut_fails() {
        assert_eq!(judge(&setting(), &[with_text(answered(200), "Ok")]).evidence, "2 characters");
        let failed = judge(&setting(), &[cut_off(answered(200), &"ż".repeat(1000), 2002)]);
        assert_eq!(failed.word, Word::Fail);
        assert_eq!(
            failed.evidence,
            format!("2002 bytes; PGM would cut it after 1000 characters: …{}", "ż".repeat(30))
        );
    }
}
