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
mod verifier;

use std::borrow::Cow;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;

use serde::{Serialize, Serializer};

pub use anonymize::{AnonymizedCaptures, CannotAnonymize, anonymize};
pub use diagnosis::{Diagnoser, Signed};
pub use examine::Examiner;
pub use verifier::Verifier;

use crate::pgm::Secret;

/// What a capture proves about who sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SignatureVerdict {
    /// The signature matches the request id with one of the secrets: the sender knew that secret
    /// for this id. It says nothing about the body or the time, which are not signed.
    Valid,
    /// Id and signature are there, and the signature is another one.
    Invalid,
    /// The id, the signature or both are missing: there is nothing to check.
    Unsigned,
    /// A header has more than one value, and receivers differ in which one they use.
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

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know; nothing is wrong.
    Info,
    /// Possibly right, but worth a look.
    Warning,
    /// Wrong: the reason for a verdict, or a request that PGM would not send.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// The texts of all findings that share an id.
#[derive(Debug)]
pub struct FindingKind {
    /// Stable kebab-case id.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What was found, unless the finding has a more specific sentence.
    pub message: &'static str,
    /// What to do about it.
    pub help: &'static str,
    /// The longer text: what is known, why it happens, how to tell.
    pub explanation: &'static str,
}

/// One finding about one capture. No text in it shows a secret or an expected signature. Names
/// and values that come from the capture are not escaped for a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable kebab-case id; [`FindingKind::find`] returns its explanation.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What was found, in one sentence.
    pub message: Cow<'static, str>,
    /// What to do about it.
    pub help: Cow<'static, str>,
    /// The facts behind the sentence, by name; in JSON an object, absent when empty.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_object")]
    pub evidence: Vec<(&'static str, String)>,
}

impl Finding {
    /// A finding with the texts of its kind.
    fn new(kind: &'static FindingKind) -> Self {
        Self {
            id: kind.id,
            severity: kind.severity,
            message: Cow::Borrowed(kind.message),
            help: Cow::Borrowed(kind.help),
            evidence: Vec::new(),
        }
    }

    /// Replaces the message by one for this capture.
    fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// Adds a fact.
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.evidence.push((name, value.into()));
        self
    }
}

fn as_object<S: Serializer>(
    evidence: &[(&'static str, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(evidence.iter().map(|(name, value)| (name, value)))
}

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

/// What one capture says by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Examination {
    /// The verdict.
    pub verdict: SignatureVerdict,
    /// Which of the accepted secrets the signature matches, for a valid one.
    pub secret: Option<usize>,
    /// The request id, if there is just one.
    pub request_id: Option<String>,
    /// The signature, if there is just one.
    pub signature: Option<String>,
    /// The other headers of an invalid capture: the signer may have used one of them as the id.
    other_headers: Vec<(String, String)>,
    /// The event's name, if the body has one.
    pub event: Option<String>,
    /// For the index of requests; absent when the id is missing, ambiguous or
    /// redacted.
    key: Option<RequestKey>,
    /// What was found, except what only other captures show and the cause of an invalid
    /// signature. Empty for a clean capture.
    pub findings: Vec<Finding>,
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

/// A secret and what the user knows it by: a webhook's name, a file, an option.
#[derive(Debug, Clone)]
pub struct NamedSecret {
    /// Shown in results.
    pub name: String,
    /// Never shown.
    pub secret: Secret,
}

/// The secrets of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Secrets<'s> {
    /// A signature made with one of these is valid. There should be at least one.
    pub accepted: &'s [NamedSecret],
    /// Other webhooks' secrets: they make nothing valid, but a diagnosis can name them.
    pub known: &'s [NamedSecret],
}

/// What the headers alone say.
struct HeaderVerdict<'a> {
    verdict: SignatureVerdict,
    /// Which of the accepted secrets the signature matches, for a valid one.
    secret: Option<usize>,
    /// The request id, if there is just one.
    request_id: Option<&'a str>,
    /// The signature, if there is just one.
    signature: Option<&'a str>,
    /// Whether the request id is one to know the request by.
    is_identified: bool,
}

/// What a request is known by: hashes of its id, signature and body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RequestKey {
    id: u64,
    sent: Sent,
}

/// What came with an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sent {
    signature: Option<NonZeroU32>,
    body: Option<NonZeroU32>,
}

/// The signature that came with an id.
#[derive(Debug, Clone, Copy)]
enum KeySignature<'a> {
    /// The one that the accepted secret of this number gives.
    Valid(usize),
    /// Any other text.
    Other(&'a str),
}

impl RequestKey {
    /// `body` is a hash already: that of its value, or of its bytes when it is not JSON.
    fn new(
        keys: &RandomState,
        id: &str,
        signature: Option<KeySignature<'_>>,
        body: Option<u64>,
    ) -> Self {
        let signature = signature.map(|signature| match signature {
            KeySignature::Valid(secret) => secret as u64 + 1,
            // Hex of either case is the same signature.
            KeySignature::Other(text) => keys.hash_one(text.to_ascii_lowercase()),
        });
        let short = |hash: u64| NonZeroU32::new((hash as u32).max(1));
        let sent = Sent { signature: signature.and_then(short), body: body.and_then(short) };
        Self { id: keys.hash_one(id), sent }
    }
}
