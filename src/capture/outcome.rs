//! What reading a file ends in: its kind and its captures, or why there are none.

use std::fmt;

use super::{Capture, Fault, MAX_FILE};

/// What kind of file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON value a line.
    Ndjson,
    /// JSON, of one or several documents, or an object as a program prints it.
    Json,
    /// A HAR file.
    Har,
    /// Server-sent events.
    EventStream,
    /// HTTP messages as a hex dump.
    HexDump,
    /// HTTP messages as text.
    Http,
    /// What `curl -v` prints.
    CurlVerbose,
    /// Commands that send requests (curl, wget, HTTPie, PowerShell).
    CurlCommand,
    /// An XML document, or a page.
    Xml,
    /// YAML.
    Yaml,
    /// A table with a header row.
    Csv,
    /// What PHP's `serialize` writes.
    PhpSerialized,
    /// mitmproxy's flow file.
    MitmproxyFlow,
    /// A zip archive, such as Fiddler's `.saz`.
    Zip,
    /// A mail, saved with its parts.
    Mail,
    /// Any other text that names PGM's headers.
    Text,
}

/// With its article: "a HAR file".
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ndjson => "an NDJSON file",
            Self::Json => "a JSON file",
            Self::Har => "a HAR file",
            Self::EventStream => "an event stream",
            Self::HexDump => "a hex dump of HTTP messages",
            Self::Http => "a file of HTTP messages",
            Self::CurlVerbose => "the output of curl -v",
            Self::CurlCommand => "a file of commands that send requests",
            Self::Xml => "an XML file",
            Self::Yaml => "a YAML file",
            Self::Csv => "a CSV table",
            Self::PhpSerialized => "a value serialized by PHP",
            Self::MitmproxyFlow => "a mitmproxy flow file",
            Self::Zip => "a zip archive",
            Self::Mail => "a mail",
            Self::Text => "a text",
        })
    }
}

/// A file that could be read and held no request of PGM's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCapture {
    /// What kind of file it was.
    pub format: Format,
    /// How many other requests it held.
    pub skipped: u64,
    /// Whether one of those is PerfectGym Next's, which is another product.
    pub of_next: bool,
}

impl NoCapture {
    /// How to get a capture that has what is missing, for this kind of file.
    pub fn help(&self) -> &'static str {
        if self.of_next {
            return "that is PerfectGym Next, another product: its webhooks carry an API key \
                    (x-api-key) and no signature; compare the key in your receiver";
        }
        match (self.format, self.skipped) {
            (Format::Har, _) => {
                "a browser's HAR holds what the browser sent, but PGM calls your server: save \
                 the request where it arrives, for example with `pgwh listen --save`"
            }
            (Format::Csv, _) => {
                "exports as CSV often leave the headers out: export as JSON, or through the \
                 tool's API"
            }
            (Format::Json | Format::Ndjson, 0) => {
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
impl fmt::Display for NoCapture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { format, skipped, of_next } = self;
        if *of_next {
            return write!(f, "{format} with a webhook of PerfectGym Next, none of PGM");
        }
        match skipped {
            0 => write!(f, "{format} without any request"),
            1 => write!(f, "{format} with 1 request, which has no X-PerfectGym-\u{2026} headers"),
            many => {
                write!(f, "{format} with {many} requests, none with X-PerfectGym-\u{2026} headers")
            }
        }
    }
}

/// Why a file could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It starts like a known kind of file, and then breaks its rules.
    #[error(transparent)]
    Broken(#[from] Fault),
    /// It is not a known kind of file.
    #[error("not a capture in a known format (JSON, NDJSON, HAR, HTTP text, curl, SSE, CSV)")]
    Unknown,
    /// Decompressed, it is too large.
    #[error("gzip of more than {} MiB, or broken: decompress it first", MAX_FILE >> 20)]
    Gzip,
    /// It is of a kind that is not read; what to do instead.
    #[error("{0}, which pgwh cannot read")]
    Unsupported(&'static str, &'static str),
}

impl ReadError {
    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Broken(fault) if fault.torn => Some(
                "the file breaks off: save it again, or let the tool write one JSON object a line",
            ),
            Self::Unknown => Some(
                "save the request with its headers as text, or type it: --request-id ID \
                 --signature HEX",
            ),
            Self::Unsupported(_, help) => Some(help),
            _ => None,
        }
    }
}

/// All that a file of modest size held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOutcome {
    /// What kind of file it was.
    pub format: Format,
    /// PGM's requests, in the order of the file.
    pub captures: Vec<Capture<'static>>,
    /// How many other requests there were.
    pub skipped: usize,
    /// Whether one of those is PerfectGym Next's.
    pub of_next: bool,
    /// The parts that could not be read.
    pub faults: Vec<Fault>,
}

impl ReadOutcome {
    /// What to say when there is no request of PGM's, and nothing that could not be read.
    pub fn no_capture(&self) -> Option<NoCapture> {
        let skipped = self.skipped as u64;
        let empty = self.captures.is_empty() && self.faults.is_empty();
        empty.then_some(NoCapture { format: self.format, skipped, of_next: self.of_next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_the_file_holds() {
        let none = NoCapture { format: Format::Har, skipped: 3, of_next: false };
        assert_eq!(
            none.to_string(),
            "a HAR file with 3 requests, none with X-PerfectGym-… headers"
        );
        assert!(none.help().contains("pgwh listen"));
    }
}
