//! What kind of file was read, and what to say when it holds no request of PGM's.

use std::fmt;

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
    /// `curl` commands.
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
            Self::CurlCommand => "a file of curl commands",
            Self::Xml => "an XML file",
            Self::Yaml => "a YAML file",
            Self::Csv => "a CSV table",
            Self::PhpSerialized => "a value serialized by PHP",
            Self::MitmproxyFlow => "a mitmproxy flow file",
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
}

impl NoCapture {
    /// How to get a capture that has what is missing, for this kind of file.
    pub fn help(&self) -> &'static str {
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
        let Self { format, skipped } = self;
        match skipped {
            0 => write!(f, "{format} without any request"),
            1 => write!(f, "{format} with 1 request, which has no X-PerfectGym-\u{2026} headers"),
            many => {
                write!(f, "{format} with {many} requests, none with X-PerfectGym-\u{2026} headers")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_the_file_holds() {
        let none = NoCapture { format: Format::Har, skipped: 3 };
        assert_eq!(
            none.to_string(),
            "a HAR file with 3 requests, none with X-PerfectGym-… headers"
        );
        assert!(none.help().contains("pgwh listen"));
    }
}
