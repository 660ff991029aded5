//! A handler that answers by a policy and hands on what came: what a demonstration or a test
//! needs.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Call, Handler, Ledger, Policy, Received, Reply};
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};

/// A request with the reply it got.
#[derive(Debug)]
pub struct Exchange {
    /// What came.
    pub received: Received,
    /// What was said.
    pub reply: Reply,
}

/// Answers by a policy and sends each exchange to a channel.
#[derive(Debug)]
pub struct Recorder {
    policy: Policy,
    seen: Mutex<(u64, Ledger)>,
    sink: UnboundedSender<Exchange>,
}

impl Recorder {
    /// A recorder, and the end of its channel. An exchange is in the channel before its answer
    /// is sent.
    pub fn new(policy: Policy) -> (Self, UnboundedReceiver<Exchange>) {
        let (sink, exchanges) = unbounded_channel();
        (Self { policy, seen: Mutex::default(), sink }, exchanges)
    }

    fn reply(&self, received: &Received) -> Reply {
        let id = received.header(REQUEST_ID_HEADER).unwrap_or_default();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.0 += 1;
        let of_its_id = seen.1.enter(id, received.header(SIGNATURE_HEADER)).of_its_id;
        self.policy.plan(&Call { n: seen.0, of_its_id, event: None }).0.reply.clone()
    }
}

impl Handler for Recorder {
    async fn handle(&self, received: Box<Received>) -> Reply {
        let reply = self.reply(&received);
        // Nobody may be interested any more.
        let _ = self.sink.send(Exchange { received: *received, reply: reply.clone() });
        reply
    }
}
