//! Where in a file something stands, and what is wrong there.

use std::fmt;

/// Why a part of a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct Fault {
    /// Line in the file, from 1.
    pub line: u64,
    /// Column, in bytes, from 1.
    pub column: usize,
    /// What is wrong, and with what.
    pub message: String,
    /// Whether the line breaks off, as the last one does when its writer was killed.
    pub torn: bool,
}

/// Where in a file a capture stands. Displays as `line 17`, `log.entries[3].request`,
/// `line 17, requests[0]`, or nothing when the file is the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place<'a> {
    /// Line, from 1, in files that are read by lines.
    pub line: Option<u64>,
    /// Path within the JSON document, or within the line.
    pub path: &'a str,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.path) {
            (None, path) => f.write_str(path),
            (Some(line), "") => write!(f, "line {line}"),
            (Some(line), path) => write!(f, "line {line}, {path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_words() {
        let place = |line, path| Place { line, path }.to_string();
        assert_eq!(place(None, ""), "");
        assert_eq!(place(Some(17), ""), "line 17");
        assert_eq!(place(None, "log.entries[3].request"), "log.entries[3].request");
        assert_eq!(place(Some(2), "[0]"), "line 2, [0]");
    }
}
