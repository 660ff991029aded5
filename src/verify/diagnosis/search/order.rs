//! The order of the search: the cheap and likely calculations first, single mistakes, then pairs.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use memchr::memmem;

use super::super::Input;
use super::super::Signed;
use super::super::digests::Reach;
use super::super::formula::{FORMULAS, Formula};
use super::super::inputs::ID_HYPOTHESES;
use super::super::secret_given::GIVEN;
use super::super::secret_signed::SIGNED;
use super::{
    Accepted, AcceptedSecret, CachedCause, Cause, IdVariant, RecentIds, Search, SecretVariant,
    variants,
};
use crate::verify::{NamedSecret, findings};

/// A longer body, in bytes, is not part of a second mistake.
const MAX_PAIRED: usize = 4 << 10;

/// How many formulas are tried together with the rarer mistakes in the id: the first one has no
/// colon.
const MAX_FORMULAS_OF_RARE_IDS: usize = 1;

/// How many ways to remove what is around a secret are tried together with a rarer mistake.
const MAX_ENDS: usize = 2;

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effort {
    /// PGM's formula with the other secrets that are known and the ids of other requests.
    Known,
    /// Also each likely mistake alone.
    Short,
    /// Every mistake, and the likely ones in pairs.
    Full,
}

fn id_variants(signed: &Signed<'_>, likely: bool) -> Vec<IdVariant> {
    let rows = ID_HYPOTHESES.iter().enumerate().filter(|(_, row)| row.combines == likely);
    let variants = rows.flat_map(|(number, row)| {
        let variants = row.variants(signed).into_iter().enumerate();
        variants.map(move |(at, bytes)| IdVariant { kinds: row.kinds, place: (number, at), bytes })
    });
    variants.collect()
}

