//! What the list holds.

use chrono::{DateTime, Utc};
use url::Url;

use crate::delivery::{Attempt, AttemptOutcome};
use crate::pgm::{RequestId, SignedRequest};

/// One line of the list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its place in the list; later requests have higher ones.
    pub row: i64,
    /// `X-PerfectGym-Request`.
    pub request_id: RequestId,
    /// The event, where it is known.
    pub event: Option<String>,
    /// The name of the webhook that it was sent to, if it was one of the webhooks file.
    pub webhook: Option<String>,
    /// The URL that was called.
    pub url: Url,
    /// When it was first sent.
    pub created_at: DateTime<Utc>,
    /// What PGM would show.
    pub status: Status,
    /// How many attempts were begun.
    pub attempts: u32,
    /// How the last attempt ended, if one has ended.
    pub outcome: Option<AttemptOutcome>,
    /// The HTTP status of the last answer, if the last attempt that ended got one.
    pub http_status: Option<u16>,
    /// What a load run came to; `None` for a request.
    pub load: Option<LoadCounts>,
}

/// A load run as a line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadCounts {
    /// How many calls were made.
    pub calls: u64,
    /// How many of them failed.
    pub failed: u64,
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A 2xx in time.
    Delivered,
    /// A connection was made, but no 2xx came in time.
    Failed,
    /// No connection was ever made.
    Unreachable,
    /// A process is at it.
    Sending,
    /// The process that was at it ended before it knew what came of it.
    Interrupted,
}

/// A request with all that was sent and all that came of it.
#[derive(Debug, Clone)]
pub struct StoredRequest {
    /// Its line in the list.
    pub entry: Entry,
    /// The exact headers and body.
    pub request: SignedRequest,
    /// In the order in which they were begun.
    pub attempts: Vec<StoredAttempt>,
}

/// An attempt, finished or not.
#[derive(Debug, Clone)]
pub struct StoredAttempt {
    /// Counted from 1 over all sends of the request.
    pub n: u32,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// What came of it; `None` when nobody wrote it down.
    pub attempt: Option<Attempt>,
}

impl Status {
    /// Its word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Unreachable => "unreachable",
            Self::Sending => "sending",
            Self::Interrupted => "interrupted",
        }
    }

    /// Whether it is one to retry: it did not succeed, and nobody is at it.
    pub fn is_unsuccessful(self) -> bool {
        matches!(self, Self::Failed | Self::Unreachable | Self::Interrupted)
    }
}
