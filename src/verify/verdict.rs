//! The verdict on one capture, and its line of `verify`'s JSON.

use std::fmt;

use serde::Serialize;

use super::examine::Examination;
use super::finding::Finding;

/// What a capture proves about who sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SignatureVerdict {
    /// The signature fits the request id under one of the secrets: the sender knew that secret
    /// for this id. It says nothing about the body or the time, which are not signed.
    Valid,
    /// Id and signature are there, and the signature is another one.
    Invalid,
    /// The id, the signature or both are missing: there is nothing to check.
    Unsigned,
    /// A header has more than one value, and receivers differ in which one they take.
    Ambiguous,
    /// A tool masked or cut off the id or the signature: what was sent cannot be known.
    Redacted,
}

impl SignatureVerdict {
    /// All verdicts, in the order in which the summary counts them.
    pub const ALL: [Self; 5] =
        [Self::Valid, Self::Invalid, Self::Unsigned, Self::Ambiguous, Self::Redacted];

    /// The word for it in JSON and in text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unsigned => "unsigned",
            Self::Ambiguous => "ambiguous",
            Self::Redacted => "redacted",
        }
    }
}

impl fmt::Display for SignatureVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
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
