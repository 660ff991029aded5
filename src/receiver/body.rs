//! The body of an answer, all at once or drop by drop.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

/// Bytes still to be sent.
#[derive(Debug)]
pub(super) struct AnswerBody {
    rest: Bytes,
    drip: Option<Drip>,
}

/// The shortest pause; timers are no finer than a millisecond.
const SHORTEST: Duration = Duration::from_millis(5);

/// Some bytes after each pause: one, unless that would take too long.
#[derive(Debug)]
struct Drip {
    pause: Duration,
    bytes: usize,
    next: Pin<Box<Sleep>>,
}

impl AnswerBody {
    /// A body that takes this long to send, or no time at all.
    pub(super) fn new(bytes: Bytes, drip: Option<Duration>) -> Self {
        let drip = drip.map(|time| {
            let most =
                usize::try_from(time.as_millis() / SHORTEST.as_millis()).unwrap_or(usize::MAX);
            let drops = bytes.len().clamp(1, most.max(1));
            let pause = time / u32::try_from(drops).unwrap_or(u32::MAX);
            let next = Box::pin(tokio::time::sleep(pause));
            Drip { pause, bytes: bytes.len().div_ceil(drops), next }
        });
        Self { rest: bytes, drip }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let piece = match &mut self.drip {
            None => std::mem::take(&mut self.rest),
            Some(drip) => {
                ready!(drip.next.as_mut().poll(context));
                drip.next.as_mut().reset(Instant::now() + drip.pause);
                let bytes = drip.bytes.min(self.rest.len());
                self.rest.split_to(bytes)
            }
        };
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
