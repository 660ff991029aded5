//! Who calls.

use std::net::SocketAddr;
use std::sync::Arc;

/// The other end of a connection: the same for all its requests, so that its text is made once.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) address: SocketAddr,
    pub(super) text: Arc<str>,
}

impl From<SocketAddr> for Caller {
    fn from(address: SocketAddr) -> Self {
        Self { address, text: address.to_string().into() }
    }
}
