//! What is kept of an answer.

use super::exchange::Taker;
use super::http1::{Head, OfSuccess};
use crate::delivery::received::Received;
use crate::pgm;

/// As much of an answer as has come.
pub(super) struct Taken {
    of_success: OfSuccess,
    pub(super) received: Option<Received>,
}

impl Taken {
    /// Nothing yet.
    pub(super) fn nothing(of_success: OfSuccess) -> Self {
        Self { of_success, received: None }
    }
}

impl Taker for Taken {
    fn of_success(&self) -> OfSuccess {
        self.of_success
    }

    fn head(&mut self, head: Head) {
        self.received = Some(match self.of_success {
            OfSuccess::StatusAndSize if pgm::is_success(head.status.as_u16()) => {
                Received::counted(head.status, head.version)
            }
            _ => Received::new(head.status, head.version, &head.headers),
        });
    }

    fn content(&mut self, content: &[u8]) {
        if let Some(received) = &mut self.received {
            received.push(content);
        }
    }
}
