//! What came of the requests of a run. Its size does not grow with their number.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use super::FinishedRequest;
use crate::delivery::{Attempt, AttemptOutcome};
use crate::pgm::{self, SignedRequest};

/// Failed requests that are kept whole, to be recorded and retried.
const MAX_RETAINED_FAILURES: usize = 100;
/// A request that starts this much after its scheduled time is late.
const LATE_START: Duration = Duration::from_millis(10);
/// Significant digits of a latency.
const DIGITS: u8 = 3;

/// Counts and latencies of requests.
#[derive(Debug, Clone)]
pub struct LoadStats {
    /// Requests that have ended, whatever came of them.
    pub requests: u64,
    /// Those among them that were sent for the second time.
    pub repeats: u64,
    /// Requests that PGM would mark as successful.
    pub delivered: u64,
    /// Requests that were sent over a connection.
    pub reached: u64,
    /// Bytes of bodies that were sent.
    pub sent_bytes: u64,
    /// Bytes of bodies that were received.
    pub received_bytes: u64,
    /// Requests whose response came within PGM's limit, whatever its status.
    pub in_time: u64,
    /// Requests that started later than they were scheduled: no connection was free, or this
    /// machine too busy.
    pub late_starts: u64,
    /// The number of responses with each HTTP status.
    pub statuses: BTreeMap<u16, u64>,
    /// The failures of each kind.
    pub failures: BTreeMap<FailureKind, FailureBucket>,
    /// Microseconds from when a request was scheduled to the last byte of its response, or to its
    /// timeout. Requests without a connection are not counted: they would look fast.
    pub latency: Histogram<u64>,
    /// The first requests that failed, at most 100.
    pub retained: Vec<FailedRequest>,
    /// When the last request ended.
    pub last_end: Option<Instant>,
}

/// How a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureKind {
    /// The response had this HTTP status, which is not a 2xx.
    Status(u16),
    /// A 2xx came, but later than PGM's limit after the request was scheduled.
    Late,
    /// No complete response came within the timeout.
    TimedOut,
    /// The connection broke, or what came was not HTTP.
    Broken,
    /// The TLS handshake failed.
    Tls,
    /// There was no connection.
    Refused,
}

/// The failures of one kind.
#[derive(Debug, Clone, Default)]
pub struct FailureBucket {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub example: Option<FailedRequest>,
}

/// A request that failed, whole.
#[derive(Debug, Clone)]
pub struct FailedRequest {
    /// The event.
    pub event: String,
    /// What was sent.
    pub request: SignedRequest,
    /// What came of it.
    pub attempt: Attempt,
}

impl Default for LoadStats {
    fn default() -> Self {
        #[allow(clippy::expect_used, reason = "the number of digits is a constant in its range")]
        let latency = Histogram::new(DIGITS).expect("a valid number of digits");
        Self {
            requests: 0,
            repeats: 0,
            delivered: 0,
            reached: 0,
            sent_bytes: 0,
            received_bytes: 0,
            in_time: 0,
            late_starts: 0,
            statuses: BTreeMap::new(),
            failures: BTreeMap::new(),
            latency,
            retained: Vec::new(),
            last_end: None,
        }
    }
}

impl LoadStats {
    /// The number of requests that PGM would mark as failed.
    pub fn failed(&self) -> u64 {
        self.requests - self.delivered
    }

    /// The share of requests whose response came within PGM's limit.
    pub fn in_time_share(&self) -> f64 {
        share(self.in_time, self.requests)
    }

    /// The share of requests that PGM would mark as failed.
    pub fn failed_share(&self) -> f64 {
        share(self.failed(), self.requests)
    }

