//! A caller that does not wait for the answer.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::Notify;

/// A body that tells when the last of it was taken for sending.
pub(super) struct ToldBody {
    bytes: Option<Bytes>,
    taken: Arc<Notify>,
}

impl ToldBody {
    pub(super) fn new(bytes: Vec<u8>, taken: Arc<Notify>) -> Self {
        Self { bytes: Some(bytes.into()), taken }
    }
}

impl Body for ToldBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.taken.notify_one();
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
