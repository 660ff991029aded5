//! The verdict on one capture, by itself.

use std::hash::RandomState;

use chrono::{DateTime, Utc};

use super::body;
use super::finding::{Finding, SignatureVerdict};
use super::headers::{self, HeaderValues, Redaction};
use super::request_index::RequestKey;
use super::{FindingKind, findings};
use crate::capture::Capture;
use crate::pgm::{REQUEST_ID_HEADER, RequestId, SIGNATURE_HEADER, Secret, Signature};

/// Fewer digits of a signature agree by chance.
const MIN_START: usize = 4;

/// A secret and what the user knows it by: a webhook's name, a file, an option.
#[derive(Debug, Clone)]
pub struct NamedSecret {
    /// Shown in results.
    pub name: String,
    /// Never shown.
    pub secret: Secret,
}

/// Judges captures one by one. It has no state, so many threads can use it.
#[derive(Debug, Clone)]
pub struct Examiner<'s> {
    accepted: &'s [NamedSecret],
    now: DateTime<Utc>,
    keys: RandomState,
}

/// What one capture says by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Examination {
    /// The verdict.
    pub verdict: SignatureVerdict,
    /// Which of the accepted secrets the signature fits, for a valid one.
    pub secret: Option<usize>,
    /// The request id, if there is just one.
    pub request_id: Option<String>,
    /// The signature, if there is just one.
    pub signature: Option<String>,
    /// The other headers of an invalid capture: the signer may have used one of them as the id.
    pub other_headers: Vec<(String, String)>,
    /// The event's name, if the body has one.
    pub event: Option<String>,
    /// For the [`RequestIndex`](super::RequestIndex); absent when the id is missing, ambiguous or
    /// redacted.
    pub key: Option<RequestKey>,
    /// What was found, except what only other captures show and the cause of an invalid
    /// signature. Empty for a clean capture.
    pub findings: Vec<Finding>,
}

impl<'s> Examiner<'s> {
    /// An examiner that accepts these secrets. `now` is used as the time of receipt of captures
    /// that have none.
    pub fn new(accepted: &'s [NamedSecret], now: DateTime<Utc>) -> Self {
        Self { accepted, now, keys: RandomState::new() }
    }

    /// Judges a capture.
    pub fn examine(&self, capture: &Capture<'_>) -> Examination {
        let mut findings = Vec::new();
        let judged = self.judge(capture, &mut findings);
        let body = body::read(capture, self.now, &self.keys, &mut findings);
        Examination {
            verdict: judged.verdict,
            secret: judged.secret,
            request_id: judged.request_id.map(str::to_owned),
            signature: judged.signature.map(str::to_owned),
            other_headers: match judged.verdict {
                SignatureVerdict::Invalid => other_headers(capture),
                _ => Vec::new(),
            },
            key: judged.key(&self.keys, body.hash),
            event: body.event,
            findings,
        }
    }

    fn judge<'c>(
        &self,
        capture: &'c Capture<'_>,
        findings: &mut Vec<Finding>,
    ) -> HeaderVerdict<'c> {
        let id = HeaderValues::of(capture.request_ids());
        let signature = HeaderValues::of(capture.signatures());
        if let (HeaderValues::One(id), HeaderValues::One(signature)) = (id.split(), signature)
            && let Some(secret) = self.fitting(id, signature)
        {
            // Receivers differ in what they make of such an id; strict ones refuse it.
            if RequestId::new(id).is_err() || id.contains(',') {
                findings.push(Finding::new(&findings::REQUEST_ID_MALFORMED));
                return HeaderVerdict::refused(id, signature);
            }
            return HeaderVerdict::valid(id, signature, secret);
        }
        let cut_off = match (id, signature) {
            (HeaderValues::One(id), HeaderValues::One(signature)) => self.is_start(id, signature),
            _ => false,
        };
        HeaderVerdict::unverified(id.split(), signature.split(), cut_off, findings)
    }

    /// Whether a signature is the start of one that an accepted secret gives.
    fn is_start(&self, id: &str, signature: &str) -> bool {
        let start = |named: &NamedSecret| {
            let expected = Signature::over(id.as_bytes(), &named.secret).to_string();
            signature.len() >= MIN_START
                && expected
                    .get(..signature.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(signature))
        };
        signature.len() < 32 && self.accepted.iter().any(start)
    }

    /// The first accepted secret under which the signature fits the id.
    fn fitting(&self, id: &str, signature: &str) -> Option<usize> {
        let fits =
            |named: &NamedSecret| Signature::over(id.as_bytes(), &named.secret).matches(signature);
        self.accepted.iter().position(fits)
    }
}

