//! What a capture proves, and the reason when it proves nothing. Pure: the present time is
//! passed in.
//!
//! [`Examiner`] judges one capture by itself and can be used from many threads; [`Verifier`] takes
//! the results in the order of the file and adds what only several captures show, and the cause of
//! an invalid signature.

mod anonymize;
mod diagnosis;
mod examine;
mod findings;
mod headers;
mod request_index;

use chrono::{DateTime, Utc};
use serde::Serialize;

pub use anonymize::{AnonymizedCaptures, CannotAnonymize, anonymize};
pub use diagnosis::{Diagnoser, Signed};
pub use examine::{Examination, Examiner};
pub use findings::{Finding, FindingKind, Severity, SignatureVerdict};
pub use headers::NamedSecret;

use crate::capture::Capture;
use request_index::{Repetition, RequestIndex};

/// How many captures had which verdict: the last line of `verify`'s JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(tag = "type", rename = "summary", rename_all = "camelCase")]
pub struct Totals {
    /// All captures that were judged.
    pub captures: u64,
    /// [`SignatureVerdict::Valid`].
    pub valid: u64,
    /// [`SignatureVerdict::Invalid`].
    pub invalid: u64,
    /// [`SignatureVerdict::Unsigned`].
    pub unsigned: u64,
    /// [`SignatureVerdict::Ambiguous`].
    pub ambiguous: u64,
    /// [`SignatureVerdict::Redacted`].
    pub redacted: u64,
    /// Requests in the file that are not PGM's. The reader counts them.
    pub skipped: u64,
    /// Distinct request ids among the captures that show one.
    pub distinct_requests: u64,
}

impl Totals {
    /// Counts one more capture.
    pub fn count(&mut self, verdict: SignatureVerdict) {
        self.captures += 1;
        *match verdict {
            SignatureVerdict::Valid => &mut self.valid,
            SignatureVerdict::Invalid => &mut self.invalid,
            SignatureVerdict::Unsigned => &mut self.unsigned,
            SignatureVerdict::Ambiguous => &mut self.ambiguous,
            SignatureVerdict::Redacted => &mut self.redacted,
        } += 1;
    }

    /// How many captures had this verdict.
    pub fn of(&self, verdict: SignatureVerdict) -> u64 {
        match verdict {
            SignatureVerdict::Valid => self.valid,
            SignatureVerdict::Invalid => self.invalid,
            SignatureVerdict::Unsigned => self.unsigned,
            SignatureVerdict::Ambiguous => self.ambiguous,
            SignatureVerdict::Redacted => self.redacted,
        }
    }

    /// Whether there were captures, and every one is valid.
    pub fn all_valid(&self) -> bool {
        self.captures > 0 && self.valid == self.captures
    }
}

/// One capture's verdict, as an object of `verify`'s JSON (`schemas/verify.schema.json`).
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(tag = "type", rename = "capture", rename_all = "camelCase")]
pub struct CaptureLine<'a> {
    /// File name and location: `requests.har: log.entries[3].request`.
    pub source: &'a str,
    /// `X-PerfectGym-Request`; null when it is missing or ambiguous.
    pub request_id: Option<&'a str>,
    /// The event's name; null when the body has none.
    pub event: Option<&'a str>,
    /// The verdict.
    pub verdict: SignatureVerdict,
    /// Which of several secrets fits; absent when there is only one, or none fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<&'a str>,
    /// What was found; the cause of an invalid signature comes first.
    pub findings: &'a [Finding],
}

impl<'a> CaptureLine<'a> {
    /// The line of a capture. `secret` is the name of the one that fits, if it is to be shown.
    pub fn new(source: &'a str, examination: &'a Examination, secret: Option<&'a str>) -> Self {
        Self {
            source,
            request_id: examination.request_id.as_deref(),
            event: examination.event.as_deref(),
            verdict: examination.verdict,
            secret,
            findings: &examination.findings,
        }
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
/// compared with.
pub struct Verifier<'s> {
    accepted: &'s [NamedSecret],
    examiner: Examiner<'s>,
    index: RequestIndex,
    diagnoser: Diagnoser<'s>,
    totals: Totals,
}

impl<'s> Verifier<'s> {
    /// A verifier that has seen nothing. `now` is used as the time of receipt of captures that
    /// have none.
    pub fn new(secrets: Secrets<'s>, now: DateTime<Utc>) -> Self {
        Self {
            accepted: secrets.accepted,
            examiner: Examiner::new(secrets.accepted, now),
            index: RequestIndex::default(),
            diagnoser: Diagnoser::new(secrets.accepted, secrets.known),
            totals: Totals::default(),
        }
    }

    /// The part that other threads may use: what it returns is then passed to
    /// [`finalize`](Self::finalize), in the order of the file.
    pub fn examiner(&self) -> Examiner<'s> {
        self.examiner.clone()
    }

    /// The name of the accepted secret that an [`Examination`] counts as `number`.
    pub fn secret_name(&self, number: usize) -> Option<&'s str> {
        self.accepted.get(number).map(|named| named.name.as_str())
    }

    /// Notes an examination ahead of its turn, so that a signature that belongs to a later request
    /// of the file is recognised too. The last 512 ids are kept.
    pub fn look_ahead(&mut self, examination: &Examination) {
        if let Some(id) = &examination.request_id {
            self.diagnoser.remember_id(id);
        }
        if let Some(secret) = examination.secret {
            self.diagnoser.note_valid(secret);
        }
    }

    /// Judges the next capture.
    pub fn verify(&mut self, capture: &Capture<'_>) -> Examination {
        let mut examination = self.examiner.examine(capture);
        self.look_ahead(&examination);
        self.finalize(&mut examination, capture.body.as_ref().map(|body| &*body.bytes));
        examination
    }

    /// Adds to an examination what only the captures before it show, and the cause when the
    /// signature is invalid; and counts it. The cause is the first of the findings.
    pub fn finalize(&mut self, examination: &mut Examination, body: Option<&[u8]>) {
        self.totals.count(examination.verdict);
        if let Some(key) = examination.key {
            add_repetition(self.index.add(key), &mut examination.findings);
        }
        let is_explained = |finding: &Finding| finding.id == findings::REQUEST_ID_MALFORMED.id;
        if examination.verdict == SignatureVerdict::Invalid
            && !examination.findings.iter().any(is_explained)
            && let (Some(request_id), Some(signature)) =
                (&examination.request_id, &examination.signature)
        {
            let headers = &examination.other_headers;
            let signed = Signed { request_id, signature, body, headers };
            examination.findings.splice(0..0, self.diagnoser.diagnose(signed));
        }
    }

    /// Counts a request that is not PGM's.
    pub fn skip(&mut self, count: u64) {
        self.totals.skipped += count;
    }

    /// What was counted so far.
    pub fn totals(&self) -> Totals {
        Totals { distinct_requests: self.index.distinct(), ..self.totals }
    }

    /// How many captures were the same request again.
    pub fn retries(&self) -> u64 {
        self.index.retries()
    }
}

fn add_repetition(repetition: Repetition, findings: &mut Vec<Finding>) {
    match repetition {
        Repetition::First => {}
        Repetition::Retry(count) => {
            // A retry is late by nature.
            findings.retain(|finding| finding.id != findings::DATE_OLD.id);
            findings.push(Finding::new(&findings::RETRY).with("seen", count.to_string()));
        }
        Repetition::OtherBody => findings.push(Finding::new(&findings::REPLAYED_SIGNATURE)),
        Repetition::OtherSignature => {
            findings.push(Finding::new(&findings::ID_WITH_TWO_SIGNATURES))
        }
    }
}
