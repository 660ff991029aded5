//! One calculation of the search: a secret, a request id and a formula, compared with every form of
//! the digest; and what a run of them may cost.

mod diagnoser;
mod order;

use std::cell::OnceCell;
use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};

use zeroize::Zeroizing;

use super::digests::{DigestCandidate, Reach};
use super::formula::{FORMULAS, Formula};
use super::inputs::{ID_HYPOTHESES, OtherInputs};
use super::secret_given::GIVEN;
use super::secret_signed::SIGNED;
use super::{Digest, Hash, InputValues, SecretHypothesis, Signed};
use crate::text::lossy;
use crate::verify::{FindingKind, NamedSecret, findings};

pub use diagnoser::Diagnoser;

type Kinds = Vec<&'static FindingKind>;

/// The calculations that may still be made. A text of more than 64 bytes, the block of most hash
/// functions, counts once for each block.
#[derive(Debug)]
struct Budget {
    run: u64,
    capture: u64,
    made: u64,
}

impl Budget {
    /// What one capture may cost.
    const CAPTURE: u64 = 250_000;
    /// What all captures of a run may cost together: less than a second.
    const RUN: u64 = 1_000_000;

    fn new() -> Self {
        Self { run: Self::RUN, capture: 0, made: 0 }
    }

    /// Starts the count for another capture.
    fn next_capture(&mut self) {
        (self.capture, self.made) = (Self::CAPTURE, 0);
    }

    /// How many calculations were made for the capture at hand.
    fn made(&self) -> u64 {
        self.made
    }

    /// Whether nothing is left for the capture at hand.
    fn is_exhausted(&self) -> bool {
        self.capture == 0 || self.run == 0
    }

    /// Whether nothing is left for any capture.
    fn is_run_exhausted(&self) -> bool {
        self.run == 0
    }

    /// Pays for the hash of a text, if enough is left.
    fn pay(&mut self, text: &[u8]) -> Option<()> {
        if self.is_exhausted() {
            return None;
        }
        let blocks = 1 + text.len() as u64 / 64;
        self.run = self.run.saturating_sub(blocks);
        self.capture = self.capture.saturating_sub(blocks);
        self.made += 1;
        Some(())
    }
}

/// An accepted secret with its likely variants, which are made once.
struct AcceptedSecret<'s> {
    name: &'s str,
    secret: &'s [u8],
    /// Whether another capture is valid with it, so that it is the right one as it was given.
    is_proven: bool,
    variants: Vec<SecretVariant>,
}

/// What may have been used in place of a secret.
struct SecretVariant {
    bytes: Zeroizing<Vec<u8>>,
    /// Whether it supposes that the secret was given wrong.
    of_given: bool,
    /// Whether a mistake in the given secret results in the same bytes, and is likelier.
    is_repeated: bool,
    rows: SecretRows,
}

/// The mistakes in a secret, one upon the other.
type SecretRows = [Option<&'static SecretHypothesis>; 2];

impl<'s> AcceptedSecret<'s> {
    fn new(named: &'s NamedSecret) -> Self {
        let secret = named.secret.expose();
        let (keys, mut seen) = (RandomState::new(), HashSet::new());
        let variants =
            variants(GIVEN, secret, true, true).chain(variants(SIGNED, secret, true, false));
        let mut variants: Vec<_> = variants.collect();
        for variant in &mut variants {
            variant.is_repeated = !seen.insert(keys.hash_one(&*variant.bytes));
        }
        variants.retain(|variant| !(variant.of_given && variant.is_repeated));
        Self { name: &named.name, secret, is_proven: false, variants }
    }

    fn likely_variants(&self) -> impl Iterator<Item = &SecretVariant> {
        let is_tried = |variant: &&SecretVariant| match self.is_proven {
            true => !variant.of_given,
            false => !variant.is_repeated,
        };
        self.variants.iter().filter(is_tried)
    }
}

/// The variants of a secret by these rows, either the likely ones or the others.
fn variants(
    rows: &'static [SecretHypothesis],
    secret: &[u8],
    likely: bool,
    of_given: bool,
) -> impl Iterator<Item = SecretVariant> {
    let rows = rows.iter().filter(move |row| row.combines == likely);
    rows.flat_map(move |row| {
        let variant = move |bytes| {
            let (bytes, rows) = (Zeroizing::new(bytes), [Some(row), None]);
            SecretVariant { bytes, of_given, is_repeated: false, rows }
        };
        row.variants(secret).into_iter().map(variant)
    })
}

/// What may have been used in place of the request id.
#[derive(Clone)]
struct IdVariant {
    kinds: &'static [&'static FindingKind],
    /// Its row, and its number in the row.
    place: (usize, usize),
    bytes: Vec<u8>,
}

