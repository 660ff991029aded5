//! What a run sends: events, each as often as its weight says, every request a new one. A body is
//! serialized once, with placeholders for what differs from request to request.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Builder;

use super::GeneratedRequest;
use crate::payload::{EditError, Variation};
use crate::pgm::{self, Envelope, RequestId, Secret, SignedRequest};

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

/// The body of an event, with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyTemplate {
    event: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(Vec<u8>),
    /// `triggeredDate`
    Date,
    /// A whole number, ends included; a string where the sample has a string.
    Number {
        from: i64,
        to: i64,
    },
}

/// A placeholder for a number while the body is serialized: text that no sample has.
struct Placeholder<'a> {
    marker: String,
    is_text: bool,
    vary: &'a Variation,
}

impl BodyTemplate {
    /// The body of an event with this `data`, of which some values vary.
    ///
    /// # Errors
    /// When `data` has nothing at the path of a variation.
    pub fn new(event: &str, mut data: Value, variations: &[Variation]) -> Result<Self, EditError> {
        let mut placeholders: Vec<Placeholder<'_>> = Vec::new();
        for vary in variations {
            let marker = format!("\u{10fffe}{}\u{10ffff}", placeholders.len());
            let before = vary.mark(&mut data, &marker)?;
            // Of two variations of one path the last counts.
            let earlier = placeholders.iter().find(|placeholder| before == *placeholder.marker);
            let is_text = earlier.map_or(before.is_string(), |placeholder| placeholder.is_text);
            placeholders.push(Placeholder { marker, is_text, vary });
        }
        let envelope =
            Envelope { event: event.to_owned(), triggered_date: DateTime::UNIX_EPOCH, data };
        Ok(Self { event: event.to_owned(), pieces: pieces(&envelope.to_body(), &placeholders) })
    }

    /// The event's name.
    pub fn event(&self) -> &str {
        &self.event
    }

    /// The texts of the body, and what goes between them.
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// A complete body; `date` is in PGM's format.
    fn fill(&self, date: &str, rng: &mut fastrand::Rng) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.room());
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => body.extend_from_slice(text),
                Piece::Date => body.extend_from_slice(date.as_bytes()),
                Piece::Number { from, to } => {
                    body.extend_from_slice(rng.i64(*from..=*to).to_string().as_bytes());
                }
            }
        }
        body
    }

    fn room(&self) -> usize {
        // A date and a number are no longer than this.
        let length = |piece: &Piece| if let Piece::Text(text) = piece { text.len() } else { 20 };
        self.pieces.iter().map(length).sum()
    }
}

/// Splits a body at its date, which is the first of that value, and at the placeholders.
fn pieces(body: &[u8], placeholders: &[Placeholder<'_>]) -> Vec<Piece> {
    let date = pgm::format_date(DateTime::UNIX_EPOCH);
    let mut cuts = vec![(date, Piece::Date)];
    cuts.extend(placeholders.iter().map(|placeholder| {
        let quote = if placeholder.is_text { "" } else { "\"" };
        let number = Piece::Number { from: placeholder.vary.from, to: placeholder.vary.to };
        (format!("{quote}{}{quote}", placeholder.marker), number)
    }));
    let mut found: Vec<_> = cuts
        .into_iter()
        .filter_map(|(text, piece)| {
            Some((memchr::memmem::find(body, text.as_bytes())?, text, piece))
        })
        .collect();
    found.sort_by_key(|(at, ..)| *at);
    let (mut pieces, mut done) = (Vec::new(), 0);
    for (at, text, piece) in found {
        pieces.extend([Piece::Text(body[done..at].to_vec()), piece]);
        done = at + text.len();
    }
    pieces.push(Piece::Text(body[done..].to_vec()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
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
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            assert_eq!(body["triggeredDate"], date);
            assert_eq!(request.headers().last().unwrap(), &("X-Tenant".into(), "7".into()));
        }
    }

    fn filled(data: Value, vary: &[&str]) -> String {
        let vary: Vec<_> = vary.iter().map(|text| text.parse().unwrap()).collect();
        let template = BodyTemplate::new("Test", data, &vary).unwrap();
        let body = template.fill("2026-03-01T17:42:09Z", &mut fastrand::Rng::with_seed(7));
        String::from_utf8(body).unwrap()
    }

    #[test]
    fn only_the_date_and_what_varies_is_filled_in() {
        // Also where `data` holds what looks like the date that marks the placeholder.
        let data = json!({"at": "1970-01-01T00:00:00Z", "userId": 1, "number": "17", "z": [true]});
        assert_eq!(
            filled(data, &["userId=5..5", "data.number=-6..-6", "z[0]=1..1", "z[0]=7..7"]),
            r#"{"event":"Test","triggeredDate":"2026-03-01T17:42:09Z","data":{"at":"1970-01-01T00:00:00Z","userId":5,"number":"-6","z":[7]}}"#
        );
    }

    #[test]
    fn numbers_lie_within_their_range_and_reach_both_ends() {
        let template =
            BodyTemplate::new("Test", json!({"n": 0}), &["n=1..3".parse().unwrap()]).unwrap();
        let mut rng = fastrand::Rng::with_seed(1);
        let mut seen = BTreeSet::new();
        for _ in 0..200 {
            let body: Value = serde_json::from_slice(&template.fill("x", &mut rng)).unwrap();
            seen.insert(body["data"]["n"].as_i64().unwrap());
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [1, 2, 3]);
    }
}
