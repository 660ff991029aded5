//! How fast a target is, as far as is known: how many calls it gets at once depends on it.

use std::time::Duration;

use super::Reply;
use super::call::Sends;

/// Calls that are made together at most.
const MOST_LANES: usize = 16;

/// What the measurements have shown so far.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// The time of a call that was alone.
    alone: Option<Duration>,
    /// The time of the slowest of some calls that were made at once, and how many they were.
    at_once: Option<(usize, Duration)>,
    /// Whether no answer came in time when it was measured.
    pub(super) is_slow: bool,
}

impl Pace {
    /// Starts from the first call, which may have met the target cold.
    pub(super) fn new(first: Option<&Reply>) -> Self {
        Self { alone: first.map(Reply::elapsed), ..Self::default() }
    }

    /// Learns from a probe's replies.
    pub(super) fn note(&mut self, sends: &Sends, replies: &[Reply], limit: Duration) {
        let slowest = |replies: &[Reply]| replies.iter().map(Reply::elapsed).max();
        match sends {
            Sends::FirstThen(_) => {
                self.is_slow = !replies.iter().any(|reply| reply.is_in_time(limit));
                self.alone = slowest(replies.get(1..).unwrap_or_default()).or(self.alone);
            }
            Sends::AtOnce(calls) if replies.iter().all(Reply::is_accepted) => {
                self.at_once = slowest(replies).map(|slowest| (calls.len(), slowest));
            }
            _ => {}
        }
    }

    /// How many calls to make together: as many as a target that goes on as it did so far
    /// answers in half of its time, so that being checked does not make it late.
    pub(super) fn lanes(&self, limit: Duration) -> usize {
        let fits = |time: Duration| {
            let times = (limit / 2).as_micros() / time.as_micros().max(1);
            usize::try_from(times).unwrap_or(MOST_LANES).min(MOST_LANES)
        };
        let one_by_one = self.alone.map(fits).unwrap_or_default();
        let at_once = self.at_once.map(|(calls, time)| calls * fits(time)).unwrap_or_default();
        one_by_one.max(at_once).clamp(1, MOST_LANES)
    }
}
