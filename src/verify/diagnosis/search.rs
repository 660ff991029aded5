//! The search through all tables: secrets × request ids × formulas × forms of the digest.

use super::Signed;
use super::context::SearchContext;
use super::digest_candidates::{DigestCandidate, Reach};
use super::formula::{FORMULAS, Formula, Input, InputValues};
use super::hash::Hash;
use super::id_hypothesis::ID_HYPOTHESES;
use super::secret_given::SecretHypothesis;
use crate::verify::examine::NamedSecret;
use crate::verify::{FindingKind, findings};
use std::collections::{HashSet, VecDeque};
use zeroize::Zeroizing;

type Kinds = Vec<&'static FindingKind>;

/// An accepted secret with its likely variants, which are made once.
pub(super) struct AcceptedSecret<'s> {
    pub name: &'s str,
    pub secret: &'s [u8],
    variants: Vec<SecretVariant>,
}

/// What may have been used in place of a secret.
#[derive(Clone)]
struct SecretVariant {
    kinds: Kinds,
    bytes: Zeroizing<Vec<u8>>,
}

impl<'s> AcceptedSecret<'s> {
    pub fn new(named: &'s NamedSecret) -> Self {
        let secret = named.secret.expose();
        Self { name: &named.name, secret, variants: secret_variants(secret, true).collect() }
    }
}

fn secret_variants(secret: &[u8], likely: bool) -> impl Iterator<Item = SecretVariant> {
    let rows = SecretHypothesis::all().filter(move |row| row.combines == likely);
    rows.flat_map(move |row| {
        let variants = row.variants(secret).into_iter();
        variants.map(|bytes| SecretVariant { kinds: vec![row.kind], bytes: Zeroizing::new(bytes) })
    })
}

/// What may have been used in place of the request id.
struct IdVariant {
    kinds: &'static [&'static FindingKind],
    /// Its row, and its number in the row.
    place: (usize, usize),
    bytes: Vec<u8>,
}

fn id_variants(signed: &Signed<'_>, likely: bool) -> Vec<IdVariant> {
    let rows = ID_HYPOTHESES.iter().enumerate().filter(|(_, row)| row.combines == likely);
    let variants = rows.flat_map(|(number, row)| {
        let variants = row.variants(signed).into_iter().enumerate();
        variants.map(move |(at, bytes)| IdVariant { kinds: row.kinds, place: (number, at), bytes })
    });
    variants.collect()
}

/// A cause that was found before, to be tried first on the next capture.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct CachedCause {
    /// Which accepted secret.
    accepted: usize,
    secret: Option<Zeroizing<Vec<u8>>>,
    id: Option<(usize, usize)>,
    formula: usize,
    kind_ids: Vec<&'static str>,
}

/// What fits the signature.
pub(super) struct Cause<'s> {
    /// Which digest candidate.
    pub candidate: usize,
    /// The mistakes, without those of the candidate.
    pub kinds: Kinds,
    pub is_hmac: bool,
    /// The name of the secret.
    pub secret_name: Option<&'s str>,
    /// What was used in place of the secret, where it says nothing about the secret.
    pub word: Option<String>,
    /// What was used in place of the request id.
    pub signed_id: Option<String>,
    /// The request that the signature belongs to, if it is another one.
    pub other_request: Option<String>,
    /// To try first on the next capture, if it can apply to others.
    pub cached: Option<CachedCause>,
}

/// The search for the cause of one invalid signature.
pub(super) struct Search<'a> {
    signed: Signed<'a>,
    context: SearchContext<'a>,
    candidates: &'a [DigestCandidate],
    work: &'a mut u64,
    tried: u64,
}

impl<'a> Search<'a> {
    /// A search that takes its calculations from `work`, in bytes to hash.
    pub fn new(signed: Signed<'a>, candidates: &'a [DigestCandidate], work: &'a mut u64) -> Self {
        Self { context: SearchContext::new(&signed), signed, candidates, work, tried: 0 }
    }

    /// How many calculations were made.
    pub fn tried(&self) -> u64 {
        self.tried
    }

    /// Whether no work is left.
    pub fn is_exhausted(&self) -> bool {
        *self.work == 0
    }