/// A cause that was found before, to be tried first on the next capture.
#[derive(Clone)]
struct CachedCause {
    /// Which accepted secret.
    accepted: usize,
    secret: Option<Zeroizing<Vec<u8>>>,
    id: Option<(usize, usize)>,
    formula: usize,
    hash: Hash,
    kinds: Kinds,
    rows: SecretRows,
}

impl CachedCause {
    /// Whether it is the same calculation.
    fn is(&self, other: &Self) -> bool {
        let key = |cause: &Self| (cause.accepted, cause.id, cause.formula, cause.hash);
        key(self) == key(other) && self.secret == other.secret
    }
}

/// What fits the signature.
struct Cause<'s> {
    /// Which digest candidate.
    candidate: usize,
    /// The mistakes, without those of the candidate.
    kinds: Kinds,
    is_hmac: bool,
    /// The name of the secret.
    secret_name: Option<&'s str>,
    /// What was used in place of the secret, where it says nothing about the secret.
    word: Option<String>,
    /// What was used in place of the request id.
    signed_id: Option<String>,
    /// The request that the signature belongs to, if it is another one.
    other_request: Option<String>,
    /// How to make such a signature for another request.
    recipe: Recipe,
    /// To try first on the next capture, if it can apply to others.
    cached: Option<CachedCause>,
}

/// The search for the cause of one invalid signature.
struct Search<'a> {
    signed: Signed<'a>,
    /// Most searches end before a formula needs them.
    inputs: OnceCell<OtherInputs<'a>>,
    calculator: Calculator<'a>,
}

/// An accepted secret with its number.
type Accepted<'a, 's> = (usize, &'a AcceptedSecret<'s>);

impl<'a> Search<'a> {
    /// A search whose calculations are paid from `budget`.
    fn new(signed: Signed<'a>, candidates: &'a [DigestCandidate], budget: &'a mut Budget) -> Self {
        let calculator = Calculator { candidates, budget, only: None, text: Vec::new() };
        Self { inputs: OnceCell::new(), signed, calculator }
    }

