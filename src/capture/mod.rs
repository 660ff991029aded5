//! Captures: requests that some receiver saw, in whatever format a tool saved them. Pure.
//!
//! A file's [`Layout`] says how to read it. Files by lines, of any length, go through a
//! [`LineSplitter`] and [`read_lines`], on as many threads as one likes; all others are held in
//! memory and go through [`read_whole`]. [`read`] does either, for files of modest size.
//!
//! All readers end in one tree of values (`Value`), in which a few rules about names and values
//! find the requests (`detect`).

mod decode;
mod detect;
mod header;
mod lines;
mod literal;
mod message;
mod ndjson;
mod outcome;
mod quoted;
mod serialized;
mod whole;

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;

pub use detect::PartJoiner;
pub use lines::{Chunk, Layout, LineSplitter, read_lines};
pub use ndjson::CaptureRecord;
pub use outcome::{Format, NoCapture, ReadError, ReadOutcome};
pub(crate) use serialized::{NUMBER_KEY, parse_json};
pub use whole::{read, read_whole};

use crate::pgm::{
    REQUEST_ID_HEADER, RequestId, SIGNATURE_HEADER, Secret, Signature, SignedRequest,
};
use crate::text::json_mistake;

/// Levels of nesting that are walked in search of requests. Tools use up to ten.
const MAX_DEPTH: usize = 32;
/// Bytes that a packed file may become. It is held in memory as a whole.
const MAX_FILE: usize = 64 << 20;
/// Bytes of one line of a file that is read line by line. A longer line is reported and
/// skipped, so that memory does not grow with it.
pub const MAX_LINE: usize = 16 << 20;

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
    /// Headers without a body, or a body without headers, in a [`Chunk`]: the other part may be in the
    /// next one. A [`PartJoiner`] joins them; what is read in one piece has them joined.
    Part(Capture<'a>),
    /// A part of the file that could not be read; the other parts were.
    Fault(Fault),
}

impl Item<'_> {
    /// The same, independent of the bytes of the file.
    fn into_owned(self) -> Item<'static> {
        match self {
            Self::Capture(capture) => Item::Capture(capture.into_owned()),
            Self::Skipped { is_next } => Item::Skipped { is_next },
            Self::Part(capture) => Item::Part(capture.into_owned()),
            Self::Fault(fault) => Item::Fault(fault),
        }
    }
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
        Capture {
            location: self.location.into_owned(),
            received_at: self.received_at,
            method: self.method.map(owned),
            path: self.path.map(owned),
            remote: self.remote.map(owned),
            headers: owned_pairs(self.headers),
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
    fn path(path: String) -> Self {
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
    fn json(error: &serde_json::Error, line: u64) -> Self {
        Self {
            line: line + (error.line() as u64).saturating_sub(1),
            column: error.column().max(1),
            message: json_mistake(error),
            torn: error.is_eof(),
        }
    }
}

/// Names with their values, a name once for each value.
type HeaderPairs<'v> = Vec<(Cow<'v, str>, Cow<'v, str>)>;

/// The same pairs, independent of the text they were read from.
fn owned_pairs(headers: HeaderPairs<'_>) -> HeaderPairs<'static> {
    let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
    headers.into_iter().map(|(name, value)| (owned(name), owned(value))).collect()
}

/// The tree that every reader builds. It differs from `serde_json::Value` in what matters for
/// captures: strings are borrowed where they have no escapes, numbers keep their spelling, and
/// repeated members are all kept, since a header that was sent twice must not look like one that
/// was sent once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// A number as it is spelled.
    Number(Cow<'a, str>),
    String(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    /// Members in their order, repeated ones included.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// The text of a string.
    fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a string, a number, `true` or `false`.
    fn scalar(&self) -> Option<&str> {
        match self {
            Self::String(text) | Self::Number(text) => Some(text),
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            Self::Null | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// The members of an object; none for any other value.
    fn members(&self) -> &[(Cow<'a, str>, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements of an array; none for any other value.
    fn elements(&self) -> &[Self] {
        match self {
            Self::Array(elements) => elements,
            _ => &[],
        }
    }

    fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// The value of the last member of this name, as in nearly all JSON parsers.
    fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// A string of JSON that is borrowed where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct JsonText<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// Counts bytes that a reader looks at, and returns how many there were on this thread: for the
/// test that all readers are linear. Outside of tests nothing is counted.
#[inline]
fn count_work(bytes: usize) -> usize {
    #[cfg(test)]
    thread_local!(static WORK: std::cell::Cell<usize> = const { std::cell::Cell::new(0) });
    #[cfg(test)]
    let bytes = WORK.replace(WORK.get() + bytes) + bytes;
    bytes
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
}
