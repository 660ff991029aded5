//! What is wrong, and what to do about it: the one form of every error and warning.

use serde::Serialize;

/// A message with its help. Both may quote text from outside: whoever shows them escapes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it: one line for each way, possibly none.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A message without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new() }
    }

    /// Adds a line of help.
    #[must_use]
    pub fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }

    /// Adds "did you mean …?" where there is a likely name.
    #[must_use]
    pub fn suggest(self, nearest: Option<&str>) -> Self {
        match nearest {
            Some(nearest) => self.help(format!("did you mean {nearest}?")),
            None => self,
        }
    }
}

/// A message without help.
impl<T: Into<String>> From<T> for Diagnostic {
    fn from(message: T) -> Self {
        Self::new(message)
    }
}
