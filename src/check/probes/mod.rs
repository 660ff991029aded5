//! The probes: one file each, and one line each in [`PROBES`]; and the judgements that several of
//! them share.

mod answers_2xx;
mod brief_response;
mod burst;
mod every_event;
mod extra_and_null_fields;
mod four_at_once;
mod header_case;
mod http_version;
mod https_443;
mod keep_alive;
mod no_compression_surprise;
mod query_token;
mod rejects_other_request_signature;
mod rejects_unsigned;
mod rejects_wrong_signature;
mod retry_after_failure;
mod same_body_other_id;
mod same_request_again;
mod signature_hex_case;
mod soft_failure;
mod tls;
mod unicode;
mod unknown_event;
mod unknown_member;
mod within_5s;

use std::cmp::Reverse;
use std::time::Duration;

pub use self::every_event::anonymize;
use super::{
    CheckConfig, ConnectionMode, Level, Phase, Prerequisite, Probe, ProbeRequest, ProbeResponse,
    ProbeResult, Provenance, RequestFactory, Traffic, test_data,
};
use crate::delivery::{describe_attempt, format_duration, status_line};
use crate::text;

/// All probes, in the order in which they are shown.
pub const PROBES: &[Probe] = &[
    https_443::PROBE,
    tls::PROBE,
    answers_2xx::PROBE,
    within_5s::PROBE,
    same_request_again::PROBE,
    four_at_once::PROBE,
    every_event::PROBE,
    retry_after_failure::PROBE,
    unknown_event::PROBE,
    unknown_member::PROBE,
    extra_and_null_fields::PROBE,
    unicode::PROBE,
    rejects_wrong_signature::PROBE,
    rejects_unsigned::PROBE,
    rejects_other_request_signature::PROBE,
    signature_hex_case::PROBE,
    same_body_other_id::PROBE,
    soft_failure::PROBE,
    brief_response::PROBE,
    burst::PROBE,
    no_compression_surprise::PROBE,
    http_version::PROBE,
    keep_alive::PROBE,
    header_case::PROBE,
    query_token::PROBE,
];

/// The probe with this id.
pub fn find(id: &str) -> Option<&'static Probe> {
    PROBES.iter().find(|probe| probe.id == id)
}

/// What most probes have in common; the rest is for each to say.
const DEFAULTS: Probe = Probe {
    id: "",
    level: Level::Note,
    source: Provenance::Recommendation,
    passes_when: "",
    explanation: "",
    about_signatures: false,
    prerequisite: Prerequisite::Accepted,
    phase: Phase::Together,
    traffic: |_| Traffic::First,
    judge: |_, _| ProbeResult::skip("nothing to judge"),
};

/// Passes if each response is a 2xx, however late: `within-5s` judges the time.
fn all_accepted(responses: &[ProbeResponse], help: &str) -> ProbeResult {
    if responses.iter().all(ProbeResponse::is_accepted) {
        return ProbeResult::pass(described(responses.iter()));
    }
    let rejected = responses.iter().filter(|response| !response.is_accepted());
    ProbeResult::fail(described(rejected), help)
}

/// Passes if each response is a 2xx within the limit; the evidence counts what there was.
fn all_in_time(responses: &[ProbeResponse], limit: Duration, help: &str) -> ProbeResult {
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
fn all_rejected(responses: &[ProbeResponse], help: &str) -> ProbeResult {
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

/// How a request ended, however late.
fn describe(response: &ProbeResponse) -> String {
    match &response.attempt {
        None => "connection closed early".to_owned(),
        Some(attempt) => match attempt.status().filter(|_| attempt.is_accepted()) {
            Some(status) => status_line(status),
            None => describe_attempt(attempt),
        },
    }
}

/// How a request ended, and whether that was too late.
fn describe_timely(response: &ProbeResponse, limit: Duration) -> String {
    let late = response.is_accepted() && !response.is_in_time(limit);
    if late { format!("{} too late", describe(response)) } else { describe(response) }
}

/// `3 × 200 OK, 1 × 409 Conflict`, the most frequent first.
fn tally(responses: &[ProbeResponse], limit: Duration) -> String {
    let mut counts = text::tally(responses.iter().map(|response| describe_timely(response, limit)));
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let counts: Vec<_> = counts.iter().map(|(text, count)| format!("{count} × {text}")).collect();
    counts.join(", ")
}

/// The minimum, the median and the maximum of some durations.
fn spread(mut times: Vec<Duration>) -> Option<(Duration, Duration, Duration)> {
    times.sort_unstable();
    let (min, max) = (*times.first()?, *times.last()?);
    let middle = times.len() / 2;
    let median =
        if times.len() % 2 == 1 { times[middle] } else { (times[middle - 1] + times[middle]) / 2 };
    Some((min, median, max))
}

/// A text from outside in one line and cut short.
fn quote(quoted: &str) -> String {
    const MAX_QUOTED_CHARS: usize = 160;
    let line = quoted.split_whitespace().collect::<Vec<_>>().join(" ");
    text::shortened(&line, MAX_QUOTED_CHARS).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_stay_in_groups_of_level() {
        for (n, probe) in PROBES.iter().enumerate() {
            assert!(PROBES[..n].iter().all(|other| other.id != probe.id), "{}", probe.id);
            assert!(PROBES[..n].iter().all(|other| other.level <= probe.level), "{}", probe.id);
        }
    }
}
