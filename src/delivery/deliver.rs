//! The loop over attempts, and when to send again. Network and time are traits, so that tests need
//! neither.

use std::future::Future;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Attempt, AttemptOutcome, Delivery, DeliveryVerdict};
use crate::pgm::SignedRequest;

/// Makes attempts.
pub trait Transport {
    /// Sends the request's bytes once and waits for the response, within the transport's own time
    /// limit. `n` and `started_at` go into the attempt as they are.
    fn attempt(
        &self,
        request: &SignedRequest,
        n: u32,
        started_at: DateTime<Utc>,
    ) -> impl Future<Output = Attempt>;
}

/// The time, and waiting.
pub trait Clock {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
    /// Waits for this time.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()>;
}

/// The most times that a request is repeated or retried: more is a load run.
pub const MAX_REPEATS: u32 = 1000;

/// Which attempts make up a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendMode {
    /// Send once, then again while it fails, as the policy allows. The last attempt decides
    /// the verdict.
    Retry(RetryPolicy),
    /// Send this many times, one after the other, whatever the responses. Every attempt must succeed.
    Repeat(u32),
    /// The same, all at once: PGM was seen to send four requests within 240 ms.
    RepeatAtOnce(u32),
}

/// Delivers a signed request. Calls `report` as each attempt ends, with the delay before the next
/// if one follows.
pub async fn deliver<T: Transport, C: Clock>(
    transport: &T,
    clock: &C,
    request: &SignedRequest,
    mode: &SendMode,
    mut report: impl FnMut(&Attempt, Option<Duration>),
) -> Delivery {
    let attempts = match mode {
        SendMode::Retry(policy) => retry(transport, clock, request, policy, &mut report).await,
        SendMode::Repeat(times) => {
            let mut attempts = Vec::new();
            for n in 1..=*times {
                let attempt = transport.attempt(request, n, clock.now()).await;
                report(&attempt, None);
                attempts.push(attempt);
            }
            attempts
        }
        SendMode::RepeatAtOnce(times) => {
            let attempts = (1..=*times).map(|n| transport.attempt(request, n, clock.now()));
            let attempts = futures_util::future::join_all(attempts).await;
            attempts.iter().for_each(|attempt| report(attempt, None));
            attempts
        }
    };
    let verdict = match mode {
        SendMode::Retry(_) => last_verdict(&attempts),
        SendMode::Repeat(_) | SendMode::RepeatAtOnce(_) => worst_verdict(&attempts),
    };
    Delivery { attempts, verdict }
}

async fn retry<T: Transport, C: Clock>(
    transport: &T,
    clock: &C,
    request: &SignedRequest,
    policy: &RetryPolicy,
    report: &mut impl FnMut(&Attempt, Option<Duration>),
) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    for n in 1.. {
        let attempt = transport.attempt(request, n, clock.now()).await;
        let delay = policy.next_delay(&attempt);
        report(&attempt, delay);
        attempts.push(attempt);
        match delay {
            Some(delay) => clock.sleep(delay).await,
            None => break,
        }
    }
    attempts
}

/// A success ends the retries, so it can only be the last attempt. A target that was reached once
/// is not unreachable, even if it is gone by the last attempt.
fn last_verdict(attempts: &[Attempt]) -> DeliveryVerdict {
    match attempts.last().map(Attempt::verdict) {
        Some(DeliveryVerdict::Delivered) => DeliveryVerdict::Delivered,
        _ => worst_verdict(attempts),
    }
}

fn worst_verdict(attempts: &[Attempt]) -> DeliveryVerdict {
    attempts.iter().map(Attempt::verdict).max().unwrap_or(DeliveryVerdict::Unreachable)
}

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
    /// The time was up, or a 2xx came after PGM's limit.
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

impl FromStr for RetryOn {
    type Err = &'static str;

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
                Ok(200..=299) => Err("a 2xx is no failure; one that comes too late is a timeout"),
                _ => Err(
                    "expected failure, timeout, unreachable, broken, 3xx, 4xx, 5xx or a status \
                          such as 429",
                ),
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
            Self::Timeout => attempt.outcome == AttemptOutcome::TimedOut || attempt.is_late(),
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
    fn next_delay(&self, attempt: &Attempt) -> Option<Duration> {
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
