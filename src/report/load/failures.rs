//! What went wrong in a run.

use super::{LoadEnd, LoadReport};
use crate::delivery::{self, help};
use crate::delivery::{format_duration, status_line};
use crate::load::{Example, Failure, Kind, Tally};
use crate::report::{escape, grouped};

/// Characters of an answer that an example shows.
const SHOWN: usize = 60;

/// The kinds, the most frequent first.
pub(super) fn ranked(tally: &Tally) -> Vec<(Kind, &Failure)> {
    let mut kinds: Vec<_> = tally.failures.iter().map(|(kind, failure)| (*kind, failure)).collect();
    kinds.sort_by_key(|(_, failure)| std::cmp::Reverse(failure.count));
    kinds
}

/// A kind in a few words.
pub(super) fn words(kind: Kind) -> String {
    match kind {
        Kind::Status(status) => status_line(status),
        Kind::Late => "a 2xx, but too late".to_owned(),
        Kind::TimedOut => "timed out".to_owned(),
        Kind::Broken => "connection broke".to_owned(),
        Kind::Tls => "TLS failed".to_owned(),
        Kind::Refused => "no connection".to_owned(),
    }
}

/// `30 × 503 Service Unavailable · 7 × timed out`
pub(super) fn inline(tally: &Tally) -> String {
    let kinds = ranked(tally).into_iter();
    let kinds: Vec<_> = kinds
        .map(|(kind, failure)| format!("{} × {}", grouped(failure.count), words(kind)))
        .collect();
    kinds.join(" · ")
}

/// What an example shows of its call, on one line.
pub(super) fn evidence(example: &Example) -> String {
    let attempt = &example.attempt;
    let response =
        attempt.response.as_ref().map(|response| response.text.trim()).unwrap_or_default();
    let text = match (&attempt.error, response) {
        (Some(error), _) => escape(error),
        (None, "") => format!("after {}", format_duration(attempt.elapsed)),
        (None, response) => format!("{:?}", short(response)),
    };
    format!("{text}, e.g. {}", escape(example.request.request_id().as_str()))
}

fn short(text: &str) -> String {
    let line = escape(text.lines().next().unwrap_or_default());
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

impl LoadReport<'_> {
    /// Each kind with its number and an example.
    pub(super) fn failures(&self, tally: &Tally) -> String {
        let ranked = ranked(tally);
        let width = ranked.iter().map(|(_, failure)| grouped(failure.count).len()).max();
        let mut text = String::new();
        for (kind, failure) in ranked {
            let count = format!("{:>1$}", grouped(failure.count), width.unwrap_or_default());
            text += &format!("    {}  {}\n", self.palette.bad(&count), words(kind));
            if let Some(example) = &failure.example {
                let gap = " ".repeat(width.unwrap_or_default() + 6);
                text += &format!("{gap}{}\n", self.palette.faint(&evidence(example)));
            }
        }
        text
    }

    /// What to do next, where something failed.
    pub(super) fn advice(&self, end: &LoadEnd<'_>) -> String {
        let tally = &end.progress.tally;
        let Some((_, failure)) = ranked(tally).into_iter().next() else { return String::new() };
        let mut lines: Vec<String> = failure
            .example
            .iter()
            .filter(|example| example.attempt.verdict() != delivery::DeliveryVerdict::Delivered)
            .map(|example| help(&example.attempt))
            .collect();
        if let Some(id) = &end.recorded {
            let kept = tally.kept.len();
            let which = match tally.failed() > kept as u64 {
                true => format!("the first {kept} failed ones"),
                false => "the failed ones".to_owned(),
            };
            lines.push(format!("`pgwh requests retry {id}` sends {which} again"));
        }
        let line = |line: String| format!("  {} {}\n", self.palette.name("next:"), escape(&line));
        lines.into_iter().map(line).collect()
    }
}
