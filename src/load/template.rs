//! A body with holes for what differs from request to request, so that nothing else is written
//! anew.

use chrono::DateTime;

use super::random::Random;
use crate::payload::{EditError, Variation};
use crate::pgm::Envelope;
use serde_json::Value;

/// An event's body, ready to be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    event: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(Vec<u8>),
    /// `triggeredDate`
    Date,
    /// A whole number, both ends among them; as text where the sample has text.
    Number {
        from: i64,
        to: i64,
    },
}

/// A hole for a number while the body is made: text that no sample has.
struct Hole<'a> {
    marker: String,
    is_text: bool,
    vary: &'a Variation,
}

impl Template {
    /// The body of an event with this `data`, parts of which vary.
    ///
    /// # Errors
    /// When `data` has nothing at the place of a variation.
    pub fn new(event: &str, mut data: Value, variations: &[Variation]) -> Result<Self, EditError> {
        let mut holes: Vec<Hole<'_>> = Vec::new();
        for vary in variations {
            let marker = format!("\u{10fffe}{}\u{10ffff}", holes.len());
            let before = vary.mark(&mut data, &marker)?;
            // The last of two variations of one place counts, as if the first were not there.
            let earlier = holes.iter().find(|hole| before == *hole.marker);
            let is_text = earlier.map_or(before.is_string(), |hole| hole.is_text);
            holes.push(Hole { marker, is_text, vary });
        }
        let envelope =
            Envelope { event: event.to_owned(), triggered_date: DateTime::UNIX_EPOCH, data };
        Ok(Self { event: event.to_owned(), pieces: pieces(&envelope.to_body(), &holes) })
    }

    /// The event's name.
    pub fn event(&self) -> &str {
        &self.event
    }

    /// A body of its own; `date` is in PGM's form.
    pub(super) fn fill(&self, date: &str, random: &mut Random) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.room());
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => body.extend_from_slice(text),
                Piece::Date => body.extend_from_slice(date.as_bytes()),
                Piece::Number { from, to } => {
                    body.extend_from_slice(random.between(*from, *to).to_string().as_bytes());
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

/// Takes a body apart at the date, which is the first to have this form, and at the holes.
fn pieces(body: &[u8], holes: &[Hole<'_>]) -> Vec<Piece> {
    let date = crate::pgm::format_date(DateTime::UNIX_EPOCH);
    let mut cuts = vec![(date, Piece::Date)];
    cuts.extend(holes.iter().map(|hole| {
        let quote = if hole.is_text { "" } else { "\"" };
        let number = Piece::Number { from: hole.vary.from, to: hole.vary.to };
        (format!("{quote}{}{quote}", hole.marker), number)
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

    fn filled(data: Value, vary: &[&str]) -> String {
        let vary: Vec<_> = vary.iter().map(|text| text.parse().unwrap()).collect();
        let template = Template::new("Test", data, &vary).unwrap();
        let body = template.fill("2026-03-01T17:42:09Z", &mut Random::new(7));
        String::from_utf8(body).unwrap()
    }

    #[test]
    fn only_the_date_and_what_varies_is_filled_in() {
        // Also where `data` holds what looks like the date that marks the hole.
        let data = json!({"at": "1970-01-01T00:00:00Z", "userId": 1, "number": "17", "z": [true]});
        assert_eq!(
            filled(data, &["userId=5..5", "data.number=-6..-6", "z[0]=1..1", "z[0]=7..7"]),
            r#"{"event":"Test","triggeredDate":"2026-03-01T17:42:09Z","data":{"at":"1970-01-01T00:00:00Z","userId":5,"number":"-6","z":[7]}}"#
        );
    }

    #[test]
    fn numbers_lie_within_their_range_and_reach_both_ends() {
        let template =
            Template::new("Test", json!({"n": 0}), &["n=1..3".parse().unwrap()]).unwrap();
        let mut random = Random::new(1);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let body: Value = serde_json::from_slice(&template.fill("x", &mut random)).unwrap();
            seen.insert(body["data"]["n"].as_i64().unwrap());
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [1, 2, 3]);
    }
}
