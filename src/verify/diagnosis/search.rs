//! The search through all tables.

use super::formula::{FORMULAS, Formula, Inputs};
use super::hash::Hash;
use super::neighbours::Neighbours;
use super::reading::Reading;
use super::{ids, secrets};
use crate::verify::catalogue::{Kind, kinds};
use crate::verify::examine::NamedSecret;

/// A suspect's place: its row, and which of the row's candidates.
type Place = (usize, usize);

/// How a mistake is made, so that it can be tried on the next capture at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recipe {
    secret: usize,
    first: Option<Place>,
    second: Option<Place>,
    id: Option<Place>,
    formula: usize,
}

/// What fits.
pub(super) struct Found<'s> {
    /// Which reading of the signature.
    pub reading: usize,
    /// What to say about it, without what the reading has to say.
    pub kinds: Vec<&'static Kind>,
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
    pub fn names_hash(&self, kind: &'static Kind) -> bool {
        let hash = [&kinds::WRONG_HASH, &kinds::HMAC_OVER_ID, &kinds::HMAC_OVER_BODY];
        hash.iter().any(|known| known.id == kind.id)
    }
}

/// A secret with all its single spellings, made once.
pub(super) struct Spellings<'s> {
    name: &'s str,
    secret: &'s [u8],
    others: Vec<(Place, Vec<u8>)>,
}

impl<'s> Spellings<'s> {
    pub fn of(named: &'s NamedSecret) -> Self {
        let secret = named.secret.expose();
        Self { name: &named.name, secret, others: spellings(secret) }
    }

    /// How many there are, the given one included.
    pub fn count(&self) -> usize {
        self.others.len() + 1
    }

    /// The given one and all others.
    fn all(&self) -> impl Iterator<Item = (Option<Place>, &[u8])> {
        let others = self.others.iter().map(|(place, bytes)| (Some(*place), bytes.as_slice()));
        std::iter::once((None, self.secret)).chain(others)
    }
}

fn spellings(secret: &[u8]) -> Vec<(Place, Vec<u8>)> {
    let rows = secrets::SUSPECTS.iter().enumerate();
    let candidates = |(row, suspect): (usize, &secrets::Suspect)| {
        let candidates = suspect.candidates(secret).into_iter().enumerate();
        candidates.map(move |(number, bytes)| ((row, number), bytes))
    };
    rows.flat_map(candidates).collect()
}

/// The search for one capture.
pub(super) struct Search<'a> {
    id: &'a str,
    /// The captured id and its other spellings.
    ids: Vec<(Option<Place>, String)>,
    body: Option<&'a [u8]>,
    readings: &'a [Reading],
    work: &'a mut u64,
    tried: u64,
}

impl<'a> Search<'a> {
    pub fn new(
        id: &'a str,
        body: Option<&'a [u8]>,
        readings: &'a [Reading],
        work: &'a mut u64,
    ) -> Self {
        Self { id, ids: Vec::new(), body, readings, work, tried: 0 }
    }

    /// How many calculations were made.
    pub fn tried(&self) -> u64 {
        self.tried
    }

    /// Whether the run's work is used up.
    pub fn is_spent(&self) -> bool {
        *self.work == 0
    }

