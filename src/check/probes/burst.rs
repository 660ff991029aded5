//! Does the target bear many different events at once?

use super::super::judging::{spread, tally};
use super::prelude::*;
use crate::delivery::format_duration;

pub(super) const PROBE: Probe = Probe {
    id: "burst",
    level: Level::Should,
    source: Source::Advice,
    passes_when: "--burst N different requests at once all get a 2xx in time",
    explanation: "A class that is cancelled tells every member of it. Sends N different requests of \
        Test at once, after everything else, and shows how long the answers took. Mend it by \
        answering first and working afterwards, and by a queue that takes what comes.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Alone,
    sends: |asking| match asking.setting.burst {
        None => Sends::NotApplicable("--burst N sends N different requests at once".to_owned()),
        Some(calls) => {
            let call = |n| Call::new(format!("call {n}"), asking.test());
            Sends::AtOnce((1..=calls).map(call).collect())
        }
    },
    judge,
};

fn judge(setting: &Setting, replies: &[Reply]) -> Judgement {
    let times = replies.iter().map(Reply::elapsed).collect();
    let Some((min, median, max)) = spread(times) else {
        return Judgement::skip("nothing was sent");
    };
    let evidence = format!(
        "{}; min {}, median {}, max {}",
        tally(replies, setting.limit),
        format_duration(min),
        format_duration(median),
        format_duration(max)
    );
    if replies.iter().all(|reply| reply.is_in_time(setting.limit)) {
        return Judgement::pass(evidence);
    }
    Judgement::fail(
        evidence,
        "answer first and work afterwards, and raise the limits of connections and of rate for PGM",
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn every_call_counts() {
        let passed = judge(&setting(), &[after(answered(200), 10), after(answered(200), 20)]);
        assert_eq!(passed.evidence, "2 × 200 OK; min 10 ms, median 15 ms, max 20 ms");
        assert_eq!(passed.word, Word::Pass);
        assert_eq!(judge(&setting(), &[answered(200), answered(429)]).word, Word::Fail);
        assert_eq!(
            judge(&setting(), &[answered(200), after(answered(200), 5000)]).word,
            Word::Fail
        );
    }
}
