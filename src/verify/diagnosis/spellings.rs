//! The spellings of secrets and ids that the tables of suspects give.

use super::{ids, secrets};
use crate::verify::examine::NamedSecret;

/// A suspect's place: its row, and which of the row's candidates.
pub(super) type Place = (usize, usize);

/// A secret with all its single spellings, made once.
pub(super) struct Spellings<'s> {
    pub name: &'s str,
    pub secret: &'s [u8],
    pub others: Vec<(Place, Vec<u8>)>,
}

impl<'s> Spellings<'s> {
    pub fn of(named: &'s NamedSecret) -> Self {
        let secret = named.secret.expose();
        Self { name: &named.name, secret, others: of_secret(secret) }
    }

    /// How many there are, the given one included.
    pub fn count(&self) -> usize {
        self.others.len() + 1
    }

    /// The given one and all others.
    pub fn all(&self) -> impl Iterator<Item = (Option<Place>, &[u8])> {
        let others = self.others.iter().map(|(place, bytes)| (Some(*place), bytes.as_slice()));
        std::iter::once((None, self.secret)).chain(others)
    }
}

/// All single spellings of a secret, without itself.
pub(super) fn of_secret(secret: &[u8]) -> Vec<(Place, Vec<u8>)> {
    let rows = secrets::SUSPECTS.iter().enumerate();
    let candidates = |(row, suspect): (usize, &secrets::Suspect)| {
        let candidates = suspect.candidates(secret).into_iter().enumerate();
        candidates.map(move |(number, bytes)| ((row, number), bytes))
    };
    rows.flat_map(candidates).collect()
}

/// The captured id and its other spellings.
pub(super) fn of_id(id: &str) -> Vec<(Option<Place>, String)> {
    let rows = ids::SUSPECTS.iter().enumerate();
    let candidates = rows.flat_map(|(row, suspect)| {
        let candidates = suspect.candidates(id).into_iter().enumerate();
        candidates.map(move |(number, id)| (Some((row, number)), id))
    });
    std::iter::once((None, id.to_owned())).chain(candidates).collect()
}

/// The spelling at the end of these steps.
pub(super) fn follow(secret: &[u8], steps: [Option<Place>; 2]) -> Option<Vec<u8>> {
    steps.into_iter().flatten().try_fold(secret.to_vec(), |secret, (row, number)| {
        secrets::SUSPECTS.get(row)?.candidates(&secret).into_iter().nth(number)
    })
}
