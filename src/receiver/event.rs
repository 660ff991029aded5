//! What is found out about requests, and the events that report it.

use std::borrow::Cow;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use hyper::body::Bytes;
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

use super::request::{MAX_NAME, MAX_TEXT};
use super::{Forwarded, IncomingRequest, Refusal, Reply, SaveError};
use crate::capture::Capture;
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};
use crate::text::shortened;
use crate::verify::{Examiner, Finding, NamedSecret, SignatureVerdict};

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

/// Checks requests against the secrets that are accepted.
#[derive(Debug, Clone)]
pub struct SignatureChecker {
    accepted: Vec<NamedSecret>,
}

/// What a request says about itself, and what there is to say about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestReport {
    /// The verdict; `None` for a signed request when there is no secret to check it with.
    pub verdict: Option<SignatureVerdict>,
    /// The request id, if there is exactly one; a long one is cut.
    pub request_id: Option<String>,
    /// The signature that was sent, if there is exactly one; a long one is cut.
    pub signature: Option<String>,
    /// The event, if the body names one; a long name is cut.
    pub event: Option<String>,
    /// The index of the accepted secret that matches.
    pub secret: Option<usize>,
    /// What there is to say.
    pub findings: Vec<Finding>,
}

impl SignatureChecker {
    /// A checker that accepts these secrets. With none it reads requests and cannot verify them.
    pub fn new(accepted: Vec<NamedSecret>) -> Self {
        Self { accepted }
    }

    /// Whether there is a secret to verify with.
    pub fn verifies(&self) -> bool {
        !self.accepted.is_empty()
    }

    /// The name of an accepted secret, if it has one.
    pub fn name(&self, secret: usize) -> Option<&str> {
        let named = self.accepted.get(secret)?;
        Some(named.name.as_str()).filter(|name| !name.is_empty())
    }

    /// Checks a request.
    pub fn check(&self, request: &IncomingRequest) -> RequestReport {
        let (ids, signatures) =
            (values(request, REQUEST_ID_HEADER), values(request, SIGNATURE_HEADER));
        let now = request.received_at();
        let capture = Capture::received(ids, signatures, now, request.body());
        let examined = Examiner::new(&self.accepted, now).examine(&capture);
        let is_checked = self.verifies() || examined.verdict != SignatureVerdict::Invalid;
        RequestReport {
            verdict: is_checked.then_some(examined.verdict),
            request_id: examined.request_id.map(|id| shortened(&id, MAX_TEXT).into_owned()),
            signature: examined.signature.map(|text| shortened(&text, MAX_TEXT).into_owned()),
            event: examined.event.map(|event| shortened(&event, MAX_NAME).into_owned()),
            secret: examined.secret,
            findings: examined.findings,
        }
    }
}

impl RequestReport {
    /// Whether the sender is proven to know an accepted secret.
    pub fn is_valid(&self) -> bool {
        self.verdict == Some(SignatureVerdict::Valid)
    }
}

/// All values of a header.
fn values<'a>(request: &'a IncomingRequest, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
    let values = request.header_map().get_all(name).into_iter();
    values.map(|value| String::from_utf8_lossy(value.as_bytes()))
}
