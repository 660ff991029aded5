//! A line to a target: one connection that is kept from one request to the next. For load, where
//! a connection an attempt would measure little else than connecting. Single sends have their
//! own transport, which shows every phase.

mod connection;
mod endpoint;
mod exchange;
mod fault;
mod http1;
mod stream;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::time::Sleep;

use self::connection::Connection;
pub use self::endpoint::{Endpoint, NoEndpoint};
use self::fault::Fault;
#[cfg(fuzzing)]
pub use self::http1::fuzzed;
use self::stream::{DialError, Dialled, Stream};
use super::classify::{conclude, tls_words, words};
use super::received::Received;
use super::{Attempt, Outcome, Timings, Transport};
use crate::pgm::SignedRequest;

/// Makes attempts one after the other, on the same connection as long as the target keeps it. Of
/// an answer that is a success only the status and the size are kept.
pub struct Line {
    to: Arc<Endpoint>,
    kept: Cell<Option<Connection<Stream>>>,
    /// The request as it goes over the wire, written anew in the same room.
    written: RefCell<Vec<u8>>,
    /// One timer for all attempts: to set it later is cheaper than to make another.
    timer: RefCell<Option<Pin<Box<Sleep>>>>,
}

/// What happened in an attempt so far.
#[derive(Default)]
struct Course {
    dialled: Dialled,
    connected: Option<Instant>,
    received: Option<Received>,
}

/// How an attempt went wrong.
enum Broken {
    Dial(DialError),
    Line(Fault),
}

impl Line {
    /// A line that connects when it is first needed.
    pub fn new(to: Arc<Endpoint>) -> Self {
        Self { to, kept: Cell::default(), written: RefCell::default(), timer: RefCell::default() }
    }

    /// Sends a request and takes its answer in. To drop this future is to hang up.
    async fn exchange(
        &self,
        request: &SignedRequest,
        start: Instant,
        course: &mut Course,
    ) -> Result<(), Broken> {
        let mut written = self.written.take();
        http1::write(&mut written, &self.to.path, &self.to.headers, request);
        let result = self.send(&written, start, course).await;
        self.written.replace(written);
        let kept = result?.filter(|_| !http1::asks_to_close(request));
        self.kept.set(kept);
        Ok(())
    }

    /// Gives the connection that the answer came over, where it may be used again.
    async fn send(
        &self,
        request: &[u8],
        start: Instant,
        course: &mut Course,
    ) -> Result<Option<Connection<Stream>>, Broken> {
        if let Some(mut connection) = self.kept.take() {
            course.connected = Some(start);
            match connection.exchange(request, &mut course.received).await {
                // The target had closed it, and cannot know of this request. Whatever ends later
                // is a failure: the target may have the request, and would get it twice.
                Err(Fault::Stale) => {}
                result => return fit(connection, result),
            }
        }
        let stream = Stream::open(&self.to, &mut course.dialled).await.map_err(Broken::Dial)?;
        let mut connection = Connection::over(stream);
        course.connected = Some(Instant::now());
        let result = connection.exchange(request, &mut course.received).await;
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
        let mut course = Course::default();
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
        Attempt {
            n,
            started_at,
            outcome,
            reached: course.connected.is_some() || outcome == Outcome::Broken,
            elapsed,
            timings: course.timings(start + elapsed),
            answer: course.received.map(Received::into_answer),
            error,
        }
    }
}

impl Course {
    fn timings(&self, end: Instant) -> Timings {
        let head = self.received.as_ref().map(|received| received.at);
        let since = |from: Option<Instant>, to: Instant| -> Option<Duration> {
            Some(to.saturating_duration_since(from?))
        };
        Timings {
            dns: None,
            connect: self.dialled.connect,
            tls: self.dialled.tls,
            wait: since(self.connected, head.unwrap_or(end)),
            body: since(head, end),
        }
    }
}

impl Broken {
    fn explain(self) -> (Outcome, String) {
        match self {
            Self::Dial(DialError::Refused(error)) => (Outcome::Refused, words(&error)),
            Self::Dial(DialError::Tls(error)) => {
                let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
                (Outcome::Tls, inner.map_or_else(|| words(&error), tls_words))
            }
            Self::Line(fault) => (Outcome::Broken, fault.words()),
        }
    }
}

fn fit(
    connection: Connection<Stream>,
    result: Result<bool, Fault>,
) -> Result<Option<Connection<Stream>>, Broken> {
    let is_fit = result.map_err(Broken::Line)?;
    Ok(is_fit.then_some(connection))
}
