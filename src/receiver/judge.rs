//! Whether a request is genuine, said with the same words as for a capture in a file.

use std::borrow::Cow;

use super::Received;
use crate::capture::{Body, Capture};
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
        let capture = capture(received);
        let view = capture.view();
        let now = received.received_at();
        let examined = Examiner::new(&self.accepted, now, self.seed).examine(&view);
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

/// The part of a request that a verdict is about.
fn capture(received: &Received) -> Capture {
    let mut headers = Vec::with_capacity(2);
    for name in [REQUEST_ID_HEADER, SIGNATURE_HEADER] {
        for value in received.header_map().get_all(name) {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            headers.push((name.to_ascii_lowercase(), value));
        }
    }
    let body = Body { bytes: received.body().to_vec(), exact: true };
    let received_at = Some(received.received_at());
    Capture { received_at, headers, body: Some(body), ..Capture::default() }
}
