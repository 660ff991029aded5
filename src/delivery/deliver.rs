//! The loop over attempts. Network and time are traits, so that tests need neither.

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Attempt, Delivery, DeliveryVerdict, RetryPolicy};
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
                attempts.push(transport.attempt(request, n, clock.now()).await);
                attempts.iter().last().into_iter().for_each(|attempt| report(attempt, None));
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
