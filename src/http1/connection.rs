//! A connection that carries one request after the other, and reads each response however its bytes
//! are cut.

use std::future::poll_fn;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use httparse::{Error, ParserConfig, Response, Status};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::framing::{BodyFraming, Framing};
use super::{
    CLOSED, InvalidResponse, MAX_HEAD_BYTES, MAX_HEADERS, MAX_INTERIM, SPEAKS_TLS, error_message,
};
use crate::pgm;

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
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The kept connection was already closed: nothing was sent, so sending again is safe.
    #[error("{CLOSED}")]
    StaleConnection,
    /// The connection ended before the response was complete, or what came is not a response.
    #[error("{0}")]
    Broken(String),
}

impl From<io::Error> for SendError {
    fn from(error: io::Error) -> Self {
        Self::Broken(error_message(&error))
    }
}

impl From<InvalidResponse> for SendError {
    fn from(error: InvalidResponse) -> Self {
        Self::Broken(error.to_string())
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
                    return Poll::Ready(Err(self.failed.take().unwrap_or(error).into()));
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
        Err(self.failed.take().map_or(cut.into(), SendError::from))
    }
}

/// The error of a head that is larger than it may be.
const HEAD_TOO_LARGE: &str =
    "the head of the response is too large (more than 100 headers or 408 KiB)";
/// The error of a status that is none.
const NO_STATUS: &str = "the response has no valid status";
/// Most bytes of a header's name.
const MAX_NAME_BYTES: usize = 0xffff;

/// A head that is longer than this is parsed again only where it may be complete: parsing it with
/// each piece would take time that grows with the square of its length.
const SHORT_HEAD: usize = 4096;

/// The status after which the connection speaks another protocol.
const SWITCHING_PROTOCOLS: u16 = 101;

/// The head of a response, up to the empty line.
#[derive(Debug)]
pub struct ResponseHead {
    /// HTTP status.
    pub status: u16,
    /// `HTTP/1.1` or `HTTP/1.0`.
    pub version: &'static str,
    /// In the order they came, names as they came, values with replacement characters for broken
    /// UTF-8. Empty where they are not wanted.
    pub headers: Vec<(String, String)>,
}

/// What is wanted of a successful response. Of all others everything is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyPolicy {
    /// Status and size: nobody looks at more when there are many.
    StatusOnly,
    /// Headers and body, too.
    Full,
}

/// What the next bytes of a response are.
#[derive(Debug)]
enum ResponseEvent<'a> {
    /// More bytes are needed.
    NeedsMore,
    /// An interim response, or a part of the framing.
    Skipped,
    Head(ResponseHead),
    /// Bytes of the body.
    Content(&'a [u8]),
    /// The response is complete.
    End,
}

/// Reads one response.
#[derive(Debug)]
struct ResponseReader {
    policy: BodyPolicy,
    /// Once the head has come.
    body: Option<BodyFraming>,
    keeps_connection: bool,
    /// Bytes of the head that were parsed in vain.
    parsed: usize,
    interim: u32,
}

impl ResponseReader {
    fn new(policy: BodyPolicy) -> Self {
        Self { policy, body: None, keeps_connection: false, parsed: 0, interim: 0 }
    }

