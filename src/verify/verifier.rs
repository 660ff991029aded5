//! Verdict, ledger and diagnosis in one, for one thread.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::diagnosis::{Diagnoser, Signed};
use super::examine::{Examined, Examiner, NamedSecret};
use super::finding::Finding;
use super::findings;
use super::ledger::{Key, Ledger, Recurrence};
use super::seed::Seed;
use super::verdict::Verdict;
use crate::capture::{BodyRef, CaptureRef};

/// How many captures had which verdict: the last line of `verify`'s JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(tag = "type", rename = "summary", rename_all = "camelCase")]
pub struct Totals {
    /// All captures that were judged.
    pub captures: u64,
    /// [`Verdict::Valid`].
    pub valid: u64,
    /// [`Verdict::Invalid`].
    pub invalid: u64,
    /// [`Verdict::Unsigned`].
    pub unsigned: u64,
    /// [`Verdict::Ambiguous`].
    pub ambiguous: u64,
    /// [`Verdict::Redacted`].
    pub redacted: u64,
    /// Requests in the file that are not PGM's. The reader counts them.
    pub skipped: u64,
    /// Distinct request ids among the captures that show one.
    pub distinct_requests: u64,
}

impl Totals {
    /// Counts one more capture.
    pub fn count(&mut self, verdict: Verdict) {
        self.captures += 1;
        *match verdict {
            Verdict::Valid => &mut self.valid,
            Verdict::Invalid => &mut self.invalid,
            Verdict::Unsigned => &mut self.unsigned,
            Verdict::Ambiguous => &mut self.ambiguous,
            Verdict::Redacted => &mut self.redacted,
        } += 1;
    }

    /// How many captures had this verdict.
    pub fn of(&self, verdict: Verdict) -> u64 {
        match verdict {
            Verdict::Valid => self.valid,
            Verdict::Invalid => self.invalid,
            Verdict::Unsigned => self.unsigned,
            Verdict::Ambiguous => self.ambiguous,
            Verdict::Redacted => self.redacted,
        }
    }

    /// Whether there were captures, and every one is valid.
    pub fn all_valid(&self) -> bool {
        self.captures > 0 && self.valid == self.captures
    }
}

/// The secrets of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Secrets<'s> {
    /// A signature made with one of these is valid. There should be at least one.
    pub accepted: &'s [NamedSecret],
    /// Other webhooks' secrets: they make nothing valid, but a diagnosis can name them.
    pub known: &'s [NamedSecret],
}

/// Judges captures in the order of the file, and remembers what later ones have to be
/// compared with: at most 32 bytes a distinct request, see [`Ledger`].
pub struct Verifier<'s> {
    accepted: &'s [NamedSecret],
    examiner: Examiner<'s>,
    ledger: Ledger,
    diagnoser: Diagnoser<'s>,
    totals: Totals,
}

impl<'s> Verifier<'s> {
    /// A verifier that has seen nothing. `now` stands in for the time of receipt of captures
    /// that do not tell it.
    pub fn new(secrets: Secrets<'s>, now: DateTime<Utc>, seed: Seed) -> Self {
        Self {
            accepted: secrets.accepted,
            examiner: Examiner::new(secrets.accepted, now, seed),
            ledger: Ledger::new(),
            diagnoser: Diagnoser::new(secrets.accepted, secrets.known),
            totals: Totals::default(),
        }
    }

    /// The part that other threads may use: what it gives is then passed to
    /// [`settle`](Self::settle), in the order of the file.
    pub fn examiner(&self) -> Examiner<'s> {
        self.examiner
    }

    /// The name of the accepted secret that an [`Examined`] says by its number.
    pub fn secret_name(&self, number: usize) -> Option<&'s str> {
        self.accepted.get(number).map(|named| named.name.as_str())
    }

    /// Notes the id of a request ahead of its turn, so that a signature that belongs to a later
    /// request of the file is recognised too. The last 512 ids are kept.
    pub fn note(&mut self, request_id: &str) {
        self.diagnoser.note(request_id);
    }

    /// Makes ready for captures that will be settled soon; only for speed.
    pub fn expect(&self, keys: impl Iterator<Item = Key>) {
        self.ledger.warm(keys);
    }

    /// Judges the next capture.
    pub fn verify<'a>(&mut self, capture: &CaptureRef<'a>) -> Examined<'a> {
        let mut examined = self.examiner.examine(capture);
        if let Some(id) = examined.request_id {
            self.diagnoser.note(id);
        }
        let body = capture.body.map(BodyRef::bytes);
        self.settle(&mut examined, body.as_deref());
        examined
    }

    /// Adds to an examined capture what only the captures before it show, and the cause when
    /// it is invalid; and counts it. The cause stands first among the findings.
    pub fn settle(&mut self, examined: &mut Examined, body: Option<&[u8]>) {
        self.totals.count(examined.verdict);
        if let Some(key) = examined.key {
            let recurrence = self.ledger.enter(key);
            add_recurrence(recurrence, &mut examined.findings);
        }
        if examined.verdict == Verdict::Invalid
            && let (Some(request_id), Some(signature)) = (examined.request_id, examined.signature)
        {
            let causes = self.diagnoser.diagnose(Signed { request_id, signature, body });
            examined.findings.splice(0..0, causes);
        }
    }

    /// Counts a request that is not PGM's.
    pub fn skip(&mut self, count: u64) {
        self.totals.skipped += count;
    }

    /// What was counted so far.
    pub fn totals(&self) -> Totals {
        Totals { distinct_requests: self.ledger.distinct(), ..self.totals }
    }

    /// How many captures were the same request again.
    pub fn retries(&self) -> u64 {
        self.ledger.retries()
    }
}

fn add_recurrence(recurrence: Recurrence, findings: &mut Vec<Finding>) {
    match recurrence {
        Recurrence::First => {}
        Recurrence::Retry(count) => {
            // A retry is late by nature.
            findings.retain(|finding| finding.id != findings::DATE_OLD.id);
            let times: Cow<str> =
                if count == u8::MAX { "255 or more".into() } else { count.to_string().into() };
            findings.push(Finding::new(&findings::RETRY).with("seen", times));
        }
        Recurrence::OtherBody => findings.push(Finding::new(&findings::REPLAYED_SIGNATURE)),
        Recurrence::OtherSignature => {
            findings.push(Finding::new(&findings::ID_WITH_TWO_SIGNATURES))
        }
    }
}
