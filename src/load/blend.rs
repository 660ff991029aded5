//! What is sent: events, each as often as its weight says, every request a new one.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Template;
use super::random::Random;
use crate::pgm::{self, RequestId, Secret, SignedRequest};

/// The events of a run.
#[derive(Debug)]
pub struct Blend {
    /// Each with its weight, at least 1.
    pub events: Vec<(u32, Template)>,
    /// What to sign with.
    pub secret: Secret,
    /// Headers of the user's own, in place of PGM's or beside them.
    pub headers: Vec<(String, String)>,
}

impl Blend {
    /// The template of this number.
    pub(super) fn event(&self, kind: usize) -> &str {
        self.events.get(kind).map_or("", |(_, template)| template.event())
    }

    fn total(&self) -> u64 {
        self.events.iter().map(|(weight, _)| u64::from(*weight)).sum()
    }
}

/// Makes the requests of one thread.
pub(super) struct Maker {
    blend: Arc<Blend>,
    total: u64,
    random: Random,
    /// The last date that was written, and the second that it is of.
    date: (i64, String),
}

impl Maker {
    pub(super) fn new(blend: Arc<Blend>, seed: u64) -> Self {
        let date = (i64::MIN, String::new());
        Self { total: blend.total(), blend, random: Random::new(seed), date }
    }

    /// A request that is new, about something that happens now, and the number of its event.
    pub(super) fn make(&mut self, now: DateTime<Utc>) -> (SignedRequest, usize) {
        let kind = self.kind();
        if self.date.0 != now.timestamp() {
            self.date = (now.timestamp(), pgm::format_date(now));
        }
        let body = match self.blend.events.get(kind) {
            Some((_, template)) => template.fill(&self.date.1, &mut self.random),
            None => Vec::new(),
        };
        let id = RequestId::from(self.random.id());
        let request = SignedRequest::new(id, &self.blend.secret, body);
        (request.with(&self.blend.headers), kind)
    }

    /// Whether the request is sent twice.
    pub(super) fn repeats(&mut self, share: f64) -> bool {
        self.random.happens(share)
    }

    fn kind(&mut self) -> usize {
        if self.blend.events.len() < 2 {
            return 0;
        }
        let mut drawn = self.random.below(self.total);
        let is_it = |(weight, _): &(u32, Template)| {
            let rest = drawn.checked_sub(u64::from(*weight));
            drawn = rest.unwrap_or_default();
            rest.is_none()
        };
        self.blend.events.iter().position(is_it).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn blend() -> Arc<Blend> {
        let template = |event: &str| Template::new(event, serde_json::json!({}), &[]).unwrap();
        Arc::new(Blend {
            events: vec![(8, template("UserCardScanned")), (2, template("ClassesBooked"))],
            secret: Secret::new("s").unwrap(),
            headers: vec![("X-Tenant".to_owned(), "7".to_owned())],
        })
    }

    #[test]
    fn events_come_as_often_as_their_weights_say_each_with_an_id_of_its_own() {
        let blend = blend();
        let mut maker = Maker::new(blend.clone(), 42);
        let (mut kinds, mut ids) = (BTreeMap::new(), BTreeSet::new());
        for _ in 0..10_000 {
            let (request, kind) = maker.make(DateTime::UNIX_EPOCH);
            *kinds.entry(blend.event(kind)).or_insert(0) += 1;
            ids.insert(request.request_id().to_string());
        }
        assert_eq!(ids.len(), 10_000);
        assert!((7_800..8_200).contains(&kinds["UserCardScanned"]), "{kinds:?}");
    }

    #[test]
    fn every_request_is_dated_and_carries_the_users_headers() {
        let blend = blend();
        let mut maker = Maker::new(blend.clone(), 42);
        for date in ["2026-03-01T17:42:09Z", "2026-03-01T17:42:10Z"] {
            let (request, _) = maker.make(date.parse().unwrap());
            let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
            assert_eq!(body["triggeredDate"], date);
            assert_eq!(request.headers().last().unwrap(), &("X-Tenant".into(), "7".into()));
        }
    }
}
