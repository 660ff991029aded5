//! Whether a request is genuine, said with the same words as for a capture in a file.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use hyper::header::{HeaderName, HeaderValue};

use super::Received;
use crate::capture::CaptureRef;
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};
use crate::verify::{Examiner, Finding, NamedSecret, Seed, Verdict};

/// Judges requests by the secrets it accepts.
#[derive(Debug, Clone)]
pub struct Judge {
    accepted: Vec<NamedSecret>,
    seed: Seed,
}

/// What a request says about itself, and what is to be said about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The verdict; `None` for a signed request when there is no secret to check it with.
    pub verdict: Option<Verdict>,
    /// The request id, if there is just one.
    pub request_id: Option<String>,
    /// The signature that came, if there is just one.
    pub signature: Option<String>,
    /// The event, if the body names one.
    pub event: Option<String>,
    /// Which of the accepted secrets fits.
    pub secret: Option<usize>,
    /// What there is to say.
    pub findings: Vec<Finding>,
}

impl Judge {
    /// A judge that accepts these secrets; with none, it reads and cannot check.
    pub fn new(accepted: Vec<NamedSecret>, seed: Seed) -> Self {
        Self { accepted, seed }
    }

    /// The names of the accepted secrets, in the order in which a [`Judgement`] counts them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.accepted.iter().map(|named| named.name.as_str())
    }

    /// Judges a request.
    pub fn judge(&self, received: &Received) -> Judgement {
        let now = received.received_at();
        // Nearly every request has one of each, which takes no list.
        if let (Some(id), Some(signature)) =
            (only(received, REQUEST_ID_HEADER), only(received, SIGNATURE_HEADER))
        {
            let (ids, signatures) = ([id], [signature]);
            let capture = CaptureRef::received(&ids, &signatures, now, received.body());
            return self.examine(&capture, now);
        }
        let ids = values(received, REQUEST_ID_HEADER);
        let signatures = values(received, SIGNATURE_HEADER);
        let (ids, signatures) = (borrowed(&ids), borrowed(&signatures));
        self.examine(&CaptureRef::received(&ids, &signatures, now, received.body()), now)
    }

    fn examine(&self, capture: &CaptureRef<'_>, now: DateTime<Utc>) -> Judgement {
        let examined = Examiner::new(&self.accepted, now, self.seed).examine(capture);
        let checked = !self.accepted.is_empty() || examined.verdict != Verdict::Invalid;
        Judgement {
            verdict: checked.then_some(examined.verdict),
            request_id: examined.request_id.map(str::to_owned),
            signature: examined.signature.map(str::to_owned),
            event: examined.event.map(Cow::into_owned),
            secret: examined.secret,
            findings: examined.findings,
        }
    }
}

impl Judgement {
    /// Whether the sender is proven to know an accepted secret.
    pub fn is_valid(&self) -> bool {
        self.verdict == Some(Verdict::Valid)
    }
}

/// The value of a header that came once, and is UTF-8.
fn only<'a>(received: &'a Received, name: &str) -> Option<&'a str> {
    // There are few headers: to look at all of them is less work than to hash the name.
    let named = |(known, value)| is_named(known, name).then_some(value);
    let mut values = received.header_map().iter().filter_map(named);
    let value: &HeaderValue = values.next().filter(|_| values.next().is_none())?;
    std::str::from_utf8(value.as_bytes()).ok()
}

fn is_named(known: &HeaderName, name: &str) -> bool {
    known.as_str().eq_ignore_ascii_case(name)
}

fn values<'a>(received: &'a Received, name: &str) -> Vec<Cow<'a, str>> {
    let values = received.header_map().get_all(name).into_iter();
    values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect()
}

fn borrowed<'a>(values: &'a [Cow<'_, str>]) -> Vec<&'a str> {
    values.iter().map(AsRef::as_ref).collect()
}
