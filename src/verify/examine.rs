//! The verdict on one capture, by itself.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::body;
use super::finding::Finding;
use super::headers::{self, Sent};
use super::ledger::Key;
use super::redaction::{self, Redaction};
use super::seed::Seed;
use super::verdict::Verdict;
use super::{FindingKind, findings};
use crate::capture::CaptureRef;
use crate::pgm::{Secret, Signature};

/// A secret and what the user knows it by: a webhook's name, a file, an option.
#[derive(Debug, Clone)]
pub struct NamedSecret {
    /// Shown in results.
    pub name: String,
    /// Never shown.
    pub secret: Secret,
}

/// Judges captures one by one. It has no state, so many threads can share it.
#[derive(Debug, Clone, Copy)]
pub struct Examiner<'s> {
    accepted: &'s [NamedSecret],
    now: DateTime<Utc>,
    seed: Seed,
}

/// What one capture says by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Examined<'a> {
    /// The verdict.
    pub verdict: Verdict,
    /// Which of the accepted secrets the signature fits, for a valid one.
    pub secret: Option<usize>,
    /// The request id, if there is just one.
    pub request_id: Option<&'a str>,
    /// The signature, if there is just one.
    pub signature: Option<&'a str>,
    /// The event's name, if the body has one.
    pub event: Option<Cow<'a, str>>,
    /// For the [`Ledger`](super::Ledger); absent when the id is missing, ambiguous or redacted.
    pub key: Option<Key>,
    /// What there is to say, without what only other captures show and without the cause of an
    /// invalid signature. Empty, and then not allocated, for a clean capture.
    pub findings: Vec<Finding>,
}

impl<'s> Examiner<'s> {
    /// An examiner that accepts these secrets. `now` stands in for the time of receipt of
    /// captures that do not tell it.
    pub fn new(accepted: &'s [NamedSecret], now: DateTime<Utc>, seed: Seed) -> Self {
        Self { accepted, now, seed }
    }

    /// Judges a capture.
    pub fn examine<'a>(&self, capture: &CaptureRef<'a>) -> Examined<'a> {
        let mut findings = Vec::new();
        let judged = self.judge(capture, &mut findings);
        let body = body::read(capture, self.now, &self.seed, &mut findings);
        Examined {
            verdict: judged.verdict,
            secret: judged.secret,
            request_id: judged.request_id,
            signature: judged.signature,
            key: judged.key(&self.seed, body.hash),
            event: body.event,
            findings,
        }
    }

    fn judge<'a>(&self, capture: &CaptureRef<'a>, findings: &mut Vec<Finding>) -> Judged<'a> {
        let id = headers::collapse(capture.request_ids(), |a, b| a == b);
        let signature = headers::collapse(capture.signatures(), str::eq_ignore_ascii_case);
        if let Sent::One(signature) = signature {
            // An id with a comma of its own must not be taken for two before it was tried.
            for id in id.one().into_iter().chain(headers::whole(capture.request_ids())) {
                if let Some(secret) = self.fitting(id, signature) {
                    return Judged::valid(id, signature, secret);
                }
            }
        }
        Judged::doubtful(id, signature, findings)
    }

    /// The first accepted secret under which the signature fits the id.
    fn fitting(&self, id: &str, signature: &str) -> Option<usize> {
        let fits =
            |named: &NamedSecret| Signature::over(id.as_bytes(), &named.secret).matches(signature);
        self.accepted.iter().position(fits)
    }
}

/// What the headers alone say.
struct Judged<'a> {
    verdict: Verdict,
    secret: Option<usize>,
    request_id: Option<&'a str>,
    signature: Option<&'a str>,
    /// Whether the request id is one to know the request by.
    identified: bool,
}

impl<'a> Judged<'a> {
    fn valid(id: &'a str, signature: &'a str, secret: usize) -> Self {
        Self {
            verdict: Verdict::Valid,
            secret: Some(secret),
            request_id: Some(id),
            signature: Some(signature),
            identified: true,
        }
    }

    /// The headers of a capture whose signature fits no secret.
    fn doubtful(id: Sent<'a>, signature: Sent<'a>, findings: &mut Vec<Finding>) -> Self {
        let missing = (is_missing(id), is_missing(signature));
        let mut identified = !missing.0 && id.one().is_some();
        let verdict = if let Some(finding) = missing_headers(missing) {
            findings.push(finding);
            Verdict::Unsigned
        } else if id.one().is_none() || signature.one().is_none() {
            findings.extend(ambiguous(id, signature));
            Verdict::Ambiguous
        } else {
            let redacted = id.one().and_then(redaction::of_request_id);
            identified = redacted.is_none();
            let id = redacted.map(|how| masked(&findings::REQUEST_ID_REDACTED, how));
            let signature = signature.one().and_then(redaction::of_signature);
            let signature = signature.map(|how| masked(&findings::SIGNATURE_REDACTED, how));
            let known = findings.len();
            findings.extend(id.into_iter().chain(signature));
            if findings.len() > known { Verdict::Redacted } else { Verdict::Invalid }
        };
        let (request_id, signature) = (id.one(), signature.one());
        Self { verdict, secret: None, request_id, signature, identified }
    }

    /// What the ledger knows the request by. A signature that is missing, doubled or masked is
    /// none: two captures with `***` do not have the same one.
    fn key(&self, seed: &Seed, body: Option<u64>) -> Option<Key> {
        let id = self.request_id.filter(|_| self.identified)?;
        let signed = matches!(self.verdict, Verdict::Valid | Verdict::Invalid);
        Some(Key::new(seed, id, self.signature.filter(|_| signed), body))
    }
}

fn is_missing(sent: Sent) -> bool {
    match sent {
        Sent::Missing => true,
        Sent::One(value) => redaction::stands_for_nothing(value),
        Sent::Two => false,
    }
}

fn missing_headers((id, signature): (bool, bool)) -> Option<Finding> {
    let kind = match (id, signature) {
        (true, true) => &findings::HEADERS_MISSING,
        (true, false) => &findings::REQUEST_ID_MISSING,
        (false, true) => &findings::SIGNATURE_MISSING,
        (false, false) => return None,
    };
    Some(Finding::new(kind))
}

fn ambiguous<'a>(id: Sent<'a>, signature: Sent<'a>) -> impl Iterator<Item = Finding> {
    let two = |sent, kind| matches!(sent, Sent::Two).then(|| Finding::new(kind));
    [two(id, &findings::REQUEST_ID_AMBIGUOUS), two(signature, &findings::SIGNATURE_AMBIGUOUS)]
        .into_iter()
        .flatten()
}

fn masked(kind: &'static FindingKind, how: Redaction) -> Finding {
    let how = match how {
        Redaction::Masked => "masked",
        Redaction::CutOff => "cut off",
    };
    Finding::new(kind).with("how", how)
}
