//! Who calls.

use std::net::SocketAddr;
use std::sync::Arc;

/// The other end of a connection: the same for all its requests, so that its text is made once.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) address: SocketAddr,
    pub(super) text: Arc<str>,
    /// Which of the [`Lanes`](super::Lanes) serves it.
    pub(super) lane: usize,
}

impl Caller {
    pub(super) fn new(address: SocketAddr, lane: usize) -> Self {
        Self { address, text: address.to_string().into(), lane }
    }
}
