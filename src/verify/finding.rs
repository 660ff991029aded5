//! What `verify` reports about a capture.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

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
    pub(super) fn new(kind: &'static FindingKind) -> Self {
        Self {
            id: kind.id,
            severity: kind.severity,
            message: Cow::Borrowed(kind.message),
            help: Cow::Borrowed(kind.help),
            evidence: Vec::new(),
        }
    }

    /// Replaces the message by one for this capture.
    pub(super) fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// Adds a fact.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
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
