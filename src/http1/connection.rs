//! A connection that carries one request after the other.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::connect::error_message;
use super::limits::{CLOSED, InvalidResponse, MAX_HEAD_BYTES};
use super::response::{BodyPolicy, ResponseEvent, ResponseHead, ResponseReader};

/// Room for one read. It grows for a head that is longer, and for nothing else.
const BUFFER_BYTES: usize = 16 * 1024;
/// Reads per poll before yielding, so that an endless response cannot starve the timeout.
const READS_PER_POLL: usize = 16;

/// Takes the parts of a response as they come.
pub trait ResponseSink {
    /// What of a successful response is wanted.
    fn body_policy(&self) -> BodyPolicy;
    /// The head has come.
    fn head(&mut self, head: ResponseHead);
    /// The next bytes of the body have come.
    fn content(&mut self, content: &[u8]);
}

/// What broke an exchange.
#[derive(Debug)]
pub enum SendError {
    /// The kept connection was already closed: nothing was sent, so sending again is safe.
    StaleConnection,
    /// The connection ended before the response was complete.
    Ended(io::Error),
    /// What came is not an HTTP response, or not a whole one.
    Invalid(InvalidResponse),
}

impl SendError {
    /// What happened, in one line.
    pub fn message(&self) -> String {
        match self {
            Self::StaleConnection => CLOSED.to_owned(),
            Self::Ended(error) => error_message(error),
            Self::Invalid(error) => error.to_string(),
        }
    }
}

impl From<InvalidResponse> for SendError {
    fn from(error: InvalidResponse) -> Self {
        Self::Invalid(error)
    }
}

/// A stream, and what was read from it and not used yet.
pub struct Connection<S> {
    stream: S,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    was_used: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// A connection that has carried nothing yet.
    pub fn new(stream: S) -> Self {
        Self { stream, buffer: vec![0; BUFFER_BYTES], start: 0, end: 0, was_used: false }
    }

    /// Sends a request, which comes in two parts, and reads its response to the last byte. Returns
    /// whether the connection can be used again; after an error or a dropped future it cannot.
    ///
    /// # Errors
    /// When the connection breaks or what comes is not HTTP.
    pub async fn exchange(
        &mut self,
        request: [&[u8]; 2],
        sink: &mut impl ResponseSink,
    ) -> Result<bool, SendError> {
        // Unsolicited bytes would be read as the response, and a closed connection must not be
        // written to: the request would be lost.
        if self.was_used && poll_fn(|context| Poll::Ready(self.has_input(context))).await {
            return Err(SendError::StaleConnection);
        }
        self.was_used = true;
        let reader = ResponseReader::new(sink.body_policy());
        let mut exchange =
            Exchange { connection: self, request, is_sent: false, failed: None, reader, sink };
        let is_reusable = poll_fn(|context| exchange.poll(context)).await?;
        self.shrink();
        Ok(is_reusable && self.unread().is_empty())
    }

    /// Whether bytes, or the end, came since the last response.
    fn has_input(&mut self, context: &mut Context<'_>) -> bool {
        self.poll_read(context).is_ready()
    }

    /// Reads more; returns how much, which is 0 at the end of the connection.
    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.make_room();
        let mut room = ReadBuf::new(&mut self.buffer[self.end..]);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut room))?;
        let read = room.filled().len();
        self.end += read;
        Poll::Ready(Ok(read))
    }

    fn unread(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
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
            self.buffer.resize((self.end * 2).min(MAX_HEAD_BYTES), 0);
        }
    }

    fn shrink(&mut self) {
        if self.buffer.len() > BUFFER_BYTES && self.unread().is_empty() {
            (self.start, self.end) = (0, 0);
            self.buffer.truncate(BUFFER_BYTES);
            self.buffer.shrink_to_fit();
        }
    }

    #[cfg(test)]
    pub(super) fn buffer_capacity(&self) -> usize {
        self.buffer.capacity()
    }
}

/// A request on its way out, and its response on its way in.
struct Exchange<'a, S, T> {
    connection: &'a mut Connection<S>,
    /// What is left to be written, in this order.
    request: [&'a [u8]; 2],
    is_sent: bool,
    /// Why it cannot be written. The response may have come all the same.
    failed: Option<io::Error>,
    reader: ResponseReader,
    sink: &'a mut T,
}

impl<S: AsyncRead + AsyncWrite + Unpin, T: ResponseSink> Exchange<'_, S, T> {
    /// Writes and reads as far as it goes: a target may respond before it has read everything, or
    /// read no further until its response is taken. Returns whether the connection is in order
    /// afterwards.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<bool, SendError>> {
        if !self.is_sent && self.failed.is_none() {
            match self.poll_write(context) {
                Poll::Ready(Ok(())) => self.is_sent = true,
                Poll::Ready(Err(error)) => self.failed = Some(error),
                Poll::Pending => {}
            }
        }
        for _ in 0..READS_PER_POLL {
            match ready!(self.connection.poll_read(context)) {
                Ok(0) => return Poll::Ready(self.end()),
                Ok(_) => {}
                Err(error) => {
                    return Poll::Ready(Err(SendError::Ended(self.failed.take().unwrap_or(error))));
                }
            }
            if self.consume()? {
                return Poll::Ready(Ok(self.is_sent && self.reader.keeps_connection()));
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

    /// Reads what is in the buffer; returns whether the response is complete.
    fn consume(&mut self) -> Result<bool, SendError> {
        loop {
            let (used, event) = self.reader.next(self.connection.unread())?;
            match event {
                ResponseEvent::NeedsMore => return Ok(false),
                ResponseEvent::End => return Ok(true),
                ResponseEvent::Skipped => {}
                ResponseEvent::Head(head) => self.sink.head(head),
                ResponseEvent::Content(content) => self.sink.content(content),
            }
            self.connection.start += used;
        }
    }

    /// The connection ended, which is how a response without a length ends.
    fn end(&mut self) -> Result<bool, SendError> {
        let Err(cut) = self.reader.end() else { return Ok(false) };
        Err(self.failed.take().map_or(cut.into(), SendError::Ended))
    }
}
