//! Why a signature is invalid: secrets × request ids × formulas × readings, each a table.
//!
//! A signature that comes out right in another way than PGM's shows the mistake. All single
//! mistakes are tried, then all pairs; the reading of the signature and the hash function
//! follow from its text and cost nothing. A diagnosis never makes a capture valid.

mod encodings;
mod escapes;
mod formula;
mod found;
mod hash;
mod ids;
mod neighbours;
mod reading;
mod search;
mod searched;
mod secrets;
mod spellings;

use found::{Found, Recipe};
use neighbours::Neighbours;
use reading::{Reading, readings};
use search::Search;
use searched::{Searched, malformed};
use spellings::Spellings;

use super::examine::NamedSecret;
use super::finding::Finding;
use super::{FindingKind, findings};

/// What a run may spend on diagnoses, in bytes hashed: about a quarter of a second.
const WORK: u64 = 96 << 20;
/// After this many full searches in a row that found nothing, the rest are not searched: most
/// likely the secret is wrong, and all of them have the same cause.
const FRUITLESS: u32 = 8;
/// How many causes are remembered to be tried first.
const REMEMBERED: usize = 16;
/// A longer body, in bytes, is left out of the formulas that have one.
const LONGEST_BODY: usize = 1 << 20;

/// The parts of a capture that a diagnosis needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The request id as captured.
    pub request_id: &'a str,
    /// The signature as captured, which fits no accepted secret.
    pub signature: &'a str,
    /// The body, if there is one.
    pub body: Option<&'a [u8]>,
}

/// Finds the causes of invalid signatures. It remembers what it found and how much it has
/// worked, so it takes captures in the order of the file.
pub struct Diagnoser<'s> {
    /// The accepted secrets with their spellings, then those that are only known.
    accepted: Vec<Spellings<'s>>,
    known: &'s [NamedSecret],
    recipes: Vec<Recipe>,
    neighbours: Neighbours,
    work: u64,
    fruitless: u32,
}

impl<'s> Diagnoser<'s> {
    /// A diagnoser for captures that fit none of the `accepted` secrets. The `known` ones (of
    /// other webhooks) are looked at too, but make nothing valid.
    pub fn new(accepted: &'s [NamedSecret], known: &'s [NamedSecret]) -> Self {
        Self {
            accepted: accepted.iter().map(Spellings::of).collect(),
            known,
            recipes: Vec::new(),
            neighbours: Neighbours::default(),
            work: WORK,
            fruitless: 0,
        }
    }

    /// Notes the id of a request in the same file: a signature may turn out to belong to it.
    /// The last 512 are kept.
    pub fn note(&mut self, request_id: &str) {
        self.neighbours.note(request_id);
    }

    /// The cause of an invalid signature, as one finding for each mistake in it. Never empty.
    pub fn diagnose(&mut self, signed: Signed) -> Vec<Finding> {
        let readings = readings(signed.signature);
        if let Some(finding) = self.swapped_headers(signed) {
            return vec![finding];
        }
        if readings.is_empty() {
            return vec![malformed(signed.signature)];
        }
        let body = signed.body.filter(|body| body.len() <= LONGEST_BODY);
        let mut search = Search::new(signed.request_id, body, &readings, &mut self.work);
        if let Some(found) = search.remembered(&self.accepted, &self.recipes) {
            return self.explain(&found, &readings);
        }
        if self.fruitless >= FRUITLESS || search.is_spent() {
            return vec![self.not_searched()];
        }
        let found = search.all(&self.accepted, self.known, &self.neighbours);
        let (tried, spent) = (search.tried(), search.is_spent());
        match found {
            Some(found) => self.explain(&found, &readings),
            None if spent => vec![self.not_searched()],
            None => {
                self.fruitless += 1;
                vec![self.unknown(tried, signed.request_id)]
            }
        }
    }

    /// The two headers may have changed places.
    fn swapped_headers(&self, signed: Signed) -> Option<Finding> {
        let readings = readings(signed.request_id);
        let mut work = WORK;
        let mut search = Search::new(signed.signature.trim(), None, &readings, &mut work);
        search.documented(&self.accepted)?;
        Some(Finding::new(&findings::HEADERS_SWAPPED))
    }

    fn explain(&mut self, found: &Found, readings: &[Reading]) -> Vec<Finding> {
        self.fruitless = 0;
        if let Some(recipe) = found.recipe {
            self.recipes.retain(|known| *known != recipe);
            self.recipes.insert(0, recipe);
            self.recipes.truncate(REMEMBERED);
        }
        let mut kinds: Vec<&'static FindingKind> = Vec::new();
        let reading = readings.get(found.reading);
        let of_reading = reading.map(|reading| reading.kinds.as_slice()).unwrap_or_default();
        for kind in of_reading.iter().chain(&found.kinds) {
            if !kinds.iter().any(|known| known.id == kind.id) {
                kinds.push(kind);
            }
        }
        let causes = kinds.len();
        let many = self.accepted.len() + self.known.len() > 1;
        let secret = found.secret.filter(|_| many);
        let finding = |kind| self.word(kind, found, reading, secret, causes);
        kinds.into_iter().map(finding).collect()
    }

    /// Words one cause for the capture at hand.
    fn word(
        &self,
        kind: &'static FindingKind,
        found: &Found,
        reading: Option<&Reading>,
        secret: Option<&str>,
        causes: usize,
    ) -> Finding {
        let mut message = kind.message.to_owned();
        let mut finding = Finding::new(kind);
        if found.names_hash(kind)
            && let Some(reading) = reading
        {
            let name = reading.hash.name();
            let name = if found.hmac { format!("HMAC-{name}") } else { name.to_owned() };
            message = format!("{} It is {name}.", message);
            finding = finding.with("algorithm", name);
        }
        if let Some(id) = found.neighbour.as_deref() {
            finding = finding.with("requestId", id);
        }
        if let Some(name) = secret {
            message = format!("{message} (Seen with the secret {name:?}.)");
            finding = finding.with("secret", name);
        }
        if causes > 1 {
            message = format!("{message} (One of {causes} mistakes that act together.)");
        }
        finding.with_message(message)
    }

    fn unknown(&self, calculations: u64, own: &str) -> Finding {
        let searched = Searched {
            calculations,
            spellings: self.accepted.iter().map(Spellings::count).sum(),
            known: self.known.len(),
            others: self.neighbours.others(own),
        };
        searched.in_vain()
    }

    fn not_searched(&self) -> Finding {
        let finding = Finding::new(&findings::NOT_DIAGNOSED);
        if self.fruitless < FRUITLESS {
            return finding;
        }
        finding.with_message(format!(
            "The signature does not fit. It was not searched for the cause, as {FRUITLESS} in a \
             row before it were searched in full and nothing was found.",
        ))
    }
}
