//! The only readers of the clock and of randomness; everything below gets them passed in.
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

/// A request id that was never used: a random UUID.
pub(super) fn new_request_id() -> RequestId {
    RequestId::from(Uuid::new_v4())
}

/// A number that nobody can guess: a random UUID, so 122 bits of it are random.
pub(super) fn random() -> u128 {
    Uuid::new_v4().as_u128()
}

/// The clock on the wall.
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
