//! Judgements that several probes share.

use std::time::Duration;

use super::{ProbeResponse, ProbeResult};
use crate::delivery::{describe_attempt, format_duration};

/// Passes if each response is a 2xx, however late: `within-5s` judges the time.
pub(super) fn all_accepted(responses: &[ProbeResponse], help: &str) -> ProbeResult {
    if responses.iter().all(ProbeResponse::is_accepted) {
        return ProbeResult::pass(described(responses.iter()));
    }
    let rejected = responses.iter().filter(|response| !response.is_accepted());
    ProbeResult::fail(described(rejected), help)
}

/// Passes if each response is a 2xx within the limit; the evidence counts what there was.
pub(super) fn all_in_time(responses: &[ProbeResponse], limit: Duration, help: &str) -> ProbeResult {
    let slowest = responses.iter().map(ProbeResponse::elapsed).max().unwrap_or_default();
    let slowest = format_duration(slowest);
    let evidence = match responses {
        [only] => format!("{} in {slowest}", describe_timely(only, limit)),
        _ => format!("{}; the slowest took {slowest}", tally(responses, limit)),
    };
    match responses.iter().all(|response| response.is_in_time(limit)) {
        true => ProbeResult::pass(evidence),
        false => ProbeResult::fail(evidence, help),
    }
}

/// Passes if each request was rejected with a 4xx.
pub(super) fn all_rejected(responses: &[ProbeResponse], help: &str) -> ProbeResult {
    if responses.iter().any(ProbeResponse::is_accepted) {
        let accepted = responses.iter().filter(|response| response.is_accepted());
        return ProbeResult::fail(format!("accepted; {}", described(accepted)), help);
    }
    let is_4xx =
        |response: &ProbeResponse| response.status().is_some_and(|status| status / 100 == 4);
    if responses.iter().all(is_4xx) {
        ProbeResult::pass(described(responses.iter()))
    } else {
        ProbeResult::fail(
            format!("not accepted, but not rejected with a 4xx; {}", described(responses.iter())),
            "respond 401 to a signature that does not match, before you do anything else",
        )
    }
}

/// `label: how it ended` for each.
fn described<'a>(responses: impl Iterator<Item = &'a ProbeResponse>) -> String {
    let each = responses.map(|response| format!("{}: {}", response.label, describe(response)));
    each.collect::<Vec<_>>().join("; ")
}

/// How a request ended.
pub(super) fn describe(response: &ProbeResponse) -> String {
    response.attempt.as_ref().map_or_else(|| "connection closed early".to_owned(), describe_attempt)
}

/// How a request ended, and whether that was too late.
fn describe_timely(response: &ProbeResponse, limit: Duration) -> String {
    let late = response.is_accepted() && !response.is_in_time(limit);
    if late { format!("{} too late", describe(response)) } else { describe(response) }
}

/// `3 × 200 OK, 1 × 409 Conflict`, the most frequent first.
pub(super) fn tally(responses: &[ProbeResponse], limit: Duration) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for response in responses {
        let text = describe_timely(response, limit);
        match counts.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => counts.push((text, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let counts: Vec<_> = counts.iter().map(|(text, count)| format!("{count} × {text}")).collect();
    counts.join(", ")
}

/// The minimum, the median and the maximum of some durations.
pub(super) fn spread(mut times: Vec<Duration>) -> Option<(Duration, Duration, Duration)> {
    times.sort_unstable();
    let (min, max) = (*times.first()?, *times.last()?);
    let middle = times.len() / 2;
    let median =
        if times.len() % 2 == 1 { times[middle] } else { (times[middle - 1] + times[middle]) / 2 };
    Some((min, median, max))
}

/// The first text that a response has, in one line and cut short.
pub(super) fn quote(text: &str) -> String {
    const MAX_QUOTED_CHARS: usize = 160;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_QUOTED_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