/// What the headers alone say.
struct HeaderVerdict<'a> {
    verdict: SignatureVerdict,
    secret: Option<usize>,
    request_id: Option<&'a str>,
    signature: Option<&'a str>,
    /// Whether the request id is one to know the request by.
    identified: bool,
}

impl<'a> HeaderVerdict<'a> {
    fn valid(id: &'a str, signature: &'a str, secret: usize) -> Self {
        Self {
            verdict: SignatureVerdict::Valid,
            secret: Some(secret),
            request_id: Some(id),
            signature: Some(signature),
            identified: true,
        }
    }

    /// The headers of a capture that is signed right, with an id that receivers refuse.
    fn refused(id: &'a str, signature: &'a str) -> Self {
        let verdict = SignatureVerdict::Invalid;
        Self {
            verdict,
            secret: None,
            request_id: Some(id),
            signature: Some(signature),
            identified: true,
        }
    }

    /// The headers of a capture whose signature fits no secret. `cut_off` says that it is the start
    /// of one that does.
    fn unverified(
        id: HeaderValues<'a>,
        signature: HeaderValues<'a>,
        cut_off: bool,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let missing = (is_missing(id), is_missing(signature));
        let mut identified = !missing.0 && id.one().is_some();
        let verdict = if let Some(finding) = missing_headers(missing) {
            findings.push(finding);
            SignatureVerdict::Unsigned
        } else if id.one().is_none() || signature.one().is_none() {
            findings.extend(ambiguous(id, signature));
            SignatureVerdict::Ambiguous
        } else {
            let redacted = id.one().and_then(headers::of_request_id);
            identified = redacted.is_none();
            let id = redacted.map(|how| masked(&findings::REQUEST_ID_REDACTED, how));
            let cut_off = cut_off.then_some(Redaction::CutOff);
            let signature = cut_off.or(signature.one().and_then(headers::of_signature));
            let signature = signature.map(|how| masked(&findings::SIGNATURE_REDACTED, how));
            let known = findings.len();
            findings.extend(id.into_iter().chain(signature));
            if findings.len() > known {
                SignatureVerdict::Redacted
            } else {
                SignatureVerdict::Invalid
            }
        };
        let (request_id, signature) = (id.one(), signature.one());
        Self { verdict, secret: None, request_id, signature, identified }
    }

    /// What the request is known by. A signature that is missing, doubled or masked does not
    /// count: two captures with `***` do not have the same one.
    fn key(&self, keys: &RandomState, body: Option<u64>) -> Option<RequestKey> {
        let id = self.request_id.filter(|_| self.identified)?;
        let signed = matches!(self.verdict, SignatureVerdict::Valid | SignatureVerdict::Invalid);
        Some(RequestKey::new(keys, id, self.signature.filter(|_| signed), body))
    }
}

fn other_headers(capture: &Capture<'_>) -> Vec<(String, String)> {
    let pgm = |name: &str| {
        [REQUEST_ID_HEADER, SIGNATURE_HEADER].iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    let others = capture.headers.iter().filter(|(name, _)| !pgm(name));
    others.map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn is_missing(sent: HeaderValues) -> bool {
    match sent {
        HeaderValues::Missing => true,
        HeaderValues::One(value) => headers::stands_for_nothing(value),
        HeaderValues::Several => false,
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

fn ambiguous<'a>(
    id: HeaderValues<'a>,
    signature: HeaderValues<'a>,
) -> impl Iterator<Item = Finding> {
    let two = |sent, kind| matches!(sent, HeaderValues::Several).then(|| Finding::new(kind));
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
