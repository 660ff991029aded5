//! A load run: while it goes on, and when it is over.

mod failures;
mod histogram;
mod json;
mod live;
mod markdown;
mod numbers;
mod percentiles;
mod summary;

use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::Palette;
use crate::load::{Plan, Progress};
use crate::pgm::RequestId;

pub use live::wipe_lines;
pub use percentiles::percentile_text;

/// Renders a run.
#[derive(Debug)]
pub struct LoadReport<'a> {
    /// How to paint.
    pub palette: Palette,
    /// The webhook's name, if the target is one of the webhooks file.
    pub webhook: Option<&'a str>,
    /// The target.
    pub url: &'a Url,
    /// The events with their weights.
    pub events: Vec<(&'a str, u32)>,
    /// What was asked for.
    pub plan: &'a Plan,
    /// The time limit of a call.
    pub timeout: Duration,
    /// Whether to show the verdict alone.
    pub quiet: bool,
}

/// A run that is over.
#[derive(Debug)]
pub struct LoadEnd<'a> {
    /// What came of it.
    pub progress: &'a Progress,
    /// Whether the user ended it before its time.
    pub is_interrupted: bool,
    /// Whether it ended itself, as nothing accepted a connection.
    pub is_hopeless: bool,
    /// How many failures were allowed, as it was typed.
    pub allowed: Option<String>,
    /// Whether no more than that failed.
    pub passed: bool,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// Its id in the requests list, if it is there.
    pub recorded: Option<RequestId>,
}
