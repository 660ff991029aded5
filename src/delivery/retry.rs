//! When to send again, and after how long. The loop that waits is in `deliver`.

use std::str::FromStr;
use std::time::Duration;

use super::{Attempt, AttemptOutcome, DeliveryVerdict};

/// How pgwh retries. PGM's own schedule is not known, so the user decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Most attempts after the first.
    pub retries: u32,
    /// Time between the end of an attempt and the next.
    pub delay: Duration,
    /// How the delay grows.
    pub backoff: Backoff,
    /// An attempt is retried if any of these matches it.
    pub retry_on: Vec<RetryOn>,
}

/// How the delay between attempts grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backoff {
    /// It stays the same.
    Fixed,
    /// It doubles each time.
    Exponential,
}

/// A kind of failure that is retried. A success never is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryOn {
    /// Everything that is not a 2xx in time: what PGM does (observed).
    Failure,
    /// The time was up.
    Timeout,
    /// No connection was made.
    Unreachable,
    /// The connection broke.
    Broken,
    /// A response whose status has this first digit.
    Class(u16),
    /// A response with this status.
    Status(u16),
}

/// The text names no kind of failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected failure, timeout, unreachable, broken, 3xx, 4xx, 5xx or a status such as 429")]
pub struct RetryOnError;

impl FromStr for RetryOn {
    type Err = RetryOnError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "failure" => Ok(Self::Failure),
            "timeout" => Ok(Self::Timeout),
            "unreachable" => Ok(Self::Unreachable),
            "broken" => Ok(Self::Broken),
            "3xx" => Ok(Self::Class(3)),
            "4xx" => Ok(Self::Class(4)),
            "5xx" => Ok(Self::Class(5)),
            other => match other.parse() {
                Ok(status @ (100..=199 | 300..=599)) => Ok(Self::Status(status)),
                _ => Err(RetryOnError),
            },
        }
    }
}

impl RetryOn {
    fn matches(self, attempt: &Attempt) -> bool {
        let responded = attempt
            .status()
            .filter(|_| attempt.outcome == AttemptOutcome::Responded)
            .unwrap_or_default();
        match self {
            Self::Failure => true,
            Self::Timeout => attempt.outcome == AttemptOutcome::TimedOut,
            Self::Unreachable => !attempt.reached,
            Self::Broken => attempt.outcome == AttemptOutcome::Broken,
            Self::Class(class) => responded / 100 == class,
            Self::Status(status) => responded == status,
        }
    }
}

impl RetryPolicy {
    /// One attempt, whatever the outcome.
    pub fn none() -> Self {
        Self { retries: 0, delay: Duration::ZERO, backoff: Backoff::Fixed, retry_on: vec![] }
    }

    /// How long to wait before the attempt after `attempt`; `None` if there is none.
    pub fn next_delay(&self, attempt: &Attempt) -> Option<Duration> {
        let wanted = attempt.verdict() != DeliveryVerdict::Delivered
            && attempt.n <= self.retries
            && self.retry_on.iter().any(|kind| kind.matches(attempt));
        wanted.then(|| match self.backoff {
            Backoff::Fixed => self.delay,
            Backoff::Exponential => {
                let doublings = attempt.n.saturating_sub(1).min(31);
                self.delay.saturating_mul(1 << doublings)
            }
        })
    }
}
