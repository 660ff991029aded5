//! What a probe has to say.

/// A probe's verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Word {
    /// As it should be.
    Pass,
    /// Not as it should be.
    Fail,
    /// Passed, but deserves a look.
    Warn,
    /// Could not be judged, or was not asked for.
    Skip,
}

impl Word {
    /// The word itself.
    pub fn text(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Skip => "skip",
        }
    }
}

/// A verdict with its reasons. Both texts may quote the target: escape them before they are
/// shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub word: Word,
    /// What was seen, with the numbers.
    pub evidence: String,
    /// How to mend it, where there is something to mend.
    pub hint: Option<String>,
}

impl Judgement {
    pub(super) fn pass(evidence: impl Into<String>) -> Self {
        Self { word: Word::Pass, evidence: evidence.into(), hint: None }
    }

    pub(super) fn fail(evidence: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { word: Word::Fail, evidence: evidence.into(), hint: Some(hint.into()) }
    }

    pub(super) fn warn(evidence: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { word: Word::Warn, evidence: evidence.into(), hint: Some(hint.into()) }
    }

    pub(super) fn skip(why: impl Into<String>) -> Self {
        Self { word: Word::Skip, evidence: why.into(), hint: None }
    }
}
