//! What was received, in memory: what `listen` reports, and what a file of captures has.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use crate::capture::{Body, Capture};
use crate::receiver::{RequestEvent, RequestOutcome};
use crate::text::{shortened, shown_url};
use crate::verify::{Examination, Finding, SignatureVerdict};

/// How many requests are kept, the newest.
const MAX_REQUESTS: usize = 1000;
/// How many bytes they may take together.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Bytes that a request takes besides its texts.
const OVERHEAD: usize = 1024;
/// Characters of a target's response that are kept: as many as PGM keeps.
const MAX_RESPONSE: usize = crate::pgm::RESPONSE_CHARS;

/// A request that was received. All text in it comes from outside.
#[derive(Debug)]
pub(super) struct Received {
    /// Counted from 1.
    pub(super) n: u64,
    pub(super) received_at: DateTime<Utc>,
    /// What arrived: the body is missing where there was no room for it.
    pub(super) capture: Capture<'static>,
    pub(super) body_size: usize,
    pub(super) request_id: Option<String>,
    pub(super) event: Option<String>,
    pub(super) signature: Option<String>,
    /// `None` for a signed request when there is no secret to check it with.
    pub(super) verdict: Option<SignatureVerdict>,
    /// The name of the secret that matches, if it has one.
    pub(super) secret: Option<String>,
    pub(super) findings: Vec<Finding>,
    /// What the client got, where that is known: a file of captures does not say it.
    pub(super) outcome: Option<(RequestOutcome, Duration)>,
    pub(super) forwarded: Vec<ForwardResult>,
}

/// What came of forwarding a request to one target.
#[derive(Debug)]
pub(super) struct ForwardResult {
    pub(super) url: String,
    /// The status of the response, or why there is none.
    pub(super) outcome: Result<u16, String>,
    pub(super) elapsed: Duration,
    /// The first characters of the response.
    pub(super) text: String,
}

/// The newest requests that were received. Cloning it gives another handle to the same ones.
#[derive(Debug, Clone)]
pub struct ReceivedLog {
    log: Arc<Mutex<Log>>,
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Log {
    requests: VecDeque<Arc<Received>>,
    bytes: usize,
    last: u64,
}

impl Default for ReceivedLog {
    fn default() -> Self {
        Self { log: Arc::default(), changed: watch::Sender::new(0) }
    }
}

impl ReceivedLog {
    /// Adds a request that `listen` has reported, and what became of it.
    pub fn add(&self, event: RequestEvent) {
        let forwarded = event.forwarded.iter().map(|one| ForwardResult {
            url: shown_url(&one.url),
            outcome: match &one.outcome {
                Ok(response) => Ok(response.status.as_u16()),
                Err(error) => Err(error.to_string()),
            },
            elapsed: one.elapsed,
            text: match &one.outcome {
                Ok(response) => response.first_characters(),
                Err(_) => String::new(),
            },
        });
        let headers = event.headers.unwrap_or_default().into_iter();
        // A body is a part of a larger buffer: only a copy takes no more than its own size.
        let body = event.body.as_ref().map(|body| body.to_vec());
        let capture = Capture {
            received_at: Some(event.received_at),
            method: Some("POST".into()),
            path: Some(event.path.into()),
            remote: Some(event.peer.into()),
            headers: headers.map(|(name, value)| (name.into(), value.into())).collect(),
            body: body.map(|bytes| Body { bytes: bytes.into(), exact: true }),
            ..Capture::default()
        };
        self.push(Received {
            n: 0,
            received_at: event.received_at,
            body_size: event.body_size,
            request_id: event.report.request_id,
            event: event.report.event,
            signature: event.report.signature,
            verdict: event.report.verdict,
            secret: event.secret,
            findings: event.report.findings,
            outcome: Some((event.outcome, event.elapsed)),
            forwarded: forwarded.collect(),
            capture,
        });
    }

    /// Adds a request of a file. `verdict` is `None` when there is no secret to check it with.
    pub(super) fn add_capture(
        &self,
        capture: Capture<'static>,
        examination: Examination,
        (verdict, secret): (Option<SignatureVerdict>, Option<String>),
        forwarded: Vec<ForwardResult>,
        now: DateTime<Utc>,
    ) {
        self.push(Received {
            n: 0,
            received_at: capture.received_at.unwrap_or(now),
            body_size: capture.body.as_ref().map_or(0, |body| body.bytes.len()),
            request_id: examination.request_id,
            event: examination.event.map(|event| shortened(&event, 100).into_owned()),
            signature: examination.signature,
            verdict,
            secret,
            findings: examination.findings,
            outcome: None,
            forwarded,
            capture,
        });
    }

    fn push(&self, mut request: Received) {
        if request.size() > MAX_BYTES {
            request.capture.body = None;
        }
        let size = request.size();
        {
            let mut log = self.lock();
            log.last += 1;
            request.n = log.last;
            log.bytes += size;
            log.requests.push_back(Arc::new(request));
            while log.requests.len() > MAX_REQUESTS || log.bytes > MAX_BYTES {
                let Some(oldest) = log.requests.pop_front() else { break };
                log.bytes -= oldest.size();
            }
        }
        self.changed.send_modify(|count| *count += 1);
    }

