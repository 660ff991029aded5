//! From the flags to the plan of a delivery.

use crate::cli::{BackoffArg, DeliveryArgs};
use crate::delivery::{Backoff, RetryPolicy, SendMode};

/// How often and how patiently.
pub(super) fn plan(args: &DeliveryArgs) -> SendMode {
    match args.repeat {
        Some(times) if args.parallel => SendMode::RepeatAtOnce(times),
        Some(times) => SendMode::Repeat(times),
        None => SendMode::Retry(RetryPolicy {
            retries: args.retries.unwrap_or_default(),
            delay: args.retry_delay,
            backoff: match args.backoff {
                BackoffArg::Fixed => Backoff::Fixed,
                BackoffArg::Exponential => Backoff::Exponential,
            },
            retry_on: args.retry_on.clone(),
        }),
    }
}