impl Search<'_> {
    /// PGM's own formula with the accepted secrets.
    pub(super) fn documented<'s>(&mut self, accepted: &[AcceptedSecret<'s>]) -> Option<Cause<'s>> {
        let mut accepted = accepted.iter().enumerate();
        accepted.find_map(|secret| self.test(Reach::Documented, secret, None, None, 0))
    }

    /// The causes that were found before.
    pub(super) fn cached<'s>(
        &mut self,
        accepted: &[AcceptedSecret<'s>],
        cache: &[CachedCause],
    ) -> Option<Cause<'s>> {
        let found = cache.iter().find_map(|cached| {
            let secret = (cached.accepted, accepted.get(cached.accepted)?);
            let variant = cached.secret.clone();
            let variant = variant.map(|bytes| SecretVariant {
                bytes,
                of_given: false,
                is_repeated: false,
                rows: cached.rows,
            });
            let id = match cached.id {
                Some((row, number)) => {
                    let bytes = ID_HYPOTHESES.get(row)?.variants(&self.signed);
                    let bytes = bytes.into_iter().nth(number)?;
                    Some(IdVariant { kinds: &[], place: (row, number), bytes })
                }
                None => None,
            };
            self.calculator.only = Some(cached.hash);
            let reach = Reach::Documented;
            let found = self.test(reach, secret, variant.as_ref(), id.as_ref(), cached.formula)?;
            Some(Cause { kinds: cached.kinds.clone(), cached: Some(cached.clone()), ..found })
        });
        self.calculator.only = None;
        found
    }

    /// Everything within this effort, the cheap and likely first.
    pub(super) fn run<'s>(
        &mut self,
        effort: Effort,
        accepted: &[AcceptedSecret<'s>],
        known: &'s [NamedSecret],
        recent_ids: &mut RecentIds,
    ) -> Option<Cause<'s>> {
        if let Some(known) = self.documented(accepted).or_else(|| self.other_secret(known)) {
            return Some(known);
        }
        let secrets = || accepted.iter().enumerate();
        let ids = match effort {
            Effort::Known => Vec::new(),
            Effort::Short | Effort::Full => id_variants(&self.signed, true),
        };
        let reach = if effort == Effort::Full { Reach::OneMistake } else { Reach::Full };
        let short = |search: &mut Self| {
            secrets().find_map(|secret| search.one_likely_mistake(reach, secret, &ids))
        };
        let full = |search: &mut Self| {
            let others = id_variants(&search.signed, false);
            secrets()
                .find_map(|secret| search.one_unlikely_mistake(secret, &others))
                .or_else(|| secrets().find_map(|it| search.two_mistakes(it, &ids, &others)))
                .or_else(|| secrets().find_map(|it| search.two_mistakes_in_the_secret(it)))
                .or_else(|| secrets().find_map(|it| search.mistakes_within_the_ends(it)))
        };
        let short = if effort >= Effort::Short { short(self) } else { None };
        short
            .or_else(|| self.other_request(effort, accepted, recent_ids))
            .or_else(|| if effort >= Effort::Full { full(self) } else { None })
    }

    /// The secret of another webhook.
    fn other_secret<'s>(&mut self, known: &'s [NamedSecret]) -> Option<Cause<'s>> {
        known.iter().find_map(|named| {
            let found = self.fits(Reach::Documented, named.secret.expose(), None, 0)?;
            let mut kinds = vec![&findings::OTHER_SECRET];
            kinds.extend(self.wrong_hash(found.0));
            Some(Cause { kinds, secret_name: Some(&named.name), ..self.cause(found)? })
        })
    }

    /// The id of another request.
    fn other_request<'s>(
        &mut self,
        effort: Effort,
        accepted: &[AcceptedSecret<'s>],
        recent_ids: &mut RecentIds,
    ) -> Option<Cause<'s>> {
        let is_md5 = self.calculator.is_md5();
        let candidates = self.calculator.md5_candidates();
        accepted.iter().enumerate().find_map(|(number, secret)| {
            // The own id is among them, and cannot be found: it was tried first.
            recent_ids.0.iter_mut().find_map(|recent| {
                let digest = recent.digest(number, secret, self.calculator.budget)?;
                let found = candidates.iter().find(|(_, candidate)| candidate.matches(&digest));
                let found = match found {
                    Some((candidate, _)) => (*candidate, digest),
                    None if effort == Effort::Known || is_md5 => return None,
                    None => self.fits(Reach::Full, secret.secret, Some(recent.id.as_bytes()), 0)?,
                };
                let mut cause = self.cause(found)?;
                cause.recipe.other_request = Some(recent.id.clone());
                Some(Cause {
                    kinds: vec![&findings::SIGNATURE_OF_ANOTHER_REQUEST],
                    secret_name: Some(secret.name),
                    other_request: Some(recent.id.clone()),
                    ..cause
                })
            })
        })
    }

    /// One likely mistake: in the formula, the id or the secret.
    fn one_likely_mistake<'s>(
        &mut self,
        reach: Reach,
        secret: Accepted<'_, 's>,
        ids: &[IdVariant],
    ) -> Option<Cause<'s>> {
        self.one_mistake(reach, secret, true, ids).or_else(|| {
            let mut variants = secret.1.likely_variants();
            variants.find_map(|it| self.test(reach, secret, Some(it), None, 0))
        })
    }

    /// One mistake that is rare. Those in the secret have many thousand variants, so only the usual
    /// hash functions are tried with them.
    fn one_unlikely_mistake<'s>(
        &mut self,
        secret: Accepted<'_, 's>,
        ids: &[IdVariant],
    ) -> Option<Cause<'s>> {
        self.one_mistake(Reach::Full, secret, false, ids).or_else(|| {
            let given: &[_] = if secret.1.is_proven { &[] } else { GIVEN };
            let bytes = secret.1.secret;
            for it in
                variants(given, bytes, false, true).chain(variants(SIGNED, bytes, false, false))
            {
                let found = self.test(Reach::Full, secret, Some(&it), None, 0);
                // Making the variants of a long secret costs more than their hashes.
                if found.is_some() || self.calculator.budget.is_exhausted() {
                    return found;
                }
            }
            None
        })
    }

    fn one_mistake<'s>(
        &mut self,
        reach: Reach,
        secret: Accepted<'_, 's>,
        likely: bool,
        ids: &[IdVariant],
    ) -> Option<Cause<'s>> {
        let formulas = FORMULAS.iter().enumerate().skip(1);
        let mut formulas = formulas.filter(|(_, formula)| formula.is_likely == likely);
        let in_formula = formulas.find_map(|(it, formula)| {
            // The fixed texts are too many for all hash functions, as are the ids.
            let is_wide = !likely && !formula.is_constant();
            let reach = if is_wide { Reach::OneMistake } else { reach };
            self.test(reach, secret, None, None, it)
        });
        in_formula.or_else(|| ids.iter().find_map(|id| self.test(reach, secret, None, Some(id), 0)))
    }

    /// Two likely mistakes: in the secret and the id, in the secret and the formula, or in the id
    /// and the formula.
    fn two_mistakes<'s>(
        &mut self,
        secret: Accepted<'_, 's>,
        ids: &[IdVariant],
        other_ids: &[IdVariant],
    ) -> Option<Cause<'s>> {
        let formulas = || {
            let formulas = FORMULAS.iter().enumerate().skip(1);
            let short = self.signed.body.is_none_or(|body| body.len() <= MAX_PAIRED);
            let is_cheap = move |formula: &Formula| short || !formula.uses(Input::Body);
            formulas.filter(move |(_, formula)| formula.is_likely && is_cheap(formula))
        };
        let numbers = |input| -> Vec<usize> {
            formulas().filter(|(_, it)| it.uses(input)).map(|(number, _)| number).collect()
        };
        let (of_secret, of_id) = (numbers(Input::Secret), numbers(Input::Id));
        let reach = Reach::Full;
        let with_secret = secret.1.likely_variants().find_map(|variant| {
            let variant = Some(variant);
            let mut formulas = of_secret.iter();
            ids.iter()
                .find_map(|id| self.test(reach, secret, variant, Some(id), 0))
                .or_else(|| formulas.find_map(|it| self.test(reach, secret, variant, None, *it)))
        });
        let with_id = |search: &mut Self, ids: &[IdVariant], formulas: &[usize]| {
            ids.iter().find_map(|id| {
                formulas.iter().find_map(|it| search.test(reach, secret, None, Some(id), *it))
            })
        };
        // The rarer mistakes in the id are many.
        let of_other_id: Vec<_> = of_id.iter().copied().take(MAX_FORMULAS_OF_RARE_IDS).collect();
        with_secret
            .or_else(|| with_id(self, ids, &of_id))
            .or_else(|| with_id(self, other_ids, &of_other_id))
    }

    /// Two likely mistakes in the secret, one upon the other.
    fn two_mistakes_in_the_secret<'s>(&mut self, secret: Accepted<'_, 's>) -> Option<Cause<'s>> {
        let keys = RandomState::new();
        let key = |variant: &SecretVariant| keys.hash_one(&*variant.bytes);
        let mut tried: HashSet<u64> = secret.1.variants.iter().map(key).collect();
        secret.1.likely_variants().find_map(|first| {
            (!self.calculator.budget.is_exhausted()).then_some(())?;
            // What the signer did with the secret comes after what was done to the given one.
            let given = if first.of_given { GIVEN } else { &[] };
            let second = variants(given, &first.bytes, true, true).chain(variants(
                SIGNED,
                &first.bytes,
                true,
                false,
            ));
            second.filter(|it| tried.insert(key(it))).find_map(|mut second| {
                second.rows = [first.rows[0], second.rows[0]];
                self.test(Reach::Full, secret, Some(&second), None, 0)
            })
        })
    }

    /// A rarer mistake in the given secret, together with what is around it: white space, a line
    /// break or quotes.
    fn mistakes_within_the_ends<'s>(&mut self, secret: Accepted<'_, 's>) -> Option<Cause<'s>> {
        let ends = [
            &findings::SECRET_NEWLINE,
            &findings::SECRET_CRLF,
            &findings::SECRET_SPACES,
            &findings::SECRET_QUOTES,
        ];
        let is_end = |variant: &&SecretVariant| {
            let row = variant.rows.first().copied().flatten();
            let is_end = row.is_some_and(|row| ends.iter().any(|end| end.id == row.kind.id));
            is_end && variant.of_given && memmem::find(secret.1.secret, &variant.bytes).is_some()
        };
        secret.1.likely_variants().filter(is_end).take(MAX_ENDS).find_map(|first| {
            (!self.calculator.budget.is_exhausted()).then_some(())?;
            variants(GIVEN, &first.bytes, false, true).find_map(|mut second| {
                second.rows = [first.rows[0], second.rows[0]];
                self.test(Reach::Full, secret, Some(&second), None, 0)
            })
        })
    }
}
