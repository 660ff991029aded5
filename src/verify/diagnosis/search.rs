//! The search through all tables.

use super::formula::{FORMULAS, Formula, Inputs};
use super::found::{Found, Recipe};
use super::hash::Hash;
use super::neighbours::Neighbours;
use super::reading::Reading;
use super::spellings::{self, Place, Spellings};
use super::{ids, secrets};
use crate::verify::examine::NamedSecret;
use crate::verify::{FindingKind, findings};

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
            let bytes = spellings::follow(secret.secret, [recipe.first, recipe.second])?;
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
        self.ids = spellings::of_id(self.id);
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
            let mut kinds = vec![&findings::OTHER_SECRET];
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
                        kinds: vec![&findings::SIGNATURE_OF_ANOTHER_REQUEST],
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
        let mut found = None;
        'all: for (index, secret) in accepted.iter().enumerate() {
            for (first, bytes) in secret.all() {
                for (place, id) in &ids {
                    let (second, id_place) = (None, *place);
                    let spelt = Recipe { secret: index, first, second, id: id_place, formula: 0 };
                    if let Some((reading, recipe)) = self.formulas(spelt, bytes, id, count) {
                        found = Some(self.found(reading, secret, recipe));
                        break 'all;
                    }
                }
            }
        }
        self.ids = ids;
        found
    }

    /// The formulas that make up the number of mistakes with this spelling of secret and id.
    fn formulas(
        &mut self,
        spelt: Recipe,
        secret: &[u8],
        id: &str,
        count: usize,
    ) -> Option<(usize, Recipe)> {
        let mistakes = usize::from(spelt.first.is_some()) + usize::from(spelt.id.is_some());
        let range = match count.checked_sub(mistakes)? {
            0 => 0..1,
            1 => 1..FORMULAS.len(),
            _ => return None,
        };
        range.into_iter().find_map(|number| {
            let formula = FORMULAS.get(number)?;
            let in_vain = (spelt.first.is_some() && !formula.uses_secret())
                || (spelt.id.is_some() && !formula.uses_id());
            if in_vain {
                return None;
            }
            let reading = self.attempt(id.as_bytes(), secret, formula)?;
            Some((reading, Recipe { formula: number, ..spelt }))
        })
    }

    /// Two mistakes in the secret, one upon the other.
    fn pairs_of_spellings<'s>(&mut self, accepted: &[Spellings<'s>]) -> Option<Found<'s>> {
        let formula = FORMULAS.first()?;
        accepted.iter().enumerate().find_map(|(index, secret)| {
            secret.others.iter().find_map(|(first, bytes)| {
                spellings::of_secret(bytes).into_iter().find_map(|(second, bytes)| {
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
        let mut kinds: Vec<&'static FindingKind> = Vec::new();
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

    fn wrong_hash(&self, reading: usize, formula: &Formula) -> Option<&'static FindingKind> {
        let hash = self.readings.get(reading)?.hash;
        (hash != Hash::Md5 && !formula.is_hmac()).then_some(&findings::WRONG_HASH)
    }
}
