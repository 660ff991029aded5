//! What the list holds.

use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use crate::delivery::{Attempt, AttemptOutcome};
use crate::pgm::{RequestId, SignedRequest};

/// One row of the list.
#[derive(Debug, Clone)]
pub struct RequestRow {
    /// Its key; later requests have higher ones.
    pub row: i64,
    /// `X-PerfectGym-Request`.
    pub request_id: RequestId,
    /// The event, where it is known.
    pub event: Option<String>,
    /// The name of the webhook that it was sent to, if it was one of pgwh.toml.
    pub webhook: Option<String>,
    /// The URL that was called.
    pub url: Url,
    /// When it was first sent.
    pub created_at: DateTime<Utc>,
    /// What PGM would show.
    pub status: Status,
    /// The number of attempts that were started.
    pub attempts: u32,
    /// How the last attempt ended, if one has ended.
    pub outcome: Option<AttemptOutcome>,
    /// The HTTP status of the last response, if the last attempt that ended got one.
    pub http_status: Option<u16>,
    /// How long the newest attempt took, if it has ended.
    pub elapsed: Option<Duration>,
    /// The counts of a load run; `None` for a request.
    pub load: Option<LoadCounts>,
    /// Whether it was captured before and sent again (`send --from`).
    pub from_capture: bool,
    /// The story that it is a part of, if it is a part of one.
    pub story: Option<String>,
}

/// A load run as a row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadCounts {
    /// The number of requests that were sent.
    pub requests: u64,
    /// The number of them that failed.
    pub failed: u64,
}

/// The status of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A 2xx in time.
    Delivered,
    /// A connection was made, but no 2xx came in time.
    Failed,
    /// No connection was ever made.
    Unreachable,
    /// A process is sending it now.
    Sending,
    /// The process that was sending it ended before it knew the outcome.
    Interrupted,
}

/// A request with all that was sent and every response to it.
#[derive(Debug, Clone)]
pub struct StoredRequest {
    /// Its row in the list.
    pub entry: RequestRow,
    /// The exact headers and body.
    pub request: SignedRequest,
    /// In the order in which they were started.
    pub attempts: Vec<StoredAttempt>,
}

/// An attempt, finished or not.
#[derive(Debug, Clone)]
pub struct StoredAttempt {
    /// Counted from 1 over all sends of the request.
    pub n: u32,
    /// When it was started.
    pub started_at: DateTime<Utc>,
    /// Its result, or why it has none.
    pub status: AttemptStatus,
}

/// Whether an attempt has ended.
#[derive(Debug, Clone)]
pub enum AttemptStatus {
    /// It has, like this.
    Finished(Box<Attempt>),
    /// Its process is still running.
    Sending,
    /// Its process ended before it knew the outcome.
    Interrupted,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 5] =
        [Self::Delivered, Self::Failed, Self::Unreachable, Self::Sending, Self::Interrupted];

    /// Its value in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Unreachable => "unreachable",
            Self::Sending => "sending",
            Self::Interrupted => "interrupted",
        }
    }

    /// Whether it did not succeed and is not being sent, so that a retry makes sense.
    pub fn is_unsuccessful(self) -> bool {
        matches!(self, Self::Failed | Self::Unreachable | Self::Interrupted)
    }
}
