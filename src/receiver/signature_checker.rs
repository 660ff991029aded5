//! Checks requests as they arrive, with the same words as `verify` for captures in a file.

use std::borrow::Cow;

use super::IncomingRequest;
use crate::capture::Capture;
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};
use crate::text::shortened;
use crate::verify::{Examiner, Finding, NamedSecret, SignatureVerdict};

/// Characters of an event's name that are kept: PGM's longest has 38.
pub(super) const MAX_NAME: usize = 100;
/// Characters of any other text from a request that are kept.
pub(super) const MAX_TEXT: usize = 1000;

/// Checks requests against the secrets that are accepted.
#[derive(Debug, Clone)]
pub struct SignatureChecker {
    accepted: Vec<NamedSecret>,
}

/// What a request says about itself, and what there is to say about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestReport {
    /// The verdict; `None` for a signed request when there is no secret to check it with.
    pub verdict: Option<SignatureVerdict>,
    /// The request id, if there is exactly one; a long one is cut.
    pub request_id: Option<String>,
    /// The signature that was sent, if there is exactly one; a long one is cut.
    pub signature: Option<String>,
    /// The event, if the body names one; a long name is cut.
    pub event: Option<String>,
    /// The index of the accepted secret that matches.
    pub secret: Option<usize>,
    /// What there is to say.
    pub findings: Vec<Finding>,
}

impl SignatureChecker {
    /// A checker that accepts these secrets. With none it reads requests and cannot verify them.
    pub fn new(accepted: Vec<NamedSecret>) -> Self {
        Self { accepted }
    }

    /// Whether there is a secret to verify with.
    pub fn verifies(&self) -> bool {
        !self.accepted.is_empty()
    }

    /// The name of an accepted secret, if it has one.
    pub fn name(&self, secret: usize) -> Option<&str> {
        let named = self.accepted.get(secret)?;
        Some(named.name.as_str()).filter(|name| !name.is_empty())
    }

    /// Checks a request.
    pub fn check(&self, request: &IncomingRequest) -> RequestReport {
        let (ids, signatures) =
            (values(request, REQUEST_ID_HEADER), values(request, SIGNATURE_HEADER));
        let now = request.received_at();
        let capture = Capture::received(ids, signatures, now, request.body());
        let examined = Examiner::new(&self.accepted, now).examine(&capture);
        let is_checked = self.verifies() || examined.verdict != SignatureVerdict::Invalid;
        RequestReport {
            verdict: is_checked.then_some(examined.verdict),
            request_id: examined.request_id.map(|id| shortened(&id, MAX_TEXT).into_owned()),
            signature: examined.signature.map(|text| shortened(&text, MAX_TEXT).into_owned()),
            event: examined.event.map(|event| shortened(&event, MAX_NAME).into_owned()),
            secret: examined.secret,
            findings: examined.findings,
        }
    }
}

impl RequestReport {
    /// Whether the sender is proven to know an accepted secret.
    pub fn is_valid(&self) -> bool {
        self.verdict == Some(SignatureVerdict::Valid)
    }
}

/// All values of a header.
fn values<'a>(request: &'a IncomingRequest, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
    let values = request.header_map().get_all(name).into_iter();
    values.map(|value| String::from_utf8_lossy(value.as_bytes()))
}
