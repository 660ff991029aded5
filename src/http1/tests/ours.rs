//! Our own exchange.

use super::Outcome;
use super::target::{REQUEST, SECOND_STATUS, Scene, or_stalled, start};
use crate::http1::{BodyPolicy, Connection, ResponseHead, ResponseSink};

/// A response with its whole body.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) head: Option<ResponseHead>,
    pub(super) body: Vec<u8>,
}

impl ResponseSink for Collected {
    fn body_policy(&self) -> BodyPolicy {
        BodyPolicy::StatusOnly
    }

    fn head(&mut self, head: ResponseHead) {
        assert!(self.head.replace(head).is_none(), "two heads");
    }

    fn content(&mut self, content: &[u8]) {
        assert!(self.head.is_some() && !content.is_empty());
        self.body.extend_from_slice(content);
    }
}

pub(super) async fn ask(scene: &Scene) -> Outcome {
    let (stream, told) = start(scene);
    let mut written = told.clone();
    let work = async {
        let mut connection = Connection::new(stream);
        let mut collected = Collected::default();
        let Ok(is_reusable) = connection.exchange([REQUEST, &[]], &mut collected).await else {
            return Outcome::Broken;
        };
        let _ = written.wait_for(|written| *written).await;
        let mut second = Collected::default();
        let carried_on =
            is_reusable && connection.exchange([REQUEST, &[]], &mut second).await.is_ok();
        let second = second.head.map(|head| head.status);
        assert!(!carried_on || second == Some(SECOND_STATUS), "answered by {second:?}");
        let head = collected.head.unwrap();
        let is_1_1 = head.version == "HTTP/1.1";
        Outcome::Responded { status: head.status, is_1_1, body: collected.body, carried_on }
    };
    or_stalled(told, work).await
}
