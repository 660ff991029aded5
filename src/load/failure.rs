//! What goes wrong in a run, by kind, with an example of each.

use crate::delivery::{Attempt, AttemptOutcome, DeliveryVerdict};
use crate::pgm::SignedRequest;

/// How a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The answer had this HTTP status, which is not a 2xx.
    Status(u16),
    /// A 2xx came, but more than PGM's limit after the call was due.
    Late,
    /// No whole answer came within the time limit.
    TimedOut,
    /// The connection stood, then broke, or what came was not HTTP.
    Broken,
    /// TLS could not be agreed on.
    Tls,
    /// Nothing accepted the connection.
    Refused,
}

/// The failures of one kind.
#[derive(Debug, Clone, Default)]
pub struct Failure {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub example: Option<Example>,
}

/// A call that failed, whole.
#[derive(Debug, Clone)]
pub struct Example {
    /// The event.
    pub event: String,
    /// What was sent.
    pub request: SignedRequest,
    /// What came of it.
    pub attempt: Attempt,
}

impl Kind {
    /// The kind of an attempt's failure; `None` for a 2xx that came in time.
    pub(super) fn of(attempt: &Attempt, in_time: bool) -> Option<Self> {
        Some(match (attempt.outcome, attempt.status()) {
            (AttemptOutcome::Responded, _) if attempt.verdict() == DeliveryVerdict::Delivered => {
                return (!in_time).then_some(Self::Late);
            }
            (AttemptOutcome::Responded, status) => Self::Status(status.unwrap_or_default()),
            (AttemptOutcome::TimedOut, _) => Self::TimedOut,
            (AttemptOutcome::Broken, _) => Self::Broken,
            (AttemptOutcome::Tls, _) => Self::Tls,
            (AttemptOutcome::Refused | AttemptOutcome::Dns, _) => Self::Refused,
        })
    }

    /// Its word in JSON; a status is its number.
    pub fn word(self) -> String {
        match self {
            Self::Status(status) => status.to_string(),
            Self::Late => "late".to_owned(),
            Self::TimedOut => AttemptOutcome::TimedOut.as_str().to_owned(),
            Self::Broken => AttemptOutcome::Broken.as_str().to_owned(),
            Self::Tls => AttemptOutcome::Tls.as_str().to_owned(),
            Self::Refused => AttemptOutcome::Refused.as_str().to_owned(),
        }
    }
}

impl Failure {
    pub(super) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        if self.example.is_none() {
            self.example.clone_from(&other.example);
        }
    }
}

impl Example {
    pub(super) fn new(event: &str, request: &SignedRequest, attempt: &Attempt) -> Self {
        Self { event: event.to_owned(), request: request.clone(), attempt: attempt.clone() }
    }
}