    /// PGM's own formula with the accepted secrets.
    pub fn documented<'s>(&mut self, accepted: &[AcceptedSecret<'s>]) -> Option<Cause<'s>> {
        self.one_of(accepted, |search, secret| {
            search.fits(Reach::Documented, secret.secret, None, 0).map(|it| (it, None, None, 0))
        })
    }

    /// The causes that were found before.
    pub fn cached<'s>(
        &mut self,
        accepted: &[AcceptedSecret<'s>],
        cache: &[CachedCause],
    ) -> Option<Cause<'s>> {
        cache.iter().find_map(|cached| {
            let secret = accepted.get(cached.accepted)?;
            let bytes = cached.secret.as_ref().map_or(secret.secret, |bytes| bytes);
            let id = match cached.id {
                Some((row, number)) => {
                    Some(ID_HYPOTHESES.get(row)?.variants(&self.signed).into_iter().nth(number)?)
                }
                None => None,
            };
            let candidate = self.fits(Reach::Documented, bytes, id.as_deref(), cached.formula)?;
            let find = |id: &&'static str| FindingKind::find(id);
            let kinds: Kinds = cached.kind_ids.iter().filter_map(find).collect();
            let variant = cached.secret.clone();
            let variant = variant.map(|bytes| SecretVariant { kinds: Vec::new(), bytes });
            let id = id.zip(cached.id);
            let id = id.map(|(bytes, place)| IdVariant { kinds: &[], place, bytes });
            let found = (candidate, variant, id, cached.formula);
            let mut cause = self.cause(cached.accepted, secret, found);
            cause.kinds = kinds;
            cause.cached = Some(cached.clone());
            Some(cause)
        })
    }

    /// Everything, the cheap and likely first.
    pub fn all<'s>(
        &mut self,
        accepted: &[AcceptedSecret<'s>],
        known: &'s [NamedSecret],
        recent_ids: &RecentIds,
    ) -> Option<Cause<'s>> {
        self.documented(accepted)
            .or_else(|| self.other_secret(known))
            .or_else(|| self.one_mistake(accepted, true))
            .or_else(|| self.other_request(accepted, recent_ids))
            .or_else(|| self.one_mistake(accepted, false))
            .or_else(|| self.two_mistakes(accepted))
            .or_else(|| self.two_mistakes_in_the_secret(accepted))
    }

    /// The secret of another webhook.
    fn other_secret<'s>(&mut self, known: &'s [NamedSecret]) -> Option<Cause<'s>> {
        known.iter().find_map(|named| {
            let candidate = self.fits(Reach::Documented, named.secret.expose(), None, 0)?;
            let mut kinds = vec![&findings::OTHER_SECRET];
            kinds.extend(self.wrong_hash(candidate));
            Some(Cause { kinds, secret_name: Some(&named.name), ..Cause::new(candidate) })
        })
    }

    /// The id of another request.
    fn other_request<'s>(
        &mut self,
        accepted: &[AcceptedSecret<'s>],
        recent_ids: &RecentIds,
    ) -> Option<Cause<'s>> {
        accepted.iter().find_map(|secret| {
            let others = recent_ids.latest().filter(|id| *id != self.signed.request_id);
            others.collect::<Vec<_>>().into_iter().find_map(|id| {
                let candidate = self.fits(Reach::Full, secret.secret, Some(id.as_bytes()), 0)?;
                Some(Cause {
                    kinds: vec![&findings::SIGNATURE_OF_ANOTHER_REQUEST],
                    secret_name: Some(secret.name),
                    other_request: Some(id.to_owned()),
                    ..Cause::new(candidate)
                })
            })
        })
    }

    /// One mistake: in the secret, the id or the formula.
    fn one_mistake<'s>(
        &mut self,
        accepted: &[AcceptedSecret<'s>],
        likely: bool,
    ) -> Option<Cause<'s>> {
        let ids = id_variants(&self.signed, likely);
        self.one_of(accepted, |search, secret| {
            let reach = Reach::OneMistake;
            let in_formula = FORMULAS.iter().enumerate().skip(1).find_map(|(number, formula)| {
                let wanted = formula.combines == likely;
                let candidate =
                    wanted.then(|| search.fits(reach, secret.secret, None, number))??;
                Some((candidate, None, None, number))
            });
            let in_id = |search: &mut Self, id: &IdVariant| {
                let candidate = search.fits(reach, secret.secret, Some(&id.bytes), 0)?;
                Some((candidate, None, Some(id.clone()), 0))
            };
            let in_secret = |search: &mut Self, variant: &SecretVariant| {
                let candidate = search.fits(reach, &variant.bytes, None, 0)?;
                Some((candidate, Some(variant.clone()), None, 0))
            };
            in_formula.or_else(|| ids.iter().find_map(|id| in_id(search, id))).or_else(|| {
                match likely {
                    true => secret.variants.iter().find_map(|it| in_secret(search, it)),
                    false => {
                        secret_variants(secret.secret, false).find_map(|it| in_secret(search, &it))
                    }
                }
            })
        })
    }

    /// Two likely mistakes: in the secret and the id, in the secret and the formula, or in the id
    /// and the formula.
    fn two_mistakes<'s>(&mut self, accepted: &[AcceptedSecret<'s>]) -> Option<Cause<'s>> {
        let ids = id_variants(&self.signed, true);
        let formulas: Vec<_> =
            FORMULAS.iter().enumerate().skip(1).filter(|(_, formula)| formula.combines).collect();
        let with_secret = || formulas.iter().filter(|(_, formula)| formula.uses(Input::Secret));
        self.one_of(accepted, |search, secret| {
            for variant in &secret.variants {
                for id in &ids {
                    if let Some(candidate) =
                        search.fits(Reach::Full, &variant.bytes, Some(&id.bytes), 0)
                    {
                        return Some((candidate, Some(variant.clone()), Some(id.clone()), 0));
                    }
                }
                for (number, _) in with_secret() {
                    if let Some(candidate) = search.fits(Reach::Full, &variant.bytes, None, *number)
                    {
                        return Some((candidate, Some(variant.clone()), None, *number));
                    }
                }
            }
            ids.iter().find_map(|id| {
                let mut formulas = formulas.iter().filter(|(_, formula)| formula.uses(Input::Id));
                formulas.find_map(|(number, _)| {
                    let candidate =
                        search.fits(Reach::Full, secret.secret, Some(&id.bytes), *number)?;
                    Some((candidate, None, Some(id.clone()), *number))
                })
            })
        })
    }

    /// Two likely mistakes in the secret, one upon the other.
    fn two_mistakes_in_the_secret<'s>(
        &mut self,
        accepted: &[AcceptedSecret<'s>],
    ) -> Option<Cause<'s>> {
        self.one_of(accepted, |search, secret| {
            secret.variants.iter().find_map(|first| {
                secret_variants(&first.bytes, true).find_map(|second| {
                    let candidate = search.fits(Reach::Full, &second.bytes, None, 0)?;
                    let kinds = first.kinds.iter().chain(&second.kinds).copied().collect();
                    let variant = SecretVariant { kinds, bytes: second.bytes };
                    Some((candidate, Some(variant), None, 0))
                })
            })
        })
    }

    /// The first accepted secret for which `find` returns a cause.
    fn one_of<'s>(
        &mut self,
        accepted: &[AcceptedSecret<'s>],
        mut find: impl FnMut(&mut Self, &AcceptedSecret<'s>) -> Option<Match>,
    ) -> Option<Cause<'s>> {
        accepted.iter().enumerate().find_map(|(number, secret)| {
            let found = find(self, secret)?;
            Some(self.cause(number, secret, found))
        })
    }

    /// The candidate that a calculation results in, if any in this reach.
    fn fits(
        &mut self,
        reach: Reach,
        secret: &[u8],
        id: Option<&[u8]>,
        formula: usize,
    ) -> Option<usize> {
        let formula = FORMULAS.get(formula)?;
        let context = std::mem::take(&mut self.context);
        let found = self.fits_in(&context, reach, secret, id, formula);
        self.context = context;
        found
    }

    fn fits_in(
        &mut self,
        context: &SearchContext<'a>,
        reach: Reach,
        secret: &[u8],
        id: Option<&[u8]>,
        formula: &Formula,
    ) -> Option<usize> {
        let values = InputValues {
            id: id.unwrap_or(self.signed.request_id.as_bytes()),
            secret,
            body: context.body,
            event: context.event.as_deref(),
            ..InputValues::default()
        };
        if formula.uses(Input::RewrittenBody) {
            let mut bodies = context.rewritten_bodies.iter();
            bodies.find_map(|body| {
                self.calculate(reach, formula, InputValues { rewritten_body: Some(body), ..values })
            })
        } else if formula.uses(Input::Time) {
            let mut times = context.times.iter();
            times.find_map(|time| {
                self.calculate(reach, formula, InputValues { time: Some(time), ..values })
            })
        } else {
            self.calculate(reach, formula, values)
        }
    }

    fn calculate(
        &mut self,
        reach: Reach,
        formula: &Formula,
        values: InputValues<'_>,
    ) -> Option<usize> {
        let candidates = self.candidates;
        let in_reach = |candidate: &&DigestCandidate| candidate.reach >= reach;
        let mut calculated: Vec<(Hash, Option<Vec<u8>>)> = Vec::new();
        for candidate in candidates.iter().filter(in_reach) {
            if calculated.iter().any(|(hash, _)| *hash == candidate.hash) {
                continue;
            }
            if self.is_exhausted() {
                return None;
            }
            let digest = formula.digest(candidate.hash, values);
            if digest.is_some() {
                self.tried += 1;
                *self.work = self.work.saturating_sub(formula.work(values));
            }
            calculated.push((candidate.hash, digest));
        }
        candidates.iter().position(|candidate| {
            let digest = calculated.iter().find(|(hash, _)| *hash == candidate.hash);
            let digest = digest.and_then(|(_, digest)| digest.as_ref());
            candidate.reach >= reach && digest.is_some_and(|digest| candidate.matches(digest))
        })
    }

    fn cause<'s>(&self, accepted: usize, secret: &AcceptedSecret<'s>, found: Match) -> Cause<'s> {
        let (candidate, variant, id, number) = found;
        let formula = FORMULAS.get(number);
        let is_hmac = formula.is_some_and(Formula::is_hmac);
        let mut kinds = variant.as_ref().map(|variant| variant.kinds.clone()).unwrap_or_default();
        let word = kinds.iter().any(|kind| is_word(kind));
        let word = variant.as_ref().filter(|_| word).map(|variant| lossy(&variant.bytes));
        kinds.extend(id.iter().flat_map(|id| id.kinds));
        kinds.extend(formula.into_iter().flat_map(|formula| formula.kinds.iter().copied()));
        kinds.extend(self.wrong_hash(candidate).filter(|_| !is_hmac));
        let cached = CachedCause {
            accepted,
            secret: variant.map(|variant| variant.bytes),
            id: id.as_ref().map(|id| id.place),
            formula: number,
            kind_ids: kinds.iter().map(|kind| kind.id).collect(),
        };
        Cause {
            kinds,
            is_hmac,
            secret_name: Some(secret.name),
            word,
            signed_id: id.map(|id| lossy(&id.bytes)),
            cached: Some(cached),
            ..Cause::new(candidate)
        }
    }

    fn wrong_hash(&self, candidate: usize) -> Option<&'static FindingKind> {
        let hash = self.candidates.get(candidate)?.hash;
        (hash != Hash::Md5).then_some(&findings::WRONG_HASH)
    }
}

