//! A line to a target: one connection that is kept from one request to the next. For load, where
//! a connection an attempt would measure little else than connecting. Single sends have their
//! own transport, which shows every phase.

mod connection;
mod endpoint;
mod headers;

use std::cell::RefCell;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http_body_util::Full;
use hyper::{Method, Request};
use tokio::time::Sleep;

use self::connection::{Connection, DialError, Dialled};
pub use self::endpoint::{Endpoint, NoEndpoint};
use self::headers::Headers;
use super::classify::{conclude, tls_words, words};
use super::received::Received;
use super::{Attempt, Outcome, Timings, Transport};
use crate::pgm::SignedRequest;

/// Makes attempts one after the other, on the same connection as long as the target keeps it. Of
/// an answer that is a success only the status and the size are kept.
pub struct Line {
    to: Arc<Endpoint>,
    /// In a box, as it is large and goes to and fro.
    kept: RefCell<Option<Box<Connection>>>,
    headers: RefCell<Headers>,
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
    Http(hyper::Error),
}

impl Line {
    /// A line that connects when it is first needed.
    pub fn new(to: Arc<Endpoint>) -> Self {
        Self {
            to,
            kept: RefCell::default(),
            headers: RefCell::default(),
            timer: RefCell::default(),
        }
    }

    async fn exchange(
        &self,
        request: &SignedRequest,
        start: Instant,
        course: &mut Course,
    ) -> Result<(), Broken> {
        let kept = self.kept.take();
        if let Some(mut connection) = kept {
            course.connected = Some(start);
            let result = connection.exchange(self.prepare(request), &mut course.received).await;
            match result {
                // The target closed it before it could know of this request. As other clients do,
                // the same again on a new connection.
                Err(error) if course.received.is_none() && is_closed(&error) => {}
                result => return self.keep(connection, result),
            }
        }
        let connection = Connection::open(&self.to, &mut course.dialled).await;
        let mut connection = Box::new(connection.map_err(Broken::Dial)?);
        course.connected = Some(Instant::now());
        let result = connection.exchange(self.prepare(request), &mut course.received).await;
        self.keep(connection, result)
    }

    fn keep(&self, connection: Box<Connection>, result: hyper::Result<()>) -> Result<(), Broken> {
        result.map_err(Broken::Http)?;
        self.kept.replace(Some(connection));
        Ok(())
    }

    /// The request as the HTTP library wants it.
    fn prepare(&self, request: &SignedRequest) -> Request<Full<Bytes>> {
        let mut prepared = Request::new(Full::new(request.body_bytes()));
        *prepared.method_mut() = Method::POST;
        *prepared.uri_mut() = self.to.path.clone();
        *prepared.headers_mut() = self.headers.borrow_mut().of(request, &self.to.host);
        prepared
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
            Self::Dial(DialError::Http(error)) | Self::Http(error) => {
                (Outcome::Broken, words(&error))
            }
        }
    }
}

/// Whether the connection ended, and not in the midst of something that is no HTTP.
fn is_closed(error: &hyper::Error) -> bool {
    !error.is_parse()
}
