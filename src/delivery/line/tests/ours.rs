//! The line's own exchange.

use hyper::Version;

use super::Came;
use super::target::{REQUEST, SECOND_STATUS, Scene, or_stalled, start};
use crate::delivery::line::connection::Connection;
use crate::delivery::line::exchange::Taker;
use crate::delivery::line::http1::{Head, OfSuccess};

/// An answer with its whole body.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) head: Option<Head>,
    pub(super) body: Vec<u8>,
}

impl Taker for Taken {
    fn of_success(&self) -> OfSuccess {
        OfSuccess::StatusAndSize
    }

    fn head(&mut self, head: Head) {
        assert!(self.head.replace(head).is_none(), "two heads");
    }

    fn content(&mut self, content: &[u8]) {
        assert!(self.head.is_some() && !content.is_empty());
        self.body.extend_from_slice(content);
    }
}

pub(super) async fn ask(scene: &Scene) -> Came {
    let (stream, told) = start(scene);
    let mut written = told.clone();
    let work = async {
        let mut connection = Connection::over(stream);
        let mut taken = Taken::default();
        let Ok(is_fit) = connection.exchange([REQUEST, &[]], &mut taken).await else {
            return Came::Broken;
        };
        let _ = written.wait_for(|written| *written).await;
        let mut second = Taken::default();
        let carried_on = is_fit && connection.exchange([REQUEST, &[]], &mut second).await.is_ok();
        let second = second.head.map(|head| head.status.as_u16());
        assert!(!carried_on || second == Some(SECOND_STATUS), "answered by {second:?}");
        let head = taken.head.unwrap();
        let is_1_1 = head.version == Version::HTTP_11;
        Came::Response { status: head.status.as_u16(), is_1_1, body: taken.body, carried_on }
    };
    or_stalled(told, work).await
}
