//! Judgements that several probes share.

use std::time::Duration;

use super::{Judgement, Reply};
use crate::delivery::{describe_attempt, format_duration};

/// Each reply got a 2xx, however late: the time of an answer is the business of `within-5s`.
pub(super) fn all_accepted(replies: &[Reply], hint: &str) -> Judgement {
    if replies.iter().all(Reply::is_accepted) {
        return Judgement::pass(told(replies.iter()));
    }
    Judgement::fail(told(replies.iter().filter(|reply| !reply.is_accepted())), hint)
}

/// Each reply got a 2xx within the limit; the evidence counts what there was.
pub(super) fn all_in_time(replies: &[Reply], limit: Duration, hint: &str) -> Judgement {
    let slowest = replies.iter().map(Reply::elapsed).max().unwrap_or_default();
    let slowest = format_duration(slowest);
    let evidence = match replies {
        [only] => format!("{} in {slowest}", answer(only, limit)),
        _ => format!("{}; the slowest took {slowest}", tally(replies, limit)),
    };
    if replies.iter().all(|reply| reply.is_in_time(limit)) {
        Judgement::pass(evidence)
    } else {
        Judgement::fail(evidence, hint)
    }
}

/// Each reply refused what was sent, with a 4xx.
pub(super) fn all_refused(replies: &[Reply], hint: &str) -> Judgement {
    if replies.iter().any(Reply::is_accepted) {
        let accepted = replies.iter().filter(|reply| reply.is_accepted());
        return Judgement::fail(format!("accepted; {}", told(accepted)), hint);
    }
    let is_4xx = |reply: &Reply| {
        reply.attempt.as_ref().and_then(|attempt| attempt.status()).is_some_and(|s| s / 100 == 4)
    };
    if replies.iter().all(is_4xx) {
        Judgement::pass(told(replies.iter()))
    } else {
        Judgement::fail(
            format!("not accepted, but not refused with a 4xx either; {}", told(replies.iter())),
            "answer 401 to a signature that does not match, before anything else is done",
        )
    }
}

/// `label: how it ended` for each.
fn told<'a>(replies: impl Iterator<Item = &'a Reply>) -> String {
    let told: Vec<_> = replies.map(|reply| format!("{}: {}", reply.label, word(reply))).collect();
    told.join("; ")
}

/// How a call ended.
pub(super) fn word(reply: &Reply) -> String {
    match &reply.attempt {
        Some(attempt) => describe_attempt(attempt),
        None => "hung up".to_owned(),
    }
}

/// How a call ended, and whether that was too late.
fn answer(reply: &Reply, limit: Duration) -> String {
    let late = reply.is_accepted() && !reply.is_in_time(limit);
    if late { format!("{} too late", word(reply)) } else { word(reply) }
}

/// `3 × 200 OK, 1 × 409 Conflict`, the most frequent first.
pub(super) fn tally(replies: &[Reply], limit: Duration) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for reply in replies {
        let word = answer(reply, limit);
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let counts: Vec<_> = counts.iter().map(|(word, count)| format!("{count} × {word}")).collect();
    counts.join(", ")
}

/// The smallest, the middle and the greatest of some durations.
pub(super) fn spread(mut times: Vec<Duration>) -> Option<(Duration, Duration, Duration)> {
    times.sort_unstable();
    let (min, max) = (*times.first()?, *times.last()?);
    let middle = times.len() / 2;
    let median =
        if times.len() % 2 == 1 { times[middle] } else { (times[middle - 1] + times[middle]) / 2 };
    Some((min, median, max))
}
