//! The verdict on one capture.

use std::fmt;

use serde::Serialize;

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
