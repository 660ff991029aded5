//! The distinct requests of a run: which captures are the same request again.
//!
//! A request that came once costs some 20 to 40 bytes. All hashes are keyed anew for each run, so
//! a hostile file can neither crowd one place of the table nor make two bodies look the same.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;

/// How many signatures of one id are remembered. A file with a million signatures of the same id
/// must not make each search a long one; further ones still count as other signatures.
const MAX_SIGNATURES: usize = 4;

/// What a request is known by: hashes of its id, signature and body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestKey {
    id: u64,
    sent: Sent,
}

/// What came with an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sent {
    signature: Option<NonZeroU32>,
    body: Option<NonZeroU32>,
}

/// The signature that came with an id.
#[derive(Debug, Clone, Copy)]
pub enum KeySignature<'a> {
    /// The one that the accepted secret of this number gives.
    Valid(usize),
    /// Any other text.
    Other(&'a str),
}

impl RequestKey {
    /// `body` is a hash already: that of its value, or of its bytes when it is not JSON.
    pub(super) fn new(
        keys: &RandomState,
        id: &str,
        signature: Option<KeySignature<'_>>,
        body: Option<u64>,
    ) -> Self {
        let signature = signature.map(|signature| match signature {
            KeySignature::Valid(secret) => secret as u64 + 1,
            // Hex of either case is the same signature.
            KeySignature::Other(text) => keys.hash_one(text.to_ascii_lowercase()),
        });
        let short = |hash: u64| NonZeroU32::new((hash as u32).max(1));
        let sent = Sent { signature: signature.and_then(short), body: body.and_then(short) };
        Self { id: keys.hash_one(id), sent }
    }
}

/// How a request relates to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repetition {
    /// Its id was not seen before.
    First,
    /// The same request again. The count says how often it has been seen, this time included.
    Retry(u32),
    /// Id and signature were seen before, with another body.
    OtherBody,
    /// The id was seen before, with another signature.
    OtherSignature,
}

/// The distinct requests of a run, in the order they came.
#[derive(Debug, Default)]
pub struct RequestIndex {
    /// What came first with each id.
    first: HashMap<u64, Sent>,
    /// What came with the ids that came again, and how often.
    repeated: HashMap<u64, Vec<(Sent, u32)>>,
    retries: u64,
}

impl RequestIndex {
    /// Adds a request, and returns how it relates to those before it.
    pub fn add(&mut self, RequestKey { id, sent }: RequestKey) -> Repetition {
        let Some(first) = self.first.get(&id) else {
            self.first.insert(id, sent);
            return Repetition::First;
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
    pub fn distinct(&self) -> u64 {
        self.first.len() as u64
    }

    /// How many of the added requests were the same request again.
    pub fn retries(&self) -> u64 {
        self.retries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
