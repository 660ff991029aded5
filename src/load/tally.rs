//! What came of a run so far. Its size does not grow with the number of calls.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use super::failure::{Example, Failure, Kind};
use crate::delivery::{Attempt, AttemptOutcome};
use crate::pgm::{self, SignedRequest};

/// The longest time that is told from longer ones: an hour, in microseconds.
const LONGEST: u64 = 3_600_000_000;
/// Digits of a time that are kept exactly.
const DIGITS: u8 = 3;
/// How many failed calls are kept whole, to be written down and retried.
pub const KEPT_FAILURES: usize = 100;
/// A request that starts this much after its time is late.
const LATE_START: Duration = Duration::from_millis(10);

/// Counts and times of calls.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Calls that have ended, whatever came of them.
    pub calls: u64,
    /// Those among them that sent a request for the second time.
    pub repeats: u64,
    /// Calls that PGM would mark as successful.
    pub delivered: u64,
    /// Calls that found a connection.
    pub reached: u64,
    /// Bytes of bodies that were sent.
    pub sent_bytes: u64,
    /// Bytes of bodies that came back.
    pub received_bytes: u64,
    /// Calls that were answered within PGM's limit, whatever the answer.
    pub in_time: u64,
    /// Calls that started later than they were due: no connection was free, or this machine too busy.
    pub late_starts: u64,
    /// How often each HTTP status was answered.
    pub statuses: BTreeMap<u16, u64>,
    /// What went wrong, by kind.
    pub failures: BTreeMap<Kind, Failure>,
    /// Microseconds from when a call was due to its answer's last byte, or to the end of waiting
    /// for it. Calls that nothing accepted are not among them: they would look fast.
    pub latency: Histogram<u64>,
    /// The first calls that failed, at most [`KEPT_FAILURES`].
    pub kept: Vec<Example>,
    /// When the last call ended.
    pub last: Option<Instant>,
}

/// A call that has ended.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) event: &'a str,
    pub(super) request: &'a SignedRequest,
    pub(super) attempt: &'a Attempt,
    /// When it should have started.
    pub(super) due: Instant,
    pub(super) started: Instant,
    pub(super) is_repeat: bool,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            calls: 0,
            repeats: 0,
            delivered: 0,
            reached: 0,
            sent_bytes: 0,
            received_bytes: 0,
            in_time: 0,
            late_starts: 0,
            statuses: BTreeMap::new(),
            failures: BTreeMap::new(),
            latency: histogram(),
            kept: Vec::new(),
            last: None,
        }
    }
}

/// An empty one for times up to [`LONGEST`].
fn histogram() -> Histogram<u64> {
    #[allow(clippy::expect_used, reason = "the bounds are constants that it takes")]
    Histogram::new_with_bounds(1, LONGEST, DIGITS).expect("constant bounds")
}

impl Tally {
    /// Calls that PGM would mark as failed.
    pub fn failed(&self) -> u64 {
        self.calls - self.delivered
    }

    /// The share of calls that were answered within PGM's limit.
    pub fn in_time_share(&self) -> f64 {
        share(self.in_time, self.calls)
    }

    /// The share of calls that PGM would mark as failed.
    pub fn failed_share(&self) -> f64 {
        share(self.failed(), self.calls)
    }

    /// Adds a call.
    pub(super) fn add(&mut self, call: Call<'_>) {
        let attempt = call.attempt;
        let waited = call.started.saturating_duration_since(call.due);
        let latency = waited + attempt.elapsed;
        let is_answered = attempt.outcome == AttemptOutcome::Responded;
        let in_time = is_answered && latency < pgm::TIMEOUT;
        self.calls += 1;
        self.repeats += u64::from(call.is_repeat);
        self.reached += u64::from(attempt.reached);
        self.in_time += u64::from(in_time);
        self.late_starts += u64::from(waited > LATE_START);
        self.sent_bytes += if attempt.reached { call.request.body().len() as u64 } else { 0 };
        self.received_bytes += attempt.response.as_ref().map_or(0, |response| response.bytes);
        self.last = self.last.max(Some(call.started + attempt.elapsed));
        if is_answered {
            *self.statuses.entry(attempt.status().unwrap_or_default()).or_default() += 1;
        }
        if is_answered || attempt.outcome == AttemptOutcome::TimedOut {
            self.latency.saturating_record(micros(latency));
        }
        match Kind::of(attempt, in_time) {
            None => self.delivered += 1,
            Some(kind) => self.fail(kind, call),
        }
    }

    fn fail(&mut self, kind: Kind, call: Call<'_>) {
        let failure = self.failures.entry(kind).or_default();
        failure.count += 1;
        if failure.example.is_some() && self.kept.len() >= KEPT_FAILURES {
            return;
        }
        let example = Example::new(call.event, call.request, call.attempt);
        if self.kept.len() < KEPT_FAILURES {
            self.kept.push(example.clone());
        }
        failure.example.get_or_insert(example);
    }

    /// Takes in what another thread counted.
    pub(super) fn merge(&mut self, other: &Self) {
        self.calls += other.calls;
        self.repeats += other.repeats;
        self.delivered += other.delivered;
        self.reached += other.reached;
        self.sent_bytes += other.sent_bytes;
        self.received_bytes += other.received_bytes;
        self.in_time += other.in_time;
        self.late_starts += other.late_starts;
        self.last = self.last.max(other.last);
        for (status, count) in &other.statuses {
            *self.statuses.entry(*status).or_default() += count;
        }
        for (kind, failure) in &other.failures {
            self.failures.entry(*kind).or_default().merge(failure);
        }
        let room = KEPT_FAILURES.saturating_sub(self.kept.len());
        self.kept.extend(other.kept.iter().take(room).cloned());
        // Both have the same bounds, which is all that could be wrong.
        let _ = self.latency.add(&other.latency);
    }
}

#[allow(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
