//! What every reader returns: the kind of file, its captures, and what could not be read.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};

use crate::pgm::{
    REQUEST_ID_HEADER, RequestId, SIGNATURE_HEADER, Secret, Signature, SignedRequest,
};

/// What a reader meets, in the order of the file.
#[derive(Debug)]
pub enum Item<'a> {
    /// A request that is, or claims to be, PGM's.
    Capture(Capture<'a>),
    /// A request with neither PGM's headers nor PGM's envelope.
    Skipped {
        /// Whether its body is that of PerfectGym Next, another product.
        is_next: bool,
    },
    /// A part of the file that could not be read; the other parts were.
    Fault(Fault),
}

/// A request that some receiver saw, as far as the file tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capture<'a> {
    /// Where it is in the file.
    pub location: Location<'a>,
    /// When it was received, if the file says so.
    pub received_at: Option<DateTime<Utc>>,
    /// HTTP method, if the file says so.
    pub method: Option<Cow<'a, str>>,
    /// Path and query, or the whole URL, as the file has it.
    pub path: Option<Cow<'a, str>>,
    /// Address of the client, if the file says so.
    pub remote: Option<Cow<'a, str>>,
    /// Headers in the order of the file: normalised names (lower case, dashes), values as they
    /// are; a name appears once for each of its values.
    pub headers: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The body, if the file has one.
    pub body: Option<Body<'a>>,
    /// Whether the file shows in place of the body that there was one (`[object Object]`).
    pub body_left_out: bool,
}

/// A captured body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body<'a> {
    /// The bytes, decoded from whatever the file wrapped them in.
    pub bytes: Cow<'a, [u8]>,
    /// Whether these are the bytes that were received. `false` when the tool kept parsed JSON
    /// or a lossy text, from which the bytes were written again.
    pub exact: bool,
}

impl<'a> Capture<'a> {
    /// A request that was just received: every value of the two headers, and the exact body.
    pub fn received(
        request_ids: impl IntoIterator<Item = Cow<'a, str>>,
        signatures: impl IntoIterator<Item = Cow<'a, str>>,
        received_at: DateTime<Utc>,
        body: &'a [u8],
    ) -> Self {
        let ids = request_ids.into_iter().map(|value| (Cow::Borrowed(REQUEST_ID_HEADER), value));
        let signatures =
            signatures.into_iter().map(|value| (Cow::Borrowed(SIGNATURE_HEADER), value));
        Self {
            received_at: Some(received_at),
            headers: ids.chain(signatures).collect(),
            body: Some(Body { bytes: body.into(), exact: true }),
            ..Self::default()
        }
    }

    /// The values of a header, in order; the name is compared without regard to case.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let named =
            move |(known, _): &&(Cow<'a, str>, Cow<'a, str>)| known.eq_ignore_ascii_case(name);
        self.headers.iter().filter(named).map(|(_, value)| &**value)
    }

    /// The values of `X-PerfectGym-Request`, in order: none, one, or several.
    pub fn request_ids(&self) -> impl Iterator<Item = &str> {
        self.values(REQUEST_ID_HEADER)
    }

    /// The values of `X-PerfectGym-Signature`, in order: none, one, or several.
    pub fn signatures(&self) -> impl Iterator<Item = &str> {
        self.values(SIGNATURE_HEADER)
    }

    /// The same request to be sent again, signed with this secret or, without one, as captured; and a
    /// warning about it, if there is one. Without an id it gets a new one.
    ///
    /// # Errors
    /// When there is no body, no signature and no secret, or the id cannot be sent.
    pub fn resend(
        &self,
        secret: Option<&Secret>,
        new_id: impl FnOnce() -> RequestId,
    ) -> Result<(SignedRequest, Option<&'static str>), String> {
        let body = self.body.as_ref().ok_or("the capture has no body")?;
        let id = match self.request_ids().next() {
            Some(id) => RequestId::new(id).map_err(|error| error.to_string())?,
            None => new_id(),
        };
        let captured = self.signatures().next();
        let bytes = body.bytes.to_vec();
        let request = match (secret, captured) {
            (Some(secret), _) => SignedRequest::new(id.clone(), secret, bytes),
            (None, Some(signature)) => {
                SignedRequest::with_signature(id.clone(), signature.to_owned(), bytes)
            }
            (None, None) => {
                return Err("the capture has no signature, and there is no secret".into());
            }
        };
        let request = match self.values("content-type").next() {
            Some(content_type) => request.header("Content-Type", content_type),
            None => request,
        };
        let has_other_signature = secret
            .zip(captured)
            .is_some_and(|(secret, captured)| !Signature::new(&id, secret).matches(captured));
        let warning = match (has_other_signature, body.exact) {
            (true, _) => Some("signed with your secret; it was captured with another signature"),
            (false, false) => {
                Some("the capture has no exact body: the JSON is the same, its bytes may differ")
            }
            (false, true) => None,
        };
        Ok((request, warning))
    }

    /// The same capture, independent of the bytes of the file.
    pub fn into_owned(self) -> Capture<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let pairs = self.headers.into_iter().map(|(name, value)| (owned(name), owned(value)));
        Capture {
            location: self.location.into_owned(),
            received_at: self.received_at,
            method: self.method.map(owned),
            path: self.path.map(owned),
            remote: self.remote.map(owned),
            headers: pairs.collect(),
            body: self.body.map(Body::into_owned),
            body_left_out: self.body_left_out,
        }
    }
}

impl Body<'_> {
    /// The same body, independent of the bytes of the file.
    pub fn into_owned(self) -> Body<'static> {
        Body { bytes: Cow::Owned(self.bytes.into_owned()), exact: self.exact }
    }
}

/// Where in a file a capture is. Displays as `line 17`, `log.entries[3].request`,
/// `line 17, requests[0]`, or nothing when the file is the request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Location<'a> {
    /// Line, from 1, in files that are read by lines.
    pub line: Option<u64>,
    /// Path within the JSON document, or within the line.
    pub path: Cow<'a, str>,
}

impl<'a> Location<'a> {
    /// A path within the file.
    pub(super) fn path(path: String) -> Self {
        Self { line: None, path: path.into() }
    }

    /// A line of the file.
    pub fn line(line: u64) -> Self {
        Self { line: Some(line), path: "".into() }
    }

    /// The same location, independent of the bytes of the file.
    pub fn into_owned(self) -> Location<'static> {
        Location { line: self.line, path: Cow::Owned(self.path.into_owned()) }
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &*self.path) {
            (None, path) => f.write_str(path),
            (Some(line), "") => write!(f, "line {line}"),
            (Some(line), path) => write!(f, "line {line}, {path}"),
        }
    }
}

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

impl Fault {
    /// What serde_json reports of a text that starts at the first column of `line`.
    pub(super) fn json(error: &serde_json::Error, line: u64) -> Self {
        let text = error.to_string();
        let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
        Self {
            line: line + (error.line() as u64).saturating_sub(1),
            column: error.column(),
            message: message.to_owned(),
            torn: error.is_eof(),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_as_text() {
        let location = |line, path: &str| Location { line, path: path.into() }.to_string();
        assert_eq!(location(None, ""), "");
        assert_eq!(location(Some(17), ""), "line 17");
        assert_eq!(location(None, "log.entries[3].request"), "log.entries[3].request");
        assert_eq!(location(Some(2), "[0]"), "line 2, [0]");
    }

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