    /// Forgets everything: a file is read anew. Numbers start again.
    pub(super) fn clear(&self) {
        *self.lock() = Log::default();
    }

    /// All requests that are kept, newest first.
    pub(super) fn newest_first(&self) -> Vec<Arc<Received>> {
        self.lock().requests.iter().rev().cloned().collect()
    }

    /// The request with this number, if it is still kept.
    pub(super) fn get(&self, n: u64) -> Option<Arc<Received>> {
        self.lock().requests.iter().find(|request| request.n == n).cloned()
    }

    /// A number that grows with each request.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Received {
    /// Whether both are the same request, sent again.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        self.request_id.is_some()
            && self.request_id == other.request_id
            && self.signature == other.signature
    }

    /// The verdict in a word.
    pub(super) fn verdict_word(&self) -> &'static str {
        self.verdict.map_or("unchecked", SignatureVerdict::as_str)
    }

    /// The status that the client got, or the first target's, where that is known.
    pub(super) fn status(&self) -> Option<u16> {
        match self.outcome {
            Some((RequestOutcome::Responded(status), _)) => Some(status),
            Some(_) => None,
            None => self.forwarded.first().and_then(|target| target.outcome.clone().ok()),
        }
    }

    /// The exact body, where it was kept.
    pub(super) fn body(&self) -> &[u8] {
        self.capture.body.as_ref().map_or(&[], |body| &body.bytes)
    }

    /// About how many bytes it takes.
    fn size(&self) -> usize {
        let headers = self.capture.headers.iter().map(|(name, value)| name.len() + value.len());
        let responses = self.forwarded.iter().map(|one| one.url.len() + one.text.len());
        let path = self.capture.path.as_ref().map_or(0, |path| path.len());
        OVERHEAD + self.body().len() + path + headers.chain(responses).sum::<usize>()
    }
}

/// The members of a line of `listen --save` that say what targets responded.
pub(super) fn forward_results(line: &str) -> Vec<ForwardResult> {
    #[derive(serde::Deserialize)]
    struct Line {
        #[serde(default)]
        forwarded: Vec<SavedTarget>,
    }
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct SavedTarget {
        url: String,
        status: Option<u16>,
        error: Option<String>,
        #[serde(default)]
        elapsed_ms: f64,
        #[serde(default)]
        body: String,
    }
    // Lines of other tools have other members, or none.
    let targets = serde_json::from_str(line).map(|line: Line| line.forwarded).unwrap_or_default();
    let result = |target: SavedTarget| ForwardResult {
        url: shortened(&target.url, MAX_RESPONSE).into_owned(),
        outcome: target.status.ok_or_else(|| target.error.unwrap_or_default()),
        elapsed: Duration::try_from_secs_f64(target.elapsed_ms / 1e3).unwrap_or_default(),
        text: shortened(&target.body, MAX_RESPONSE).into_owned(),
    };
    targets.into_iter().map(result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: usize) -> Received {
        Received {
            n: 0,
            received_at: DateTime::UNIX_EPOCH,
            capture: Capture {
                body: Some(Body { bytes: vec![0; body].into(), exact: true }),
                ..Capture::default()
            },
            body_size: body,
            request_id: None,
            event: None,
            signature: None,
            verdict: None,
            secret: None,
            findings: Vec::new(),
            outcome: None,
            forwarded: Vec::new(),
        }
    }

    #[test]
    fn memory_is_bounded_by_number_and_by_size() {
        let log = ReceivedLog::default();
        (0..MAX_REQUESTS + 5).for_each(|_| log.push(request(10)));
        let kept = log.newest_first();
        assert_eq!((kept.len(), kept[0].n), (MAX_REQUESTS, MAX_REQUESTS as u64 + 5));
        (0..3).for_each(|_| log.push(request(6 << 20)));
        assert_eq!(log.newest_first().len(), 2);
        log.push(request(MAX_BYTES));
        let kept = log.newest_first();
        assert_eq!((kept[0].body().len(), kept[0].body_size), (0, MAX_BYTES));
        assert!(log.lock().bytes <= MAX_BYTES);
    }

    #[test]
    fn responses_of_targets_are_read_from_saved_lines() {
        let line = r#"{"receivedAt":"x","forwarded":[{"url":"http://a/","status":503,"error":null,
            "elapsedMs":12.5,"headers":{},"body":"no"},{"url":"http://b/","status":null,"error":"is down"}]}"#;
        let results = forward_results(line);
        assert_eq!((&results[0].outcome, &*results[0].text), (&Ok(503), "no"));
        assert_eq!(results[0].elapsed, Duration::from_micros(12_500));
        assert_eq!(results[1].outcome, Err("is down".to_owned()));
        assert!(forward_results("not JSON").is_empty());
    }
}
