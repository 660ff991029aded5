//! What kind of file was read, and what to say when nothing of PGM's was in it.

use std::fmt;

/// What kind of file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One JSON value a line.
    Lines,
    /// JSON, of one or several documents, or an object as a program prints it.
    Json,
    /// A HAR file.
    Har,
    /// Server-sent events.
    Sse,
    /// HTTP messages as text.
    Http,
    /// What `curl -v` prints.
    Transcript,
    /// `curl` commands.
    Command,
    /// A table with a header row.
    Csv,
    /// mitmproxy's flow file.
    Flow,
    /// Any other text that names PGM's headers.
    Text,
}

/// With its article: "a HAR file".
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lines => "an NDJSON file",
            Self::Json => "a JSON file",
            Self::Har => "a HAR file",
            Self::Sse => "an event stream",
            Self::Http => "a file of HTTP messages",
            Self::Transcript => "a transcript of curl",
            Self::Command => "a file of curl commands",
            Self::Csv => "a CSV table",
            Self::Flow => "a mitmproxy flow file",
            Self::Text => "a text",
        })
    }
}

/// A file that could be read and held no request of PGM's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nothing {
    /// What kind of file it was.
    pub shape: Shape,
    /// How many other requests it held.
    pub skipped: u64,
}

impl Nothing {
    /// How to get a capture that has what is missing, where the kind of file tells.
    pub fn hint(&self) -> &'static str {
        match (self.shape, self.skipped) {
            (Shape::Har, _) => {
                "a browser's HAR holds what the browser sent, and PGM calls your server: save \
                 the request where it arrives, for example with `pgwh listen --save`"
            }
            (Shape::Csv, _) => {
                "exports as CSV often leave the headers out: export as JSON, or through the \
                 tool's API"
            }
            (Shape::Json | Shape::Lines, 0) => {
                "no object in it has headers: export the whole request, not only its body \
                 (Zapier: \"Catch Raw Hook\"; Make: \"Get request headers\" in the webhook's \
                 advanced settings)"
            }
            _ => {
                "check that the tool keeps the headers X-PerfectGym-Request and \
                 X-PerfectGym-Signature, and that the request was PGM's"
            }
        }
    }
}

/// "a HAR file with 3 requests, none with …"
impl fmt::Display for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { shape, skipped } = self;
        match skipped {
            0 => write!(f, "{shape} without any request"),
            1 => write!(f, "{shape} with 1 request, which has no X-PerfectGym-\u{2026} headers"),
            many => {
                write!(f, "{shape} with {many} requests, none with X-PerfectGym-\u{2026} headers")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_was_there() {
        let nothing = Nothing { shape: Shape::Har, skipped: 3 };
        assert_eq!(
            nothing.to_string(),
            "a HAR file with 3 requests, none with X-PerfectGym-… headers"
        );
        assert!(nothing.hint().contains("pgwh listen"));
    }
}