    /// The cause, if this calculation results in the signature.
    fn test<'s>(
        &mut self,
        reach: Reach,
        (accepted, secret): Accepted<'_, 's>,
        variant: Option<&SecretVariant>,
        id: Option<&IdVariant>,
        number: usize,
    ) -> Option<Cause<'s>> {
        let bytes = variant.map_or(secret.secret, |variant| &variant.bytes);
        let found = self.fits(reach, bytes, id.map(|id| &*id.bytes), number)?;
        let formula = FORMULAS.get(number)?;
        let mut cause = self.cause(found)?;
        let rows = variant.map(|variant| variant.rows).unwrap_or_default();
        cause.recipe.secret = rows;
        cause.recipe.id = id.map(|id| id.place);
        cause.recipe.formula = number;
        let mut kinds: Kinds = rows.iter().flatten().map(|row| row.kind).collect();
        let is_word = kinds.iter().any(|kind| is_word(kind));
        kinds.extend(id.iter().flat_map(|id| id.kinds));
        kinds.extend(formula.kinds);
        kinds.extend(self.wrong_hash(found.0).filter(|_| !formula.is_hmac()));
        let cached = CachedCause {
            accepted,
            secret: variant.map(|variant| variant.bytes.clone()),
            id: id.map(|id| id.place),
            formula: number,
            hash: cause.recipe.hash,
            kinds: kinds.clone(),
            rows,
        };
        Some(Cause {
            kinds,
            is_hmac: formula.is_hmac(),
            secret_name: Some(secret.name),
            word: variant.filter(|_| is_word).map(|variant| lossy(&variant.bytes).into_owned()),
            signed_id: id.map(|id| lossy(&id.bytes).into_owned()),
            cached: Some(cached),
            ..cause
        })
    }

    /// A cause without its mistakes: PGM's formula results in this candidate.
    fn cause<'s>(&self, (candidate, digest): (usize, Digest)) -> Option<Cause<'s>> {
        let hash = self.calculator.candidates.get(candidate)?.hash;
        let recipe =
            Recipe { secret: [None; 2], id: None, formula: 0, hash, digest, other_request: None };
        Some(Cause {
            candidate,
            kinds: Vec::new(),
            is_hmac: false,
            secret_name: None,
            word: None,
            signed_id: None,
            other_request: None,
            recipe,
            cached: None,
        })
    }

    /// The candidate that a calculation results in, if any in this reach, and the digest.
    fn fits(
        &mut self,
        reach: Reach,
        secret: &[u8],
        id: Option<&[u8]>,
        formula: usize,
    ) -> Option<(usize, Digest)> {
        let formula = FORMULAS.get(formula)?;
        let calculator = &mut self.calculator;
        let id = id.unwrap_or(self.signed.request_id.as_bytes());
        if !formula.needs_context() {
            let values = InputValues { id, secret, ..InputValues::default() };
            return calculator.fits(reach, formula, values);
        }
        let inputs = self.inputs.get_or_init(|| OtherInputs::new(&self.signed));
        let mut values = inputs.values(formula, id, secret);
        values.find_map(|values| calculator.fits(reach, formula, values))
    }

    fn wrong_hash(&self, candidate: usize) -> Option<&'static FindingKind> {
        let hash = self.calculator.candidates.get(candidate)?.hash;
        (hash != Hash::Md5).then_some(&findings::WRONG_HASH)
    }
}

/// Makes the calculations, and compares them with the candidates.
struct Calculator<'a> {
    candidates: &'a [DigestCandidate],
    budget: &'a mut Budget,
    /// The only hash function to try, if not those of all candidates.
    only: Option<Hash>,
    /// The text to hash.
    text: Vec<u8>,
}

impl<'a> Calculator<'a> {
    /// The candidate that a formula results in, if any in this reach, and the digest.
    fn fits(
        &mut self,
        reach: Reach,
        formula: &Formula,
        values: InputValues<'_>,
    ) -> Option<(usize, Digest)> {
        if self.only.is_none() && self.budget.is_exhausted() {
            return None;
        }
        formula.write_text(values, &mut self.text)?;
        let mut hashed = None;
        self.candidates.iter().enumerate().find_map(|(number, candidate)| {
            let hash = candidate.hash;
            if candidate.reach < reach || self.only.is_some_and(|only| only != hash) {
                return None;
            }
            // Candidates of the same function mostly follow each other.
            let digest = match hashed {
                Some((known, digest)) if known == hash => digest,
                _ => {
                    // What was found before is tried whatever it costs: it is little.
                    match self.only {
                        Some(_) => self.budget.made += 1,
                        None => self.budget.pay(&self.text)?,
                    }
                    formula.digest(hash, values, &self.text)?
                }
            };
            hashed = Some((hash, digest));
            candidate.matches(&digest).then_some((number, digest))
        })
    }

    /// The candidates for MD5 that are tried with everything, with their numbers.
    fn md5_candidates(&self) -> Vec<(usize, &'a DigestCandidate)> {
        let is_md5 = |candidate: &DigestCandidate| {
            candidate.hash == Hash::Md5 && candidate.reach == Reach::Full
        };
        let candidates = self.candidates.iter().enumerate();
        candidates.filter(|(_, candidate)| is_md5(candidate)).collect()
    }

    /// Whether no other function than MD5 is tried with everything.
    fn is_md5(&self) -> bool {
        let mut candidates = self.candidates.iter();
        candidates.all(|candidate| candidate.hash == Hash::Md5 || candidate.reach < Reach::Full)
    }
}

