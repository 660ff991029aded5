//! Does the target answer in time, every time?

use std::time::Duration;

use super::super::judging::{spread, word};
use super::prelude::*;
use crate::delivery::format_duration;

pub(super) const PROBE: Probe = Probe {
    id: "within-5s",
    level: Level::Must,
    source: Source::Documented,
    passes_when: "the slowest of --samples whole answers is under 5 s, or --max-time; warns from half of it",
    explanation: "PGM waits 5 seconds. Sends Test --samples times, one after the other and each on \
        a new connection, and times them to the last byte of the answer; the first call, which \
        may find the target cold, counts and is shown apart. Stops at the first answer that is \
        too late. Mend it by answering first and working afterwards: put the event in a queue, \
        answer Ok.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Measured,
    sends: |asking| {
        let more = 2..=asking.setting.samples;
        Sends::FirstThen(more.map(|n| Call::new(format!("call {n}"), asking.test())).collect())
    },
    judge,
};

const HINT: &str = "answer first and work afterwards: put the event in a queue, answer Ok";
const COLD_HINT: &str = "only the first call is slow: keep the receiver warm, PGM's first call \
                         after a quiet hour meets it cold";

fn judge(setting: &Setting, replies: &[Reply]) -> Judgement {
    if let Some(bad) = replies.iter().find(|reply| !reply.is_accepted()) {
        return Judgement::fail(
            format!("{} of {} got {}", bad.label, replies.len(), word(bad)),
            "the same event was accepted before: look in the receiver's log for what differs",
        );
    }
    let times: Vec<_> = replies.iter().map(Reply::elapsed).collect();
    let Some(slowest) = times.iter().max().copied() else {
        return Judgement::skip("nothing was timed");
    };
    let evidence = format!("{}; {}", measured(&times), margin(slowest, setting.limit));
    let hint = if only_the_first(&times, setting.limit / 2) { COLD_HINT } else { HINT };
    match slowest {
        _ if slowest >= setting.limit => Judgement::fail(evidence, hint),
        _ if slowest >= setting.limit / 2 => Judgement::warn(evidence, hint),
        _ => Judgement::pass(evidence),
    }
}

fn measured(times: &[Duration]) -> String {
    let first = times.first().copied().unwrap_or_default();
    let first = format!("first call {}", format_duration(first));
    let Some((min, median, max)) = spread(times.get(1..).unwrap_or_default().to_vec()) else {
        return first;
    };
    format!(
        "{first}; {} more: min {}, median {}, max {}",
        times.len() - 1,
        format_duration(min),
        format_duration(median),
        format_duration(max)
    )
}

fn margin(slowest: Duration, limit: Duration) -> String {
    match limit.checked_sub(slowest).filter(|left| !left.is_zero()) {
        Some(left) => format!("{} to spare of {}", format_duration(left), format_duration(limit)),
        None => format!("the limit is {}", format_duration(limit)),
    }
}

fn only_the_first(times: &[Duration], limit: Duration) -> bool {
    times.len() > 1 && times[1..].iter().all(|time| *time < limit)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    fn on(times: &[u64]) -> Judgement {
        let replies: Vec<_> = times.iter().map(|ms| after(answered(200), *ms)).collect();
        judge(&setting(), &replies)
    }

    #[test]
    fn the_slowest_decides() {
        let passed = on(&[900, 10, 30, 20]);
        assert_eq!(passed.word, Word::Pass);
        assert_eq!(
            passed.evidence,
            "first call 900 ms; 3 more: min 10 ms, median 20 ms, max 30 ms; \
             4.10 s to spare of 5.00 s"
        );
        assert_eq!(on(&[10, 2499]).word, Word::Pass);
        assert_eq!(on(&[10, 2500]).word, Word::Warn);
        assert_eq!(on(&[10, 5000]).word, Word::Fail);
        assert_eq!(on(&[6000, 10]).hint.unwrap(), COLD_HINT);
        assert_eq!(on(&[6000, 6000]).hint.unwrap(), HINT);
    }

    #[test]
    fn an_answer_that_is_no_2xx_fails() {
        let failed = judge(&setting(), &[answered(200), answered(500)]);
        assert_eq!(failed.word, Word::Fail);
        assert_eq!(failed.evidence, "call of 2 got 500 Internal Server Error");
    }
}
