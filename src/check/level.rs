//! How much a check weighs, and who says so.

use std::fmt;

/// How much a check weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A demand: without it the target is not fit.
    Must,
    /// Advice: a target without it works today, and will hurt one day.
    Should,
    /// Told for completeness; never a reason to fail.
    Note,
}

impl Level {
    /// One word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::Note => "note",
        }
    }
}

/// Where a demand comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The vendor's help page.
    Documented,
    /// Live integrations.
    Observed,
    /// What pgwh's authors advise, where neither says anything.
    Advice,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Advice => "advice",
        })
    }
}
