//! The seam between receiving a request and making something of it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::{Received, Refusal, Reply};

/// Makes something of what comes in. One value serves all connections.
pub trait Handler: Send + Sync + 'static {
    /// Decides what becomes of a request. The future is dropped half-way when the caller goes
    /// away. The request is in a box, as it is large.
    fn handle(&self, received: Box<Received>) -> impl Future<Output = Reply> + Send;

    /// Is told of a call that was turned away.
    fn refused(&self, _refusal: Refusal) {}
}

impl<H: Handler> Handler for Arc<H> {
    fn handle(&self, received: Box<Received>) -> impl Future<Output = Reply> + Send {
        self.as_ref().handle(received)
    }

    fn refused(&self, refusal: Refusal) {
        self.as_ref().refused(refusal);
    }
}

/// A handler of whatever type: connections are compiled once for all of them.
pub(super) trait AnyHandler: Send + Sync + 'static {
    /// See [`Handler::handle`].
    fn handle(&self, received: Box<Received>) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>>;

    /// See [`Handler::refused`].
    fn refused(&self, refusal: Refusal);
}

impl<H: Handler> AnyHandler for H {
    fn handle(&self, received: Box<Received>) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
        Box::pin(Handler::handle(self, received))
    }

    fn refused(&self, refusal: Refusal) {
        Handler::refused(self, refusal);
    }
}
