//! What kind of file was read, how it is read, and what to say when it holds no request of PGM's.

use std::fmt;

use super::ndjson;
use super::text::{http, is_table};
use super::value::Value;

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// By lines, each a JSON value: [`read_lines`](super::read_lines). Memory stays flat.
    Lines,
    /// In one piece: [`read_whole`](super::read_whole).
    Whole,
}

/// Lines that are looked at before a file whose first line is broken is taken as a whole.
const MAX_FIRST_LINES: usize = 8;

impl Layout {
    /// Detects the layout from the start of a file; `None` when more of it must be seen.
    /// `complete` says that there is no more.
    ///
    /// A file is read by lines if its first line is a JSON value and another line follows it,
    /// or if the first line is one of pgwh's own.
    pub fn detect(head: &[u8], complete: bool) -> Option<Self> {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        if head.len() < 4 && !complete {
            return None;
        }
        if !starts_like_lines(head) {
            return Some(Self::Whole);
        }
        let lines = head.split_inclusive(|byte| *byte == b'\n');
        let mut lines = lines.filter(|line| !line.trim_ascii().is_empty()).take(MAX_FIRST_LINES);
        let Some(first) = lines.next() else { return complete.then_some(Self::Whole) };
        let ended = |line: &[u8]| complete || line.ends_with(b"\n");
        if !ended(first) {
            return None;
        }
        if std::str::from_utf8(first).is_ok_and(|first| ndjson::read(first).is_ok()) {
            return Some(Self::Lines);
        }
        let rest: Vec<_> = lines.collect();
        if is_container(first) {
            return if rest.is_empty() {
                complete.then_some(Self::Whole)
            } else {
                Some(Self::Lines)
            };
        }
        if first.trim_ascii_end().last().is_some_and(|byte| b"[{,(:".contains(byte)) {
            return Some(Self::Whole);
        }
        if is_table(first) {
            return Some(Self::Whole);
        }
        // The first line may be the torn end of another, or a word of a log.
        let values = rest.iter().filter(|line| ended(line) && is_container(line)).count();
        let second = rest
            .first()
            .is_some_and(|line| ended(line) && line.starts_with(b"{") && is_container(line));
        if second || values > 1 {
            return Some(Self::Lines);
        }
        (complete || rest.len() + 1 >= MAX_FIRST_LINES).then_some(Self::Whole)
    }
}

/// Not UTF-16, gzip, or server-sent events, whose lines may hold JSON as well.
fn starts_like_lines(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    let other = [&b"data:"[..], b"event:", b"id:", b"retry:", b":", b"curl ", b"$ ", b"> ", b"* "];
    !head.iter().take(4).any(|byte| *byte == 0)
        && !head.starts_with(b"\x1f\x8b")
        && !head.starts_with(b"\xff\xfe")
        && !head.starts_with(b"\xfe\xff")
        && !http::is_request(start)
        && !http::is_response(start)
        && !other.iter().any(|known| start.starts_with(known))
}

/// Whether a line holds an object or an array.
fn is_container(line: &[u8]) -> bool {
    let json = json_of(line);
    matches!(json.first(), Some(b'{' | b'['))
        && std::str::from_utf8(json).is_ok_and(|json| Value::parse(json).is_ok())
}

/// The JSON of a line: the line, or in a log what follows its time and level. Empty if none.
pub(super) fn json_of(line: &[u8]) -> &[u8] {
    // RFC 7464 starts each record with 0x1e.
    let json = line.strip_prefix(b"\x1e").unwrap_or(line).trim_ascii();
    if matches!(json.first(), Some(b'{' | b'[' | b'"')) && !json.starts_with(b"[2") {
        return json;
    }
    &json[memchr::memchr(b'{', json).unwrap_or(json.len())..]
}

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
    /// HTTP messages as text.
    Http,
    /// What `curl -v` prints.
    CurlVerbose,
    /// `curl` commands.
    CurlCommand,
    /// A table with a header row.
    Csv,
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
            Self::Http => "a file of HTTP messages",
            Self::CurlVerbose => "the output of curl -v",
            Self::CurlCommand => "a file of curl commands",
            Self::Csv => "a CSV table",
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