    /// Reads the next event from the start of `bytes`, and returns how many of them it took. The
    /// others are passed again, after [`ResponseEvent::NeedsMore`] with more behind them.
    fn next<'a>(&mut self, bytes: &'a [u8]) -> Result<(usize, ResponseEvent<'a>), InvalidResponse> {
        let Some(body) = &mut self.body else { return self.head(bytes) };
        if body.is_complete() {
            return Ok((0, ResponseEvent::End));
        }
        if bytes.is_empty() {
            return Ok((0, ResponseEvent::NeedsMore));
        }
        let (used, content) = body.next(bytes)?;
        Ok((
            used,
            if content.is_empty() {
                ResponseEvent::Skipped
            } else {
                ResponseEvent::Content(content)
            },
        ))
    }

    fn head<'a>(&mut self, bytes: &'a [u8]) -> Result<(usize, ResponseEvent<'a>), InvalidResponse> {
        let parsed = match self.may_be_complete(bytes) {
            _ if is_tls(bytes) => return Err(InvalidResponse(SPEAKS_TLS)),
            true => parse(bytes, self.policy)?,
            false => None,
        };
        let Some(parsed) = parsed else {
            self.parsed = bytes.len();
            let is_too_long = bytes.len() >= MAX_HEAD_BYTES;
            return if is_too_long {
                Err(InvalidResponse(HEAD_TOO_LARGE))
            } else {
                Ok((0, ResponseEvent::NeedsMore))
            };
        };
        self.parsed = 0;
        if parsed.is_interim {
            self.interim += 1;
            return match self.interim <= MAX_INTERIM {
                true => Ok((parsed.length, ResponseEvent::Skipped)),
                false => {
                    Err(InvalidResponse("the target sent more than 100 interim (1xx) responses"))
                }
            };
        }
        (self.body, self.keeps_connection) = (Some(parsed.body), parsed.keeps_connection);
        Ok((parsed.length, ResponseEvent::Head(parsed.head)))
    }

    /// Whether there may be a whole head, or so few bytes that it costs little to try.
    fn may_be_complete(&self, bytes: &[u8]) -> bool {
        let new = &bytes[self.parsed.saturating_sub(3).min(bytes.len())..];
        let ends_at = |at: usize| {
            let rest = &new[at + 1..];
            rest.starts_with(b"\n") || rest.starts_with(b"\r\n")
        };
        !bytes.is_empty()
            && (self.parsed == 0
                || bytes.len() <= SHORT_HEAD
                || memchr::memchr_iter(b'\n', new).any(ends_at))
    }

    /// The connection ended.
    ///
    /// # Errors
    /// When that is not how this response ends.
    fn end(&mut self) -> Result<(), InvalidResponse> {
        self.keeps_connection = false;
        self.body.as_ref().map_or(Err(InvalidResponse(CLOSED)), BodyFraming::end)
    }

    /// Whether the connection can carry another request after this response.
    fn keeps_connection(&self) -> bool {
        self.keeps_connection
    }
}

/// A head, and what it says about what follows.
struct ParsedHead {
    length: usize,
    head: ResponseHead,
    is_interim: bool,
    body: BodyFraming,
    keeps_connection: bool,
}

/// Reads a head from the start of `bytes`; `None` as long as it has no end.
fn parse(bytes: &[u8], policy: BodyPolicy) -> Result<Option<ParsedHead>, InvalidResponse> {
    let mut room = [const { MaybeUninit::uninit() }; MAX_HEADERS];
    let mut found = Response::new(&mut []);
    let parsed = ParserConfig::default()
        .parse_response_with_uninit_headers(&mut found, bytes, &mut room)
        .map_err(invalid)?;
    let Status::Complete(length) = parsed else { return Ok(None) };
    let status = found.code.unwrap_or_default();
    if status < 100 {
        return Err(InvalidResponse(NO_STATUS));
    }
    let is_1_0 = found.version == Some(0);
    if found.headers.iter().any(|header| header.name.len() > MAX_NAME_BYTES) {
        return Err(InvalidResponse(HEAD_TOO_LARGE));
    }
    let framing = Framing::read(found.headers);
    let headers = match policy {
        BodyPolicy::StatusOnly if pgm::is_success(status) => Vec::new(),
        _ => found.headers.iter().map(owned).collect(),
    };
    let version = if is_1_0 { "HTTP/1.0" } else { "HTTP/1.1" };
    Ok(Some(ParsedHead {
        length,
        head: ResponseHead { status, version, headers },
        is_interim: status < 200 && status != SWITCHING_PROTOCOLS,
        body: framing.body(status, is_1_0)?,
        keeps_connection: framing.keeps_connection(is_1_0) && status != SWITCHING_PROTOCOLS,
    }))
}

/// Whether bytes begin like a record of TLS: the alert or the handshake of a server that got plain
/// HTTP.
fn is_tls(bytes: &[u8]) -> bool {
    matches!(bytes, [0x15 | 0x16, 3, ..])
}

fn owned(header: &httparse::Header<'_>) -> (String, String) {
    (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned())
}

fn invalid(error: Error) -> InvalidResponse {
    InvalidResponse(match error {
        Error::HeaderName | Error::HeaderValue | Error::NewLine | Error::Token => {
            "a header of the response is not valid"
        }
        Error::Status => NO_STATUS,
        Error::TooManyHeaders => HEAD_TOO_LARGE,
        Error::Version => "the target sent something else than an HTTP/1.1 response",
    })
}
