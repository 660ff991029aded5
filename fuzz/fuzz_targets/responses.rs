//! A response reads the same however its bytes arrive, and nothing in it makes the connection panic,
//! hang or read past its end.
#![no_main]

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};

use libfuzzer_sys::fuzz_target;
use pgwh::http1::{BodyPolicy, Connection, ResponseHead, ResponseSink};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::runtime::{Builder, Runtime};

/// Longer heads are parsed again only where they may be complete.
const SHORT_HEAD: usize = 4096;

/// A target that sends these pieces, each in reads of its own, and closes the connection.
struct Target<'a>(VecDeque<&'a [u8]>);

impl AsyncRead for Target<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(piece) = self.0.pop_front() {
            let (now, later) = piece.split_at(piece.len().min(out.remaining()));
            out.put_slice(now);
            if !later.is_empty() {
                self.0.push_front(later);
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Target<'_> {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// What came of a response.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    head: Option<(u16, &'static str, Vec<(String, String)>)>,
    body: Vec<u8>,
    is_broken: bool,
}

impl ResponseSink for Outcome {
    fn body_policy(&self) -> BodyPolicy {
        BodyPolicy::Full
    }

    fn head(&mut self, head: ResponseHead) {
        assert!(self.head.is_none(), "two heads");
        self.head = Some((head.status, head.version, head.headers));
    }

    fn content(&mut self, content: &[u8]) {
        assert!(self.head.is_some() && !content.is_empty());
        self.body.extend_from_slice(content);
    }
}

fn read<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Outcome {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| Builder::new_current_thread().build().unwrap());
    let mut connection =
        Connection::new(Target(pieces.filter(|piece| !piece.is_empty()).collect()));
    let mut outcome = Outcome::default();
    let result = runtime.block_on(connection.exchange([b"", b""], &mut outcome));
    outcome.is_broken = result.is_err();
    outcome
}

fuzz_target!(|data: &[u8]| {
    let Some((size, data)) = data.split_first() else { return };
    let whole = read([data].into_iter());
    let pieces = read(data.chunks(usize::from(*size) + 1));
    assert!(whole.body.len() <= data.len());
    let is_long = whole.head.is_none() && data.len() > SHORT_HEAD;
    if !(is_long && whole.is_broken) {
        assert_eq!(whole, pieces);
    }
});
