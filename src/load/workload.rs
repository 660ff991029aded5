//! What a run sends: events, each as often as its weight says, every request a new one.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Builder;

use super::BodyTemplate;
use crate::pgm::{self, RequestId, Secret, SignedRequest};

/// The events of a run.
#[derive(Debug)]
pub struct Workload {
    /// The body of each event with its weight, which is at least 1.
    pub events: Vec<(u32, BodyTemplate)>,
    /// The secret that requests are signed with.
    pub secret: Secret,
    /// The user's headers, added to PGM's or in place of them.
    pub headers: Vec<(String, String)>,
}

/// A request that [`RequestGenerator::next`] returns.
#[derive(Debug, Clone)]
pub(super) struct GeneratedRequest {
    pub(super) request: SignedRequest,
    /// The index of its event in [`Workload::events`].
    pub(super) event: usize,
    /// When the event is said to have happened.
    pub(super) triggered_at: DateTime<Utc>,
    /// Whether it is to be sent twice.
    pub(super) sent_twice: bool,
}

/// Makes the requests of one thread.
pub(super) struct RequestGenerator {
    workload: Arc<Workload>,
    repeat_share: f64,
    /// Fast, not secret: request ids only have to be new.
    rng: fastrand::Rng,
    /// The last `triggeredDate`, and the second that it stands for.
    date: (i64, String),
}

impl RequestGenerator {
    /// Request ids and values that vary are derived from `seed`; use a fresh one per thread.
    pub(super) fn new(workload: Arc<Workload>, repeat_share: f64, seed: u64) -> Self {
        let rng = fastrand::Rng::with_seed(seed);
        Self { workload, repeat_share, rng, date: (i64::MIN, String::new()) }
    }

    /// A new request about something that happens now.
    pub(super) fn next(&mut self, now: DateTime<Utc>) -> GeneratedRequest {
        let event = self.next_event();
        if self.date.0 != now.timestamp() {
            self.date = (now.timestamp(), pgm::format_date(now));
        }
        let body = match self.workload.events.get(event) {
            Some((_, template)) => template.fill(&self.date.1, &mut self.rng),
            None => Vec::new(),
        };
        let id = Builder::from_random_bytes(self.rng.u128(..).to_ne_bytes()).into_uuid();
        let request = SignedRequest::new(RequestId::from(id), &self.workload.secret, body);
        GeneratedRequest {
            request: request.with(&self.workload.headers),
            event,
            triggered_at: now,
            sent_twice: self.repeat_share > 0.0 && self.rng.f64() < self.repeat_share,
        }
    }

    fn next_event(&mut self) -> usize {
        let events = &self.workload.events;
        if events.len() < 2 {
            return 0;
        }
        let total: u64 = events.iter().map(|(weight, _)| u64::from(*weight)).sum();
        let mut drawn = self.rng.u64(..total);
        let is_drawn = |(weight, _): &(u32, BodyTemplate)| match drawn.checked_sub((*weight).into())
        {
            Some(rest) => {
                drawn = rest;
                false
            }
            None => true,
        };
        events.iter().position(is_drawn).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn generator() -> RequestGenerator {
        let template = |event: &str| BodyTemplate::new(event, serde_json::json!({}), &[]).unwrap();
        let workload = Workload {
            events: vec![(8, template("UserCardScanned")), (2, template("ClassesBooked"))],
            secret: Secret::new("s").unwrap(),
            headers: vec![("X-Tenant".to_owned(), "7".to_owned())],
        };
        RequestGenerator::new(Arc::new(workload), 0.0, 42)
    }

    #[test]
    fn events_occur_as_often_as_their_weights_say_each_with_a_new_id() {
        let mut generator = generator();
        let (mut events, mut ids) = (BTreeMap::new(), BTreeSet::new());
        for _ in 0..10_000 {
            let generated = generator.next(DateTime::UNIX_EPOCH);
            *events.entry(generated.event).or_insert(0) += 1;
            ids.insert(generated.request.request_id().to_string());
        }
        assert_eq!(ids.len(), 10_000);
        assert!((7_800..8_200).contains(&events[&0]), "{events:?}");
    }

    #[test]
    fn every_request_is_dated_and_carries_the_users_headers() {
        let mut generator = generator();
        for date in ["2026-03-01T17:42:09Z", "2026-03-01T17:42:10Z"] {
            let GeneratedRequest { request, .. } = generator.next(date.parse().unwrap());
            let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
            assert_eq!(body["triggeredDate"], date);
            assert_eq!(request.headers().last().unwrap(), &("X-Tenant".into(), "7".into()));
        }
    }
}
