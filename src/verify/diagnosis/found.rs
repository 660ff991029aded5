//! What a search finds.

use super::spellings::Place;
use crate::verify::{FindingKind, findings};

/// How a mistake is made, so that it can be tried on the next capture at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recipe {
    /// Which accepted secret.
    pub secret: usize,
    /// How it is spelt, and how that spelling is spelt anew.
    pub first: Option<Place>,
    pub second: Option<Place>,
    pub id: Option<Place>,
    pub formula: usize,
}

/// What fits.
pub(super) struct Found<'s> {
    /// Which reading of the signature.
    pub reading: usize,
    /// What to say about it, without what the reading has to say.
    pub kinds: Vec<&'static FindingKind>,
    /// Whether the formula is an HMAC.
    pub hmac: bool,
    /// The name of the secret.
    pub secret: Option<&'s str>,
    /// The request that the signature belongs to, if it is another one.
    pub neighbour: Option<String>,
    /// To be remembered, if it is of use for other captures.
    pub recipe: Option<Recipe>,
}

impl Found<'_> {
    /// Whether this kind's sentence should name the hash function.
    pub fn names_hash(&self, kind: &'static FindingKind) -> bool {
        let hash = [&findings::WRONG_HASH, &findings::HMAC_OVER_ID, &findings::HMAC_OVER_BODY];
        hash.iter().any(|known| known.id == kind.id)
    }
}
