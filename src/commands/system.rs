//! The clock and randomness. Only this file reads them; everything below the commands gets times,
//! ids and seeds passed in.
#![allow(clippy::disallowed_methods)]

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::delivery::Clock;
use crate::pgm::RequestId;

/// The time now.
pub(super) fn now() -> DateTime<Utc> {
    DateTime::from(std::time::SystemTime::now())
}

/// A new request id: a random UUID.
pub(super) fn new_request_id() -> RequestId {
    RequestId::from(Uuid::new_v4())
}

/// A new seed.
pub(super) fn random_seed() -> u64 {
    let (high, low) = Uuid::new_v4().as_u64_pair();
    // The fixed bits of one half meet random bits of the other.
    high ^ low.rotate_left(32)
}

/// A random number of at most seven digits, to be typed again.
pub(super) fn small_random() -> u64 {
    Uuid::new_v4().as_u64_pair().0 >> 44
}

/// The wall clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> DateTime<Utc> {
        now()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
