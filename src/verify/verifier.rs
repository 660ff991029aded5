//! The captures of a run in the order of the file: which are the same request again, and why a
//! signature is invalid.
//!
//! A request that came once costs some 20 to 40 bytes. All hashes are keyed anew for each run, so
//! a hostile file can neither crowd one place of the table nor make two bodies look the same.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{DateTime, Utc};

use super::diagnosis::{Diagnoser, Recipe, Signed};
use super::{
    Examination, Examiner, Finding, NamedSecret, RequestKey, Secrets, Sent, SignatureVerdict,
    Totals, findings,
};
use crate::capture::Capture;

/// Judges captures in the order of the file, and remembers what later ones have to be
/// compared with.
pub struct Verifier<'s> {
    accepted: &'s [NamedSecret],
    examiner: Examiner<'s>,
    index: RequestIndex,
    diagnoser: Diagnoser<'s>,
    totals: Totals,
}

impl<'s> Verifier<'s> {
    /// A verifier that has seen nothing. `now` is used as the time of receipt of captures that
    /// have none.
    pub fn new(secrets: Secrets<'s>, now: DateTime<Utc>) -> Self {
        Self {
            accepted: secrets.accepted,
            examiner: Examiner::new(secrets.accepted, now),
            index: RequestIndex::default(),
            diagnoser: Diagnoser::new(secrets.accepted, secrets.known),
            totals: Totals::default(),
        }
    }

    /// The part that other threads may use: what it returns is then passed to
    /// [`finalize`](Self::finalize), in the order of the file.
    pub fn examiner(&self) -> Examiner<'s> {
        self.examiner.clone()
    }

    /// The name of the accepted secret that an [`Examination`] counts as `number`.
    pub fn secret_name(&self, number: usize) -> Option<&'s str> {
        self.accepted.get(number).map(|named| named.name.as_str())
    }

    /// Notes an examination ahead of its turn, so that a signature that belongs to a later request
    /// of the file is recognised too. The last 512 ids are kept.
    pub fn look_ahead(&mut self, examination: &Examination) {
        if let Some(id) = &examination.request_id {
            self.diagnoser.remember_id(id);
        }
        if let Some(secret) = examination.secret {
            self.diagnoser.note_valid(secret);
        }
    }

    /// Judges the next capture.
    pub fn verify(&mut self, capture: &Capture<'_>) -> Examination {
        let mut examination = self.examiner.examine(capture);
        self.look_ahead(&examination);
        self.finalize(&mut examination, capture.body.as_ref().map(|body| &*body.bytes));
        examination
    }

    /// Adds to an examination what only the captures before it show, and the cause when the
    /// signature is invalid; and counts it. The cause is the first of the findings.
    pub fn finalize(&mut self, examination: &mut Examination, body: Option<&[u8]>) {
        self.totals.count(examination.verdict);
        if let Some(key) = examination.key {
            add_repetition(self.index.add(key), &mut examination.findings);
        }
        let is_explained = |finding: &Finding| finding.id == findings::REQUEST_ID_MALFORMED.id;
        if examination.verdict == SignatureVerdict::Invalid
            && !examination.findings.iter().any(is_explained)
            && let (Some(request_id), Some(signature)) =
                (&examination.request_id, &examination.signature)
        {
            let headers = &examination.other_headers;
            let signed = Signed { request_id, signature, body, headers };
            examination.findings.splice(0..0, self.diagnoser.diagnose(signed));
        }
    }

    /// How the signature of the last capture was made, if that was found.
    pub(super) fn take_recipe(&mut self) -> Option<Recipe> {
        self.diagnoser.take_recipe()
    }

    /// Counts a request that is not PGM's.
    pub fn skip(&mut self, count: u64) {
        self.totals.skipped += count;
    }

    /// What was counted so far.
    pub fn totals(&self) -> Totals {
        Totals { distinct_requests: self.index.distinct(), ..self.totals }
    }

    /// How many captures were the same request again.
    pub fn retries(&self) -> u64 {
        self.index.retries()
    }
}

fn add_repetition(repetition: Repetition, findings: &mut Vec<Finding>) {
    match repetition {
        Repetition::First => {}
        Repetition::Retry(count) => {
            // A retry is late by nature.
            findings.retain(|finding| finding.id != findings::DATE_OLD.id);
            findings.push(Finding::new(&findings::RETRY).with("seen", count.to_string()));
        }
        Repetition::OtherBody => findings.push(Finding::new(&findings::REPLAYED_SIGNATURE)),
        Repetition::OtherSignature => {
            findings.push(Finding::new(&findings::ID_WITH_TWO_SIGNATURES))
        }
    }
}

/// How many signatures of one id are remembered. A file with a million signatures of the same id
/// must not make each search a long one; further ones still count as other signatures.
const MAX_SIGNATURES: usize = 4;

