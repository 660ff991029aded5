//! A load run, while it goes on and when it is over.

mod histogram;
mod human;
mod json;
mod markdown;
mod numbers;

use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::{Palette, escape, grouped};
use crate::delivery::{format_duration, status_line};
use crate::load::{FailedRequest, FailureBucket, FailureKind, LoadConfig, LoadProgress, LoadStats};
use crate::pgm::RequestId;
use crate::text::shown_url;

pub use histogram::percentile_text;

/// Characters of a response that an example shows.
const MAX_EXAMPLE_CHARS: usize = 60;

/// Renders a run.
#[derive(Debug)]
pub struct LoadReport<'a> {
    /// The colours.
    pub palette: Palette,
    /// The name of the webhook, if the target is one of pgwh.toml.
    pub webhook: Option<&'a str>,
    /// The target.
    pub url: &'a Url,
    /// The events with their weights.
    pub events: Vec<(&'a str, u32)>,
    /// What was asked for.
    pub config: &'a LoadConfig,
    /// The time limit of a request.
    pub timeout: Duration,
    /// Whether to show the verdict alone.
    pub quiet: bool,
}

/// A run that is over.
#[derive(Debug)]
pub struct LoadResult<'a> {
    /// What came of it.
    pub progress: &'a LoadProgress,
    /// Whether the user ended it early.
    pub is_interrupted: bool,
    /// Whether it was given up because no connection could be made.
    pub is_given_up: bool,
    /// How many failures were allowed, as typed.
    pub allowed: Option<String>,
    /// Whether no more than that failed.
    pub passed: bool,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// Its id in the requests list, if it was recorded.
    pub recorded: Option<RequestId>,
}

impl LoadReport<'_> {
    /// What is sent, and where to.
    pub(super) fn title(&self) -> String {
        let has_weights = self.events.len() > 1;
        let event = |(name, weight): &(&str, u32)| match has_weights {
            true => format!("{}={weight}", escape(name)),
            false => escape(name),
        };
        let events: Vec<_> = self.events.iter().map(event).collect();
        let webhook = self.webhook.map(|name| format!("{}, ", escape(name))).unwrap_or_default();
        format!("{} → {webhook}{}", events.join(" "), escape(&shown_url(self.url)))
    }
}

/// The kinds of failures, the most frequent first.
fn ranked(stats: &LoadStats) -> Vec<(FailureKind, &FailureBucket)> {
    let mut kinds: Vec<_> = stats.failures.iter().map(|(kind, bucket)| (*kind, bucket)).collect();
    kinds.sort_by_key(|(_, bucket)| std::cmp::Reverse(bucket.count));
    kinds
}

/// A kind of failure in a few words.
fn describe(kind: FailureKind) -> String {
    match kind {
        FailureKind::Status(status) => status_line(status),
        FailureKind::Late => "a 2xx, but too late".to_owned(),
        FailureKind::TimedOut => "timed out".to_owned(),
        FailureKind::Broken => "connection broke".to_owned(),
        FailureKind::Tls => "TLS failed".to_owned(),
        FailureKind::Refused => "no connection".to_owned(),
    }
}

/// An example of a failure on one line: its error, else its response, and its request id.
fn describe_example(example: &FailedRequest) -> String {
    let attempt = &example.attempt;
    let response = attempt.response.as_ref().map(|response| response.text.trim());
    let text = match (&attempt.error, response.unwrap_or_default()) {
        (Some(error), _) => escape(error),
        (None, "") => format!("after {}", format_duration(attempt.elapsed)),
        (None, response) => format!("{:?}", first_line(response)),
    };
    format!("{text}, e.g. {}", escape(example.request.request_id().as_str()))
}

fn first_line(text: &str) -> String {
    let line = escape(text.lines().next().unwrap_or_default());
    match line.char_indices().nth(MAX_EXAMPLE_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// `30 × 503 Service Unavailable · 7 × timed out`
fn failure_counts(stats: &LoadStats) -> String {
    let kind = |(kind, bucket): (FailureKind, &FailureBucket)| {
        format!("{} × {}", grouped(bucket.count), describe(kind))
    };
    ranked(stats).into_iter().map(kind).collect::<Vec<_>>().join(" · ")
}
