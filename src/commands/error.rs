//! Why a command could not do its work: exit code 2.

use crate::text::Diagnostic;

/// A command's error: what is wrong, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CliError(pub(super) Diagnostic);

impl CliError {
    /// An error without help.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(Diagnostic::new(message))
    }

    /// Adds a line of help.
    pub(super) fn help(self, line: impl Into<String>) -> Self {
        Self(self.0.help(line))
    }

    /// Adds "did you mean …?" where there is a likely name.
    pub(super) fn suggest(self, nearest: Option<&str>) -> Self {
        Self(self.0.suggest(nearest))
    }
}

impl From<Diagnostic> for CliError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(diagnostic)
    }
}

/// Errors whose own text says enough.
impl<E: std::error::Error> From<E> for CliError {
    fn from(error: E) -> Self {
        Self::new(error.to_string())
    }
}
