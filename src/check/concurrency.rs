//! How many requests at once a target can take, as far as the measurements tell.

use std::time::Duration;

use super::ProbeResponse;
use super::probe::Traffic;

/// Most requests at once.
const MAX_PARALLEL_REQUESTS: usize = 32;

/// What the measurements have shown so far.
#[derive(Debug, Default)]
pub(super) struct Concurrency {
    /// The time of a request that was alone.
    alone: Option<Duration>,
    /// The time of the slowest of some requests that were sent at once, and how many they were.
    at_once: Option<(usize, Duration)>,
    /// Whether no response came in time when it was measured.
    pub(super) is_slow: bool,
}

impl Concurrency {
    /// Starts from the first request, which may have met the target cold.
    pub(super) fn new(first: Option<&ProbeResponse>) -> Self {
        Self { alone: first.map(ProbeResponse::elapsed), ..Self::default() }
    }

    /// Learns from the responses of a measured probe.
    pub(super) fn learn(
        &mut self,
        traffic: &Traffic,
        responses: &[ProbeResponse],
        limit: Duration,
    ) {
        let slowest = |all: &[ProbeResponse]| all.iter().map(ProbeResponse::elapsed).max();
        match traffic {
            Traffic::FirstThen(_) => {
                self.is_slow = !responses.iter().any(|response| response.is_in_time(limit));
                self.alone = slowest(responses.get(1..).unwrap_or_default()).or(self.alone);
            }
            Traffic::AtOnce(requests) if responses.iter().all(ProbeResponse::is_accepted) => {
                self.at_once = slowest(responses).map(|slowest| (requests.len(), slowest));
            }
            _ => {}
        }
    }

    /// How many requests to send at once: as many as possible to a target that takes about as long
    /// for several as for one, else as many as it completes in half of its time.
    pub(super) fn parallel_requests(&self, limit: Duration) -> usize {
        let fits = |time: Duration| {
            let times = (limit / 2).as_micros() / time.as_micros().max(1);
            usize::try_from(times).unwrap_or(MAX_PARALLEL_REQUESTS).min(MAX_PARALLEL_REQUESTS)
        };
        let alone = self.alone.unwrap_or_default();
        let at_once = match self.at_once {
            Some((_, time)) if time < alone + alone / 2 => MAX_PARALLEL_REQUESTS,
            Some((requests, time)) => requests * fits(time),
            None => 0,
        };
        self.alone.map(fits).unwrap_or_default().max(at_once).clamp(1, MAX_PARALLEL_REQUESTS)
    }
}
