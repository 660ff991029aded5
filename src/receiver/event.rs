//! What is found out about requests, the events that report it, and what a run has seen: counts,
//! request ids, and whether that is enough.

use std::borrow::Cow;
use std::collections::hash_map::{Entry, RandomState};
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use hyper::body::Bytes;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

use super::service::{MAX_NAME, MAX_TEXT};
use super::{Forwarded, IncomingRequest, Refusal, RefusalReason, Reply, SaveError};
use crate::capture::Capture;
use crate::payload::Assignment;
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

/// How many different events are counted by name: made-up names must not fill the memory.
const MAX_EVENTS: usize = 200;

/// What arrived in a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListenStats {
    /// All requests.
    pub requests: u64,
    /// Valid ones.
    pub valid: u64,
    /// Those whose signature matches no secret.
    pub invalid: u64,
    /// Those without a signature or an id.
    pub unsigned: u64,
    /// Those whose signature cannot be read: two different ones, or a masked one.
    pub unclear: u64,
    /// Those that were signed while there was no secret to check with.
    pub unchecked: u64,
    /// Those whose id and signature had arrived before.
    pub repeats: u64,
    /// Those that `--expect` counts.
    pub matching: u64,
    /// Those that could not be saved.
    pub save_errors: u64,
    /// By event. Requests without one, and events after the first 200, are not in it.
    pub by_event: BTreeMap<String, u64>,
    /// What was refused, by reason.
    pub refused: BTreeMap<RefusalReason, u64>,
}

impl ListenStats {
    pub(super) fn count(&mut self, event: &RequestEvent, is_expected: bool) {
        self.requests += 1;
        *match event.report.verdict {
            Some(SignatureVerdict::Valid) => &mut self.valid,
            Some(SignatureVerdict::Invalid) => &mut self.invalid,
            Some(SignatureVerdict::Unsigned) => &mut self.unsigned,
            Some(SignatureVerdict::Ambiguous | SignatureVerdict::Redacted) => &mut self.unclear,
            None => &mut self.unchecked,
        } += 1;
        self.repeats += u64::from(event.repeat > 1);
        self.save_errors += u64::from(event.save_error.is_some());
        self.matching += u64::from(is_expected);
        let Some(event) = &event.report.event else { return };
        if let Some(count) = self.by_event.get_mut(event) {
            *count += 1;
        } else if self.by_event.len() < MAX_EVENTS {
            self.by_event.insert(event.clone(), 1);
        }
    }
}

/// What ends a run. Without anything here, nothing does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StopCondition {
    /// This many valid requests with one of `events`.
    pub expected: Option<u64>,
    /// The events that count; all of them when it is empty.
    pub events: Vec<String>,
    /// Values that the data of a request must have to count.
    pub data: Vec<Assignment>,
    /// This many requests, whatever they are. No more are accepted.
    pub requests: Option<u64>,
}

impl StopCondition {
    /// Whether a request is one of those that are expected.
    pub(super) fn expects(&self, report: &RequestReport, body: &[u8]) -> bool {
        let listed = |event: &String| self.events.is_empty() || self.events.contains(event);
        self.expected.is_some()
            && report.is_valid()
            && report.event.as_ref().map_or(self.events.is_empty(), listed)
            && (self.data.is_empty() || self.has_data(body))
    }

    fn has_data(&self, body: &[u8]) -> bool {
        let Ok(envelope) = serde_json::from_slice::<Value>(body) else { return false };
        let Some(data) = envelope.get("data") else { return false };
        self.data.iter().all(|expected| expected.path.get(data) == Some(&expected.value))
    }

    /// Whether the run ends after what arrived.
    pub(super) fn holds(&self, stats: &ListenStats) -> bool {
        self.expected.is_some_and(|expected| stats.matching >= expected)
            || self.requests.is_some_and(|requests| stats.requests >= requests)
    }
}

/// Ids in each of two generations. PGM retries within minutes; this many requests take it days.
const GENERATION: usize = 65_536;

/// How a request relates to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// 1-based count of requests with this id.
    pub attempt: u32,
    /// 1-based count of requests with this id and this signature: from 2 on, a repeat.
    pub repeat: u32,
}

#[derive(Debug, Clone, Copy)]
struct SeenId {
    attempts: u32,
    /// Hash of the signature that came with the id last, and how often it has.
    signature: u64,
    repeats: u32,
}

/// The ids of a run. Only hashes are kept, with a random key, so that nobody can make them collide.
#[derive(Debug, Default)]
pub struct SeenIds {
    hasher: RandomState,
    young: HashMap<u64, SeenId>,
    old: HashMap<u64, SeenId>,
}

impl SeenIds {
    /// Records a request.
    pub fn record(&mut self, id: &str, signature: Option<&str>) -> Occurrence {
        let (id, signature) = (self.hasher.hash_one(id), self.hasher.hash_one(signature));
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        let seen = match self.young.entry(id) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let new = SeenId { attempts: 0, signature, repeats: 0 };
                entry.insert(self.old.get(&id).copied().unwrap_or(new))
            }
        };
        if seen.signature != signature {
            (seen.signature, seen.repeats) = (signature, 0);
        }
        seen.attempts = seen.attempts.saturating_add(1);
        seen.repeats = seen.repeats.saturating_add(1);
        Occurrence { attempt: seen.attempts, repeat: seen.repeats }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_counted_by_id_and_signature() {
        let mut seen = SeenIds::default();
        let mut record = |id, signature| {
            let occurrence = seen.record(id, signature);
            (occurrence.attempt, occurrence.repeat)
        };
        assert_eq!(record("a", Some("1")), (1, 1));
        assert_eq!(record("a", Some("1")), (2, 2));
        assert_eq!(record("a", Some("2")), (3, 1));
        assert_eq!(record("a", None), (4, 1));
        assert_eq!(record("b", Some("1")), (1, 1));
    }

    #[test]
    fn memory_is_bounded_and_recent_ids_are_kept() {
        let mut seen = SeenIds::default();
        seen.record("first", None);
        for n in 0..3 * GENERATION {
            seen.record(&n.to_string(), None);
        }
        assert!(seen.young.len() + seen.old.len() <= 2 * GENERATION);
        assert_eq!(seen.record(&(3 * GENERATION - 1).to_string(), None).attempt, 2);
        assert_eq!(seen.record("first", None).attempt, 1);
    }
}
