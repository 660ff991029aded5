//! Is the answer as it was asked for: not compressed?

use super::prelude::*;

pub(super) const PROBE: Probe = Probe {
    id: "no-compression-surprise",
    level: Level::Note,
    source: Source::Advice,
    passes_when: "the answer is not compressed, as nobody asked for that",
    explanation: "pgwh sends no Accept-Encoding, and whether PGM does is not known. A target that \
        compresses unasked may have its answers shown as gibberish in PGM's requests list. Looks \
        at the answer to the first call.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |_| Sends::First,
    judge,
};

fn judge(_: &Setting, replies: &[Reply]) -> Judgement {
    let answer = replies.first().and_then(|reply| reply.attempt.as_ref()?.response.as_ref());
    let encoding = answer.and_then(|answer| answer.header("content-encoding")).map(str::trim);
    match encoding {
        None | Some("" | "identity") => Judgement::pass("not compressed"),
        Some(encoding) => Judgement::warn(
            format!("compressed with {encoding}, unasked"),
            "compress only for callers that send Accept-Encoding",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn compression_that_nobody_asked_for_is_noted() {
        let with =
            |value| judge(&setting(), &[with_header(answered(200), "Content-Encoding", value)]);
        assert_eq!(judge(&setting(), &[answered(200)]).word, Word::Pass);
        assert_eq!(with("identity").word, Word::Pass);
        assert_eq!(with("gzip").word, Word::Warn);
    }
}