/// Whether the variants of this kind are words of pgwh's own, which tell nothing of the secret.
fn is_word(kind: &FindingKind) -> bool {
    let words = [&findings::SIGNED_WITHOUT_SECRET, &findings::SIGNED_WITH_PLACEHOLDER];
    words.iter().any(|known| known.id == kind.id)
}

const MAX_IDS: usize = 512;
/// A longer id, in bytes, is not kept.
const MAX_ID: usize = 256;

/// The ids of the latest requests, the latest first.
#[derive(Default)]
struct RecentIds(VecDeque<RecentId>);

struct RecentId {
    id: String,
    /// Its signature with each accepted secret, made when it is needed first.
    digests: Vec<Digest>,
}

impl RecentIds {
    /// Adds an id in place of the oldest.
    fn add(&mut self, id: &str) {
        if id.len() > MAX_ID {
            return;
        }
        let oldest = if self.0.len() == MAX_IDS { self.0.pop_back() } else { None };
        let mut recent = oldest.unwrap_or(RecentId { id: String::new(), digests: Vec::new() });
        id.clone_into(&mut recent.id);
        recent.digests.clear();
        self.0.push_front(recent);
    }

    /// How many other requests they belong to.
    fn others(&self, own: &str) -> usize {
        let ids = self.0.iter().map(|recent| recent.id.as_str());
        ids.filter(|id| *id != own).collect::<HashSet<_>>().len()
    }
}

impl RecentId {
    /// Its signature with the accepted secret of this number.
    fn digest(
        &mut self,
        number: usize,
        secret: &AcceptedSecret<'_>,
        budget: &mut Budget,
    ) -> Option<Digest> {
        if self.digests.get(number).is_none() {
            (!budget.is_exhausted()).then_some(())?;
            let text = [self.id.as_bytes(), b":", secret.secret].concat();
            budget.pay(&text)?;
            self.digests.push(Hash::Md5.digest(&text));
        }
        self.digests.get(number).copied()
    }
}

/// How a signature was made, to make one in the same way for another request.
#[derive(Debug)]
pub struct Recipe {
    secret: SecretRows,
    /// A row of the table of ids, and a variant of it.
    id: Option<(usize, usize)>,
    formula: usize,
    hash: Hash,
    /// The digest that the signature stands for.
    pub digest: Digest,
    /// The id of the request that was signed, if it is another one.
    pub other_request: Option<String>,
}

impl Recipe {
    /// The digests that result for a request with this secret: one for each variant of the same
    /// mistakes. `other` is the id of the other request that is signed.
    pub fn digests(&self, signed: Signed<'_>, secret: &[u8], other: Option<&str>) -> Vec<Digest> {
        const MAX_SECRETS: usize = 1024;
        let mut secrets = vec![secret.to_vec()];
        for row in self.secret.iter().flatten() {
            secrets = secrets.iter().flat_map(|secret| row.variants(secret)).collect();
            secrets.truncate(MAX_SECRETS);
        }
        let variant = self.id.and_then(|(row, number)| {
            ID_HYPOTHESES.get(row)?.variants(&signed).into_iter().nth(number)
        });
        let id = other.map(|id| id.as_bytes().to_vec()).or(variant);
        let id = id.unwrap_or_else(|| signed.request_id.as_bytes().to_vec());
        let inputs = OtherInputs::new(&signed);
        let Some(formula) = FORMULAS.get(self.formula) else { return Vec::new() };
        let mut text = Vec::new();
        let values = secrets.iter().flat_map(|secret| inputs.values(formula, &id, secret));
        let digest = |values| {
            formula.write_text(values, &mut text)?;
            formula.digest(self.hash, values, &text)
        };
        values.filter_map(digest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_come_first_and_the_oldest_go() {
        let mut recent = RecentIds::default();
        for number in 0..600 {
            recent.add(&number.to_string());
        }
        let ids: Vec<_> = recent.0.iter().map(|recent| &*recent.id).collect();
        assert_eq!((ids.len(), ids[0], ids[511]), (512, "599", "88"));
    }

    #[test]
    fn each_other_request_counts_once() {
        let mut recent = RecentIds::default();
        ["a", "b", "b", "a"].iter().for_each(|id| recent.add(id));
        assert_eq!((recent.others("a"), recent.others("c")), (1, 2));
    }
}