    pub(super) fn record(&mut self, sample: &FinishedRequest<'_>) {
        let attempt = sample.attempt;
        let waited = sample.started.saturating_duration_since(sample.scheduled);
        let latency = waited + attempt.elapsed;
        let has_response = attempt.outcome == AttemptOutcome::Responded;
        let in_time = has_response && latency < pgm::TIMEOUT;
        self.requests += 1;
        self.repeats += u64::from(sample.is_repeat);
        self.reached += u64::from(attempt.reached);
        self.in_time += u64::from(in_time);
        self.late_starts += u64::from(waited > LATE_START);
        self.sent_bytes += if attempt.reached { sample.request.body().len() as u64 } else { 0 };
        self.received_bytes += attempt.response.as_ref().map_or(0, |response| response.bytes);
        self.last_end = self.last_end.max(Some(sample.started + attempt.elapsed));
        if has_response {
            *self.statuses.entry(attempt.status().unwrap_or_default()).or_default() += 1;
        }
        if has_response || attempt.outcome == AttemptOutcome::TimedOut {
            let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
            // The histogram grows as needed.
            let _ = self.latency.record(micros);
        }
        match FailureKind::of(attempt, in_time) {
            None => self.delivered += 1,
            Some(kind) => self.record_failure(kind, sample),
        }
    }

    fn record_failure(&mut self, kind: FailureKind, sample: &FinishedRequest<'_>) {
        let bucket = self.failures.entry(kind).or_default();
        bucket.count += 1;
        if bucket.example.is_some() && self.retained.len() >= MAX_RETAINED_FAILURES {
            return;
        }
        let failed = FailedRequest {
            event: sample.event.to_owned(),
            request: sample.request.clone(),
            attempt: sample.attempt.clone(),
        };
        if self.retained.len() < MAX_RETAINED_FAILURES {
            self.retained.push(failed.clone());
        }
        bucket.example.get_or_insert(failed);
    }

    /// Adds the statistics of another thread.
    pub(super) fn merge(&mut self, other: &Self) {
        self.requests += other.requests;
        self.repeats += other.repeats;
        self.delivered += other.delivered;
        self.reached += other.reached;
        self.sent_bytes += other.sent_bytes;
        self.received_bytes += other.received_bytes;
        self.in_time += other.in_time;
        self.late_starts += other.late_starts;
        self.last_end = self.last_end.max(other.last_end);
        for (status, count) in &other.statuses {
            *self.statuses.entry(*status).or_default() += count;
        }
        for (kind, bucket) in &other.failures {
            let own = self.failures.entry(*kind).or_default();
            own.count += bucket.count;
            if own.example.is_none() {
                own.example.clone_from(&bucket.example);
            }
        }
        let room = MAX_RETAINED_FAILURES.saturating_sub(self.retained.len());
        self.retained.extend(other.retained.iter().take(room).cloned());
        // The histogram grows as needed.
        let _ = self.latency.add(&other.latency);
    }
}

impl FailureKind {
    /// How an attempt failed; `None` for a 2xx that came in time.
    fn of(attempt: &Attempt, in_time: bool) -> Option<Self> {
        Some(match (attempt.outcome, attempt.status()) {
            (AttemptOutcome::Responded, _) if attempt.is_accepted() => {
                return (!in_time).then_some(Self::Late);
            }
            (AttemptOutcome::Responded, status) => Self::Status(status.unwrap_or_default()),
            (AttemptOutcome::TimedOut, _) => Self::TimedOut,
            (AttemptOutcome::Broken, _) => Self::Broken,
            (AttemptOutcome::Tls, _) => Self::Tls,
            (AttemptOutcome::Refused | AttemptOutcome::Dns, _) => Self::Refused,
        })
    }

    /// The value in JSON; of a status its number.
    pub fn as_str(self) -> String {
        match self {
            Self::Status(status) => return status.to_string(),
            Self::Late => "late",
            Self::TimedOut => AttemptOutcome::TimedOut.as_str(),
            Self::Broken => AttemptOutcome::Broken.as_str(),
            Self::Tls => AttemptOutcome::Tls.as_str(),
            Self::Refused => AttemptOutcome::Refused.as_str(),
        }
        .to_owned()
    }
}

#[allow(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
