//! A line to a target: one connection that is kept from one request to the next. For load, where
//! a connection an attempt would measure little else than connecting; and for single sends, each of
//! which has a line of its own. It speaks HTTP/1.1, and HTTP/2 where a single send may and TLS agrees.

mod connect;
mod connection;
mod endpoint;
mod exchange;
mod fault;
mod http1;
mod http2;
mod stream;
mod taken;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use tokio::time::Sleep;

use self::connection::Connection;
pub use self::endpoint::{Endpoint, EndpointError};
use self::fault::Fault;
use self::http1::OfSuccess;
#[cfg(fuzzing)]
pub use self::http1::fuzzed;
use self::stream::{DialError, Stream};
use self::taken::Taken;
use super::classify::{conclude, is_end, tls_words, words};
use super::moments::Moments;
use super::names::DnsError;
use super::received::Received;
use super::{Attempt, AttemptOutcome, Transport};
use crate::pgm::SignedRequest;

/// Makes attempts one after the other, on the same connection as long as the target keeps it.
pub struct Line {
    to: Arc<Endpoint>,
    of_success: OfSuccess,
    kept: Cell<Option<Connection<Stream>>>,
    /// The request as it goes over the wire, written anew in the same room.
    written: RefCell<Vec<u8>>,
    /// One timer for all attempts: to set it later is cheaper than to make another.
    timer: RefCell<Option<Pin<Box<Sleep>>>>,
}

/// What happened in an attempt so far.
struct Course {
    moments: Moments,
    taken: Taken,
}

/// How an attempt went wrong.
enum Broken {
    Dial(DialError),
    Line(Fault),
    Http2(hyper::Error),
}

impl Line {
    /// A line that connects when it is first needed. Of an answer that is a success only the
    /// status and the size are kept.
    pub fn new(to: Arc<Endpoint>) -> Self {
        Self::keeping(to, OfSuccess::StatusAndSize)
    }

    /// The same, which keeps all of every answer that the user may see.
    pub(super) fn showing_all(to: Arc<Endpoint>) -> Self {
        Self::keeping(to, OfSuccess::Everything)
    }

    fn keeping(to: Arc<Endpoint>, of_success: OfSuccess) -> Self {
        let (kept, written, timer) = (Cell::default(), RefCell::default(), RefCell::default());
        Self { to, of_success, kept, written, timer }
    }

    /// Sends a request and takes its answer in. To drop this future is to hang up.
    async fn exchange(
        &self,
        request: &SignedRequest,
        start: Instant,
        course: &mut Course,
    ) -> Result<(), Broken> {
        let mut written = self.written.take();
        let rest = http1::write(&mut written, &self.to.path, &self.to.headers, request);
        let result = self.send([&written, rest], request, start, course).await;
        self.written.replace(written);
        let kept = result?.filter(|_| !http1::asks_to_close(request));
        self.kept.set(kept);
        Ok(())
    }

    /// Gives the connection that the answer came over, where it may be used again.
    async fn send(
        &self,
        written: [&[u8]; 2],
        request: &SignedRequest,
        start: Instant,
        course: &mut Course,
    ) -> Result<Option<Connection<Stream>>, Broken> {
        if let Some(mut connection) = self.kept.take() {
            course.moments.connected = Some(start);
            match connection.exchange(written, &mut course.taken).await {
                // The target had closed it, and cannot know of this request. Whatever ends later
                // is a failure: the target may have the request, and would get it twice.
                Err(Fault::Stale) => {}
                result => return fit(connection, result),
            }
        }
        course.moments = Moments::default();
        let stream = stream::open(&self.to, &mut course.moments).await.map_err(Broken::Dial)?;
        if stream::is_http2(&stream) {
            let result = http2::exchange(stream, &self.to, request, &mut course.taken).await;
            return result.map(|()| None).map_err(Broken::Http2);
        }
        let mut connection = Connection::over(stream);
        let result = connection.exchange(written, &mut course.taken).await;
        fit(connection, result)
    }

    fn timer(&self, until: Instant) -> Pin<Box<Sleep>> {
        match self.timer.take() {
            Some(mut timer) => {
                timer.as_mut().reset(until.into());
                timer
            }
            None => Box::pin(tokio::time::sleep_until(until.into())),
        }
    }
}

impl Transport for Line {
    async fn attempt(&self, request: &SignedRequest, n: u32, started_at: DateTime<Utc>) -> Attempt {
        let taken = Taken::nothing(self.of_success);
        let mut course = Course { moments: Moments::default(), taken };
        let start = Instant::now();
        let mut timer = self.timer(start + self.to.timeout);
        let result = tokio::select! {
            biased;
            result = self.exchange(request, start, &mut course) => Some(result),
            () = &mut timer => None,
        };
        self.timer.replace(Some(timer));
        let elapsed = start.elapsed();
        let (outcome, error) = conclude(result, elapsed, self.to.timeout, Broken::explain);
        let Course { moments, taken: Taken { received, .. } } = course;
        Attempt {
            n,
            started_at,
            outcome,
            reached: moments.connected.is_some() || outcome == AttemptOutcome::Broken,
            elapsed,
            timings: moments
                .timings(received.as_ref().map(|received| received.at), start + elapsed),
            response: received.map(Received::into_answer),
            error,
        }
    }
}

impl Broken {
    fn explain(self) -> (AttemptOutcome, String) {
        match self {
            Self::Dial(DialError::Dns(DnsError(words))) => (AttemptOutcome::Dns, words),
            Self::Dial(DialError::Connect(error)) => (connect_outcome(&error), words(&error)),
            Self::Dial(DialError::Tls(error)) => {
                let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
                (AttemptOutcome::Tls, inner.map_or_else(|| words(&error), tls_words))
            }
            Self::Line(fault) => (AttemptOutcome::Broken, fault.words()),
            Self::Http2(error) => (AttemptOutcome::Broken, words(&error)),
        }
    }
}

/// A connection may be made and end before the system tells of it.
fn connect_outcome(error: &io::Error) -> AttemptOutcome {
    if is_end(error) { AttemptOutcome::Broken } else { AttemptOutcome::Refused }
}

fn fit(
    connection: Connection<Stream>,
    result: Result<bool, Fault>,
) -> Result<Option<Connection<Stream>>, Broken> {
    let is_fit = result.map_err(Broken::Line)?;
    Ok(is_fit.then_some(connection))
}
