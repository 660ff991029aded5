//! Is a digest in upper-case hex accepted?

use super::super::judging::word;
use super::prelude::*;
use crate::pgm::Signature;

pub(super) const PROBE: Probe = Probe {
    id: "signature-hex-case",
    level: Level::Should,
    source: Source::Advice,
    passes_when: "a signature in upper-case hex is accepted; never a failure",
    explanation: "The documentation does not say whether PGM writes the digest in upper or lower \
        case. pgwh sends lower case; this check sends Test with the right digest in upper case. \
        Compare without regard to case and you need not know.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |asking| {
        let secret = asking.setting.secret.clone();
        let request =
            asking.test_signed(|id| Signature::new(id, &secret).to_string().to_uppercase());
        Sends::InTurn(vec![Call::new("upper-case hex", request)])
    },
    judge,
};

fn judge(_: &Setting, replies: &[Reply]) -> Judgement {
    match replies.first() {
        Some(reply) if reply.is_accepted() => {
            Judgement::pass(format!("upper-case hex: {}", word(reply)))
        }
        Some(reply) => Judgement::warn(
            format!("upper-case hex: {}", word(reply)),
            "compare the digests without regard to case: PGM's documentation does not fix it",
        ),
        None => Judgement::skip("nothing was sent"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_refusal_only_warns() {
        assert_eq!(judge(&setting(), &[answered(200)]).word, Word::Pass);
        assert_eq!(judge(&setting(), &[answered(401)]).word, Word::Warn);
    }
}