    /// PGM's own formula with the accepted secrets.
    pub fn documented<'s>(&mut self, accepted: &[Spellings<'s>]) -> Option<Found<'s>> {
        let formula = FORMULAS.first()?;
        accepted.iter().enumerate().find_map(|(index, secret)| {
            let reading = self.attempt(self.id.as_bytes(), secret.secret, formula)?;
            let recipe = Recipe { secret: index, first: None, second: None, id: None, formula: 0 };
            Some(self.found(reading, secret, recipe))
        })
    }

    /// The causes that were found before.
    pub fn remembered<'s>(
        &mut self,
        accepted: &[Spellings<'s>],
        recipes: &[Recipe],
    ) -> Option<Found<'s>> {
        recipes.iter().find_map(|recipe| {
            let secret = accepted.get(recipe.secret)?;
            let bytes = follow(secret.secret, [recipe.first, recipe.second])?;
            let id = match recipe.id {
                Some((row, number)) => {
                    ids::SUSPECTS.get(row)?.candidates(self.id).into_iter().nth(number)?
                }
                None => self.id.to_owned(),
            };
            let reading = self.attempt(id.as_bytes(), &bytes, FORMULAS.get(recipe.formula)?)?;
            Some(self.found(reading, secret, *recipe))
        })
    }

    /// Everything: the cheap and likely first.
    pub fn all<'s>(
        &mut self,
        accepted: &[Spellings<'s>],
        known: &'s [NamedSecret],
        neighbours: &Neighbours,
    ) -> Option<Found<'s>> {
        self.ids = id_spellings(self.id);
        self.documented(accepted)
            .or_else(|| self.other_secret(known))
            .or_else(|| self.mistakes(accepted, 1))
            .or_else(|| self.neighbour(accepted, neighbours))
            .or_else(|| self.mistakes(accepted, 2))
            .or_else(|| self.pairs_of_spellings(accepted))
    }

    /// The secret of another webhook.
    fn other_secret<'s>(&mut self, known: &'s [NamedSecret]) -> Option<Found<'s>> {
        let formula = FORMULAS.first()?;
        known.iter().find_map(|named| {
            let reading = self.attempt(self.id.as_bytes(), named.secret.expose(), formula)?;
            let mut kinds = vec![&kinds::OTHER_SECRET];
            kinds.extend(self.wrong_hash(reading, formula));
            let secret = Some(named.name.as_str());
            Some(Found { reading, kinds, hmac: false, secret, neighbour: None, recipe: None })
        })
    }

    /// The id of another request.
    fn neighbour<'s>(
        &mut self,
        accepted: &[Spellings<'s>],
        neighbours: &Neighbours,
    ) -> Option<Found<'s>> {
        let formula = FORMULAS.first()?;
        let own = self.id;
        for secret in accepted {
            for id in neighbours.latest().filter(|id| *id != own) {
                if let Some(reading) = self.attempt(id.as_bytes(), secret.secret, formula) {
                    return Some(Found {
                        reading,
                        kinds: vec![&kinds::SIGNATURE_OF_ANOTHER_REQUEST],
                        hmac: false,
                        secret: Some(secret.name),
                        neighbour: Some(id.to_owned()),
                        recipe: None,
                    });
                }
            }
        }
        None
    }

    /// This many mistakes: at most one in the secret, one in the id and one in the formula.
    fn mistakes<'s>(&mut self, accepted: &[Spellings<'s>], count: usize) -> Option<Found<'s>> {
        let ids = std::mem::take(&mut self.ids);
        let found = accepted.iter().enumerate().find_map(|(index, secret)| {
            secret.all().find_map(|(first, bytes)| {
                ids.iter().find_map(|(id_place, id)| {
                    let places = usize::from(first.is_some()) + usize::from(id_place.is_some());
                    let formulas: &[Formula] = match count.checked_sub(places)? {
                        0 => FORMULAS.get(..1)?,
                        1 => FORMULAS.get(1..)?,
                        _ => return None,
                    };
                    let skipped = usize::from(places < count);
                    formulas.iter().enumerate().find_map(|(number, formula)| {
                        if (first.is_some() && !formula.uses_secret())
                            || (id_place.is_some() && !formula.uses_id())
                        {
                            return None;
                        }
                        let reading = self.attempt(id.as_bytes(), bytes, formula)?;
                        let formula = number + skipped;
                        let recipe =
                            Recipe { secret: index, first, second: None, id: *id_place, formula };
                        Some(self.found(reading, secret, recipe))
                    })
                })
            })
        });
        self.ids = ids;
        found
    }

    /// Two mistakes in the secret, one upon the other.
    fn pairs_of_spellings<'s>(&mut self, accepted: &[Spellings<'s>]) -> Option<Found<'s>> {
        let formula = FORMULAS.first()?;
        accepted.iter().enumerate().find_map(|(index, secret)| {
            secret.others.iter().find_map(|(first, bytes)| {
                spellings(bytes).into_iter().find_map(|(second, bytes)| {
                    let reading = self.attempt(self.id.as_bytes(), &bytes, formula)?;
                    let (first, second) = (Some(*first), Some(second));
                    let recipe = Recipe { secret: index, first, second, id: None, formula: 0 };
                    Some(self.found(reading, secret, recipe))
                })
            })
        })
    }

    /// The reading that comes out, if one does.
    fn attempt(&mut self, id: &[u8], secret: &[u8], formula: &Formula) -> Option<usize> {
        let inputs = Inputs { id, secret, body: self.body };
        let readings = self.readings;
        readings.iter().position(|reading| {
            if self.is_spent() {
                return false;
            }
            self.tried += 1;
            *self.work = self.work.saturating_sub(formula.work(inputs));
            formula.gives(reading.hash, inputs, &reading.digest)
        })
    }

    fn found<'s>(&self, reading: usize, secret: &Spellings<'s>, recipe: Recipe) -> Found<'s> {
        let mut kinds: Vec<&'static Kind> = Vec::new();
        for place in [recipe.first, recipe.second].into_iter().flatten() {
            kinds.extend(secrets::SUSPECTS.get(place.0).map(|suspect| suspect.kind));
        }
        let of_id = recipe.id.and_then(|(row, _)| ids::SUSPECTS.get(row));
        kinds.extend(of_id.into_iter().flat_map(|suspect| suspect.kinds));
        let formula = FORMULAS.get(recipe.formula);
        kinds.extend(formula.into_iter().flat_map(|formula| formula.kinds));
        kinds.extend(formula.and_then(|formula| self.wrong_hash(reading, formula)));
        let hmac = formula.is_some_and(Formula::is_hmac);
        let secret = Some(secret.name);
        Found { reading, kinds, hmac, secret, neighbour: None, recipe: Some(recipe) }
    }

    fn wrong_hash(&self, reading: usize, formula: &Formula) -> Option<&'static Kind> {
        let hash = self.readings.get(reading)?.hash;
        (hash != Hash::Md5 && !formula.is_hmac()).then_some(&kinds::WRONG_HASH)
    }
}

fn id_spellings(id: &str) -> Vec<(Option<Place>, String)> {
    let rows = ids::SUSPECTS.iter().enumerate();
    let candidates = rows.flat_map(|(row, suspect)| {
        let candidates = suspect.candidates(id).into_iter().enumerate();
        candidates.map(move |(number, id)| (Some((row, number)), id))
    });
    std::iter::once((None, id.to_owned())).chain(candidates).collect()
}

/// The spelling at the end of these steps.
fn follow(secret: &[u8], steps: [Option<Place>; 2]) -> Option<Vec<u8>> {
    steps.into_iter().flatten().try_fold(secret.to_vec(), |secret, (row, number)| {
        secrets::SUSPECTS.get(row)?.candidates(&secret).into_iter().nth(number)
    })
}
