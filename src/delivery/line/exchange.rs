//! A request on its way out, and its answer on its way in.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite};

use super::connection::Connection;
use super::fault::Fault;
use super::http1::{Event, Head, OfSuccess, Reader};

/// Reads in a row before others have their turn, the timer among them: a target may send without
/// end.
const READS: usize = 16;

/// Gets the parts of an answer as they come.
pub(super) trait Taker {
    fn of_success(&self) -> OfSuccess;
    fn head(&mut self, head: Head);
    fn content(&mut self, content: &[u8]);
}

/// One exchange over a connection.
pub(super) struct Exchange<'a, S, T> {
    connection: &'a mut Connection<S>,
    /// What is left to be written, in this order.
    request: [&'a [u8]; 2],
    is_sent: bool,
    /// Why it cannot be written. The answer may have come all the same.
    failed: Option<io::Error>,
    reader: Reader,
    taker: &'a mut T,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin, T: Taker> Exchange<'a, S, T> {
    pub(super) fn new(
        connection: &'a mut Connection<S>,
        request: [&'a [u8]; 2],
        taker: &'a mut T,
    ) -> Self {
        let reader = Reader::new(taker.of_success());
        Self { connection, request, is_sent: false, failed: None, reader, taker }
    }

    /// Writes and reads as far as it goes: a target may answer before it has read all, or read no
    /// further until its answer is taken. Gives whether request and answer leave the connection
    /// as it was.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<bool, Fault>> {
        if !self.is_sent && self.failed.is_none() {
            match self.poll_write(context) {
                Poll::Ready(Ok(())) => self.is_sent = true,
                Poll::Ready(Err(error)) => self.failed = Some(error),
                Poll::Pending => {}
            }
        }
        for _ in 0..READS {
            match ready!(self.connection.poll_read(context)) {
                Ok(0) => return Poll::Ready(self.end()),
                Ok(_) => {}
                Err(error) => {
                    return Poll::Ready(Err(Fault::Ended(self.failed.take().unwrap_or(error))));
                }
            }
            if self.take()? {
                return Poll::Ready(Ok(self.is_sent && self.reader.keeps()));
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut stream = Pin::new(&mut self.connection.stream);
        for part in &mut self.request {
            while !part.is_empty() {
                match ready!(stream.as_mut().poll_write(context, part))? {
                    0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    written => *part = &part[written..],
                }
            }
        }
        stream.poll_flush(context)
    }

    /// Takes in what was read; gives whether the answer is complete.
    fn take(&mut self) -> Result<bool, Fault> {
        loop {
            let (used, event) = self.reader.next(self.connection.unread())?;
            match event {
                Event::More => return Ok(false),
                Event::End => return Ok(true),
                Event::Skipped => {}
                Event::Head(head) => self.taker.head(head),
                Event::Content(content) => self.taker.content(content),
            }
            self.connection.take(used);
        }
    }

    /// The connection ended, as it does after an answer that has no other end.
    fn end(&mut self) -> Result<bool, Fault> {
        let Err(cut) = self.reader.end() else { return Ok(false) };
        Err(self.failed.take().map_or(cut.into(), Fault::Ended))
    }
}