/// Candidate, secret, id and formula of a calculation that fits.
type Match = (usize, Option<SecretVariant>, Option<IdVariant>, usize);

impl Cause<'_> {
    fn new(candidate: usize) -> Self {
        Self {
            candidate,
            kinds: Vec::new(),
            is_hmac: false,
            secret_name: None,
            word: None,
            signed_id: None,
            other_request: None,
            cached: None,
        }
    }
}

impl Clone for IdVariant {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), ..*self }
    }
}

/// Whether the variants of this kind are words of pgwh's own, which tell nothing of the secret.
fn is_word(kind: &FindingKind) -> bool {
    let words = [&findings::SIGNED_WITHOUT_SECRET, &findings::SIGNED_WITH_PLACEHOLDER];
    words.iter().any(|known| known.id == kind.id)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const MAX_IDS: usize = 512;
/// A longer id, in bytes, is not kept.
const MAX_ID: usize = 256;

/// The latest ids.
#[derive(Default)]
pub(super) struct RecentIds(VecDeque<String>);

impl RecentIds {
    /// Adds an id in place of the oldest.
    pub fn add(&mut self, id: &str) {
        if id.len() > MAX_ID {
            return;
        }
        let mut oldest = match self.0.len() {
            MAX_IDS => self.0.pop_back().unwrap_or_default(),
            _ => String::new(),
        };
        id.clone_into(&mut oldest);
        self.0.push_front(oldest);
    }

    /// The ids, the latest first.
    pub fn latest(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// How many other requests they belong to.
    pub fn others(&self, own: &str) -> usize {
        self.0.iter().filter(|id| *id != own).collect::<HashSet<_>>().len()
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
        let ids: Vec<_> = recent.latest().collect();
        assert_eq!((ids.len(), ids[0], ids[511]), (512, "599", "88"));
    }

    #[test]
    fn each_other_request_counts_once() {
        let mut recent = RecentIds::default();
        ["a", "b", "b", "a"].iter().for_each(|id| recent.add(id));
        assert_eq!((recent.others("a"), recent.others("c")), (1, 2));
    }
}
