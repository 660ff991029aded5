//! The events of a run, where they go, and what the run has seen: counts and request ids.

use std::collections::hash_map::{Entry, RandomState};
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use hyper::body::Bytes;
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

use super::{Forwarded, Refusal, RefusalReason, Reply, SaveError};
use crate::pgm;
use crate::verify::{Finding, SignatureVerdict};

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

impl RequestOutcome {
    /// Whether it is a 2xx that went out after this time, when PGM would have given up.
    pub fn is_late(self, elapsed: Duration) -> bool {
        let is_success = matches!(self, Self::Responded(status) if pgm::is_success(status));
        is_success && elapsed >= pgm::TIMEOUT
    }
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
    /// The name of the accepted secret that matches, if it has one.
    pub secret: Option<String>,
    /// What there is to say.
    pub findings: Vec<Finding>,
}

impl RequestReport {
    /// Whether the sender is proven to know an accepted secret.
    pub fn is_valid(&self) -> bool {
        self.verdict == Some(SignatureVerdict::Valid)
    }
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

/// Ids in each of two generations. PGM retries within minutes; this many requests take it days.
const GENERATION: usize = 65_536;

/// How a request relates to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// 1-based count of requests with this id.
    pub(super) attempt: u32,
    /// 1-based count of requests with this id and this signature: from 2 on, a repeat.
    pub(super) repeat: u32,
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
pub(super) struct SeenIds {
    hasher: RandomState,
    young: HashMap<u64, SeenId>,
    old: HashMap<u64, SeenId>,
}

impl SeenIds {
    /// Records a request.
    pub(super) fn record(&mut self, id: &str, signature: Option<&str>) -> Occurrence {
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
