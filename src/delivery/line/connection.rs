//! A connection that carries one request after the other.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::exchange::{Exchange, Taker};
use super::fault::Fault;
use super::http1::LONGEST_HEAD;

/// Room for what is read at once. It grows for a head that is longer, and for nothing else.
const ROOM: usize = 16 * 1024;

/// A stream, and what was read from it and not yet taken.
pub(super) struct Connection<S> {
    pub(super) stream: S,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    was_used: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// A connection that has carried nothing yet.
    pub(super) fn over(stream: S) -> Self {
        Self { stream, buffer: vec![0; ROOM], start: 0, end: 0, was_used: false }
    }

    /// Sends a request, in two parts, and takes its answer in, to the last byte. Gives whether the connection is
    /// fit for another; one whose exchange failed or was given up is not.
    pub(super) async fn exchange(
        &mut self,
        request: [&[u8]; 2],
        taker: &mut impl Taker,
    ) -> Result<bool, Fault> {
        // Bytes that nothing asked for would be taken for the answer, and nothing is to be sent
        // to somebody who has hung up.
        if self.was_used && poll_fn(|context| Poll::Ready(self.has_news(context))).await {
            return Err(Fault::Stale);
        }
        self.was_used = true;
        let mut exchange = Exchange::new(self, request, taker);
        let is_fit = poll_fn(|context| exchange.poll(context)).await?;
        self.shrink();
        Ok(is_fit && self.unread().is_empty())
    }

    /// Whether anything came since the last answer, or the end. Asks the system only where there
    /// is something.
    fn has_news(&mut self, context: &mut Context<'_>) -> bool {
        self.poll_read(context).is_ready()
    }

    /// Reads more; gives how much, which is nothing at the end of the connection.
    pub(super) fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.make_room();
        let mut room = ReadBuf::new(&mut self.buffer[self.end..]);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut room))?;
        let read = room.filled().len();
        self.end += read;
        Poll::Ready(Ok(read))
    }

    /// What was read and not taken.
    pub(super) fn unread(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// So many bytes of it were taken.
    pub(super) fn take(&mut self, bytes: usize) {
        self.start += bytes;
    }

    fn make_room(&mut self) {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
        if self.end < self.buffer.len() {
            return;
        }
        self.buffer.copy_within(self.start.., 0);
        (self.start, self.end) = (0, self.end - self.start);
        if self.end == self.buffer.len() {
            let twice = (self.end * 2).min(LONGEST_HEAD);
            self.buffer.resize(twice, 0);
        }
    }

    fn shrink(&mut self) {
        if self.buffer.len() > ROOM && self.unread().is_empty() {
            (self.start, self.end) = (0, 0);
            self.buffer.truncate(ROOM);
            self.buffer.shrink_to_fit();
        }
    }

    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.buffer.capacity()
    }
}
