//! A connection that carries one request after the other, and a request as it goes over the wire.

use std::future::poll_fn;
use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::endpoint::error_message;
use super::framing::{CLOSED, InvalidResponse, MAX_HEAD_BYTES};
use super::response::{BodyPolicy, ResponseEvent, ResponseHead, ResponseReader, has_token};
use crate::pgm::{self, HeaderText, SignedRequest};

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

/// Bodies up to this size are copied, to go out in one write with the head.
const MAX_COPIED_BODY: usize = 16 * 1024;

/// Writes a request's head over what is in `out`, and its body if it is small; returns what is to
/// be sent after that. Header names go out as they are spelt. `target` are the headers that the
/// URL asks for: they stand first, unless the request has its own.
pub fn write_request<'r>(
    out: &mut Vec<u8>,
    path: &str,
    target: &[(&str, String)],
    request: &'r SignedRequest,
) -> &'r [u8] {
    out.clear();
    for part in [pgm::METHOD, " ", path, " HTTP/1.1\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
    let headers = request.headers();
    for (name, value) in target.iter().filter(|(name, _)| values(headers, name).next().is_none()) {
        write_header(out, name, value);
    }
    for (name, value) in headers {
        // Only the body itself says how long it is.
        if !name.eq_ignore_ascii_case("content-length") {
            write_header(out, name, value);
        }
    }
    // Writing to a Vec is infallible.
    let _ = write!(out, "Content-Length: {}\r\n\r\n", request.body().len());
    if request.body().len() > MAX_COPIED_BODY {
        return request.body();
    }
    out.extend_from_slice(request.body());
    &[]
}

/// Whether the request asks for the connection to end after the response.
pub fn asks_to_close(request: &SignedRequest) -> bool {
    values(request.headers(), "connection").any(|value| has_token(value.as_bytes(), b"close"))
}

fn write_header(out: &mut Vec<u8>, name: &str, value: &str) {
    for part in [name, ": ", value, "\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
}

fn values<'a>(
    headers: &'a [(HeaderText, HeaderText)],
    name: &str,
) -> impl Iterator<Item = &'a str> {
    let named = move |(other, _): &&(HeaderText, HeaderText)| other.eq_ignore_ascii_case(name);
    headers.iter().filter(named).map(|(_, value)| &**value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgm::{RequestId, Secret};

    fn request() -> SignedRequest {
        let secret = Secret::new("s").unwrap();
        SignedRequest::new(RequestId::new("1").unwrap(), &secret, &b"{}"[..])
    }

    fn written(request: &SignedRequest) -> String {
        let mut out = b"what was sent before".to_vec();
        let target = [("Host", "example.com:8080".to_owned())];
        let rest = write_request(&mut out, "/a?b=c", &target, request);
        String::from_utf8([&out, rest].concat()).unwrap()
    }

    #[test]
    fn header_names_go_out_as_the_vendor_and_the_user_write_them() {
        let own = [("X-A", "1"), ("X-B", "2"), ("x-a", "3")];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let signature = request().signature().unwrap().to_owned();
        assert_eq!(
            written(&request().with(&own)),
            format!(
                "POST /a?b=c HTTP/1.1\r\nHost: example.com:8080\r\nAccept: */*\r\n\
                 Content-Type: application/json\r\nUser-Agent: {}\r\nX-PerfectGym-Request: 1\r\n\
                 X-PerfectGym-Signature: {signature}\r\nX-A: 1\r\nX-B: 2\r\nx-a: 3\r\n\
                 Content-Length: 2\r\n\r\n{{}}",
                pgm::USER_AGENT
            )
        );
    }

    #[test]
    fn the_users_own_host_is_used_and_the_length_is_always_the_bodys() {
        let text = written(&request().header("Host", "other").header("Content-Length", "99"));
        assert!(text.contains("Host: other\r\n") && !text.contains("example.com"), "{text}");
        assert!(text.contains("Content-Length: 2\r\n") && !text.contains("99"), "{text}");
    }

    #[test]
    fn a_large_body_is_not_copied() {
        let (secret, id) = (Secret::new("s").unwrap(), RequestId::new("1").unwrap());
        let large = SignedRequest::new(id, &secret, vec![b'x'; MAX_COPIED_BODY + 1]);
        let mut out = Vec::new();
        assert_eq!(write_request(&mut out, "/", &[], &large), large.body());
        assert!(out.ends_with(b"Content-Length: 16385\r\n\r\n"));
    }

    #[test]
    fn a_request_may_ask_to_close() {
        assert!(!asks_to_close(&request()));
        assert!(asks_to_close(&request().header("Connection", "upgrade, Close")));
    }
}
