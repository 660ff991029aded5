//! The seam between probing and the network.

use std::future::Future;

use chrono::{DateTime, Utc};

#[cfg(feature = "cli")]
use super::Manner;
use super::{Call, Reply};
#[cfg(feature = "cli")]
use crate::delivery::ProbeClient;

/// Somebody who can be called.
pub trait Target {
    /// Makes a call and waits for what comes of it, within the target's own time limit.
    fn call(&self, call: &Call, now: DateTime<Utc>) -> impl Future<Output = Reply>;
}

#[cfg(feature = "cli")]
impl Target for ProbeClient {
    async fn call(&self, call: &Call, now: DateTime<Utc>) -> Reply {
        let (attempt, peer, reused) = match call.manner {
            Manner::Whole => {
                let (attempt, peer) = self.attempt(&call.request, now).await;
                (Some(attempt), peer, false)
            }
            Manner::HangUp => {
                self.hang_up(&call.request, now).await;
                (None, None, false)
            }
            Manner::Kept => {
                let (attempt, kept) = self.attempt_on_kept(&call.request, now).await;
                (Some(attempt), None, kept)
            }
        };
        Reply { label: call.label.clone(), manner: call.manner, attempt, peer, reused }
    }
}
