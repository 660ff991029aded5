//! A body with placeholders for what differs from request to request, so that the rest is
//! serialized once.

use chrono::DateTime;

use crate::payload::{EditError, Variation};
use crate::pgm::Envelope;
use serde_json::Value;

/// The body of an event, with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyTemplate {
    event: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
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

    /// A complete body; `date` is in PGM's format.
    pub(super) fn fill(&self, date: &str, rng: &mut fastrand::Rng) -> Vec<u8> {
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
    let date = crate::pgm::format_date(DateTime::UNIX_EPOCH);
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
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let body: Value = serde_json::from_slice(&template.fill("x", &mut rng)).unwrap();
            seen.insert(body["data"]["n"].as_i64().unwrap());
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [1, 2, 3]);
    }
}
