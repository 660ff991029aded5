//! One thing to say about a capture.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

use super::catalogue::Kind;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know; nothing is wrong.
    Info,
    /// Perhaps right, but look at it.
    Warning,
    /// Wrong: the reason of a verdict, or a request that PGM would not send.
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

/// One thing that was found. No text in it shows a secret or an expected signature; names and
/// values that came from the capture are not escaped for a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable kebab-case id; [`Kind::find`] knows more about it.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What was found, in one sentence.
    pub message: Cow<'static, str>,
    /// What to do about it.
    pub hint: Cow<'static, str>,
    /// The facts behind the sentence, by name; in JSON an object, absent when there are none.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_object")]
    pub evidence: Vec<(&'static str, String)>,
}

impl Finding {
    /// The finding as its kind words it.
    pub(super) fn new(kind: &'static Kind) -> Self {
        Self {
            id: kind.id,
            severity: kind.severity,
            message: Cow::Borrowed(kind.message),
            hint: Cow::Borrowed(kind.hint),
            evidence: Vec::new(),
        }
    }

    /// The same in other words, for this capture.
    pub(super) fn saying(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// The same with one more fact.
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
