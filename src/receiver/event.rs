//! What a run of `listen` reports while it goes on.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use hyper::body::Bytes;
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

use super::{Forwarded, Refusal, Reply, RequestReport, SaveError};

/// One thing that happened.
#[derive(Debug)]
pub enum ListenEvent {
    /// A request and what became of it.
    Request(Box<RequestEvent>),
    /// Something that was refused before it became a request.
    Refused(Refusal),
    /// A problem that no request is to blame for, in words.
    Warning(String),
}

/// A request and what became of it. All text in it comes from outside: escape it before it is
/// shown. Long texts are cut.
#[derive(Debug, Default)]
pub struct RequestEvent {
    /// Counted from 1 over the whole run.
    pub n: u64,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// From its head to its response, or to its end without one.
    pub elapsed: Duration,
    /// Address and port of the client.
    pub peer: String,
    /// Path and query.
    pub path: String,
    /// What it says about itself, and what there is to say about it.
    pub report: RequestReport,
    /// The name of the secret that matches, if it has one.
    pub secret: Option<String>,
    /// 1-based count of requests with this id and this signature: from 2 on, a repeat.
    pub repeat: u32,
    /// Size of the body in bytes.
    pub body_size: usize,
    /// The exact bytes of the body: with [`EventDetail::Full`], and where the signature is invalid.
    pub body: Option<Bytes>,
    /// What the client got.
    pub outcome: RequestOutcome,
    /// The targets that it was forwarded to.
    pub forwarded: Vec<Forwarded>,
    /// Why it is not in the file, if it should be.
    pub save_error: Option<SaveError>,
    /// The headers in the order they arrived, with [`EventDetail::Full`].
    pub headers: Option<Vec<(String, String)>>,
}

/// What a client got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RequestOutcome {
    /// A response with this status.
    Responded(u16),
    /// The connection was closed on purpose.
    Dropped,
    /// The client went away before the response.
    #[default]
    ClientGone,
}

impl From<&Reply> for RequestOutcome {
    fn from(reply: &Reply) -> Self {
        match reply {
            Reply::Respond(response) => Self::Responded(response.status.as_u16()),
            Reply::Drop => Self::Dropped,
        }
    }
}

/// How much is reported of each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventDetail {
    /// Nothing: they are only counted.
    Count,
    /// What became of it.
    Outcome,
    /// Its headers and its body too.
    Full,
}

/// Where events go.
#[derive(Debug)]
pub struct EventSink {
    events: Sender<ListenEvent>,
    detail: EventDetail,
    lossless: bool,
    lost: AtomicU64,
}

impl EventSink {
    /// A sink that sends to `events`. With `lossless` a request gets its response only when there
    /// is room for its event; otherwise events are dropped while the channel is full.
    pub fn new(events: Sender<ListenEvent>, detail: EventDetail, lossless: bool) -> Self {
        Self { events, detail, lossless, lost: AtomicU64::new(0) }
    }

    pub(super) fn detail(&self) -> EventDetail {
        self.detail
    }

    /// Sends an event, and waits for room if nothing may be lost.
    pub(super) async fn emit(&self, event: ListenEvent) {
        if self.lossless {
            // An error means that nobody reads any more.
            let _ = self.events.send(event).await;
        } else {
            self.try_emit(event);
        }
    }

    /// Sends an event without waiting, from where that is not possible.
    pub(super) fn try_emit(&self, event: ListenEvent) {
        let Err(TrySendError::Full(event)) = self.events.try_send(event) else { return };
        match Handle::try_current() {
            Ok(runtime) if self.lossless => {
                let events = self.events.clone();
                runtime.spawn(async move { events.send(event).await });
            }
            _ => {
                self.lost.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// How many events were dropped since the last call.
    pub(super) fn take_lost(&self) -> u64 {
        self.lost.swap(0, Ordering::Relaxed)
    }

    /// Reports that fixtures cannot be written.
    pub fn fixture_warning(&self) -> impl Fn(io::Error) + Send + 'static {
        let events = self.events.clone();
        move |error| {
            let text = crate::files::error_text(&error);
            let warning = format!("--save-fixtures: cannot write: {text}");
            let _ = events.try_send(ListenEvent::Warning(warning));
        }
    }
}