/// How a request relates to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repetition {
    /// Its id was not seen before.
    First,
    /// The same request again. The count says how often it has been seen, this time included.
    Retry(u32),
    /// Id and signature were seen before, with another body.
    OtherBody,
    /// The id was seen before, with another signature.
    OtherSignature,
}

/// Parts of the table of ids. A full table needs memory for itself and for one of twice its size
/// while it grows: only one part grows at a time.
const PARTS: usize = 16;

/// The distinct requests of a run, in the order they came.
#[derive(Debug, Default)]
struct RequestIndex {
    /// What came first with each id, in the part that the id says.
    first: [HashMap<u64, Sent>; PARTS],
    /// What came with the ids that came again, and how often.
    repeated: HashMap<u64, Vec<(Sent, u32)>>,
    retries: u64,
}

impl RequestIndex {
    /// Adds a request, and returns how it relates to those before it.
    fn add(&mut self, RequestKey { id, sent }: RequestKey) -> Repetition {
        let first = match self.first[id as usize % PARTS].entry(id) {
            Entry::Vacant(place) => {
                place.insert(sent);
                return Repetition::First;
            }
            Entry::Occupied(first) => first.into_mut(),
        };
        let seen = self.repeated.entry(id).or_insert_with(|| vec![(*first, 1)]);
        if let Some((known, count)) =
            seen.iter_mut().find(|(known, _)| known.signature == sent.signature)
        {
            known.body = known.body.or(sent.body);
            if sent.signature.is_some() && sent.body.is_some() && sent.body != known.body {
                return Repetition::OtherBody;
            }
            *count = count.saturating_add(1);
            self.retries += 1;
            return Repetition::Retry(*count);
        }
        let signed = seen.iter().any(|(known, _)| known.signature.is_some());
        if seen.len() < MAX_SIGNATURES {
            seen.push((sent, 1));
        }
        if signed && sent.signature.is_some() {
            return Repetition::OtherSignature;
        }
        self.retries += 1;
        Repetition::Retry(2)
    }

    /// How many distinct request ids were added.
    fn distinct(&self) -> u64 {
        self.first.iter().map(HashMap::len).sum::<usize>() as u64
    }

    /// How many of the added requests were the same request again.
    fn retries(&self) -> u64 {
        self.retries
    }
}

#[cfg(test)]
mod tests {
    use super::super::KeySignature;
    use super::*;
    use std::hash::RandomState;

    /// A key, without a signature where that is empty and without a body where that is 0.
    fn keys() -> impl Fn(&str, &str, u64) -> RequestKey {
        let keys = RandomState::new();
        move |id, signature, body| {
            let signature = (!signature.is_empty()).then_some(KeySignature::Other(signature));
            RequestKey::new(&keys, id, signature, (body != 0).then_some(body))
        }
    }

    #[test]
    fn retries_replays_and_other_signatures_are_told_apart() {
        let (mut index, key) = (RequestIndex::default(), keys());
        assert_eq!(index.add(key("a", "01", 1)), Repetition::First);
        assert_eq!(index.add(key("a", "01", 1)), Repetition::Retry(2));
        assert_eq!(index.add(key("a", "01", 0)), Repetition::Retry(3));
        assert_eq!(index.add(key("a", "01", 2)), Repetition::OtherBody);
        assert_eq!(index.add(key("a", "01", 1)), Repetition::Retry(4));
        assert_eq!(index.add(key("a", "02", 1)), Repetition::OtherSignature);
        assert_eq!(index.add(key("a", "02", 1)), Repetition::Retry(2));
        assert_eq!(index.add(key("b", "AB", 0)), Repetition::First);
        assert_eq!(index.add(key("b", "ab", 7)), Repetition::Retry(2));
        assert_eq!(index.add(key("b", "ab", 8)), Repetition::OtherBody);
        assert_eq!((index.distinct(), index.retries()), (2, 5));
    }

    #[test]
    fn a_capture_without_signature_says_nothing_about_signatures() {
        let (mut index, key) = (RequestIndex::default(), keys());
        assert_eq!(index.add(key("a", "", 1)), Repetition::First);
        assert_eq!(index.add(key("a", "", 2)), Repetition::Retry(2));
        assert_eq!(index.add(key("a", "01", 1)), Repetition::Retry(2));
        assert_eq!(index.add(key("a", "", 3)), Repetition::Retry(3));
        assert_eq!(index.distinct(), 1);
    }

    #[test]
    fn a_million_signatures_of_one_id_are_not_remembered() {
        let (mut index, key) = (RequestIndex::default(), keys());
        index.add(key("a", "x", 1));
        for number in 0..1_000_000 {
            // The first few are remembered, and may come again by chance of a short hash.
            assert_ne!(index.add(key("a", &number.to_string(), 1)), Repetition::First);
        }
        assert_eq!(index.distinct(), 1);
        assert_eq!(index.repeated.values().map(Vec::len).sum::<usize>(), MAX_SIGNATURES);
    }
}
