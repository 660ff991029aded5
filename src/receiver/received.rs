//! A request as it came.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use hyper::body::Bytes;
use hyper::http::request::Parts;
use hyper::{HeaderMap, Version};

use super::caller::Caller;

/// A whole request. All of it comes from outside: escape it before it is shown.
#[derive(Debug)]
pub struct Received {
    pub(super) head: Parts,
    pub(super) body: Bytes,
    pub(super) caller: Caller,
    pub(super) received_at: DateTime<Utc>,
    pub(super) since: Instant,
}

impl Received {
    /// HTTP method.
    pub fn method(&self) -> &str {
        self.head.method.as_str()
    }

    /// Path and query, as they were sent.
    pub fn path(&self) -> &str {
        self.head.uri.path_and_query().map_or("/", |path| path.as_str())
    }

    /// HTTP version.
    pub fn version(&self) -> Version {
        self.head.version
    }

    /// The headers as the HTTP library keeps them.
    pub fn header_map(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Names in lower case and values, in the order they came; the repeats of a name follow
    /// its first value. What is not UTF-8 in a value is shown as replacement characters.
    pub fn headers(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.head.headers.iter().map(|(name, value)| (name.as_str(), text(value.as_bytes())))
    }

    /// The first value of a header, its name in any case, if it is UTF-8.
    pub fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.head.headers.get(name)?.as_bytes()).ok()
    }

    /// The exact bytes of the body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Who called.
    pub fn remote(&self) -> SocketAddr {
        self.caller.address
    }

    /// When its head had come.
    pub fn received_at(&self) -> DateTime<Utc> {
        self.received_at
    }

    /// The time since then.
    pub fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }
}

/// Nearly all values are UTF-8, which is soon seen; the search for what is not takes longer.
fn text(value: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(value).map_or_else(|_| String::from_utf8_lossy(value), Cow::Borrowed)
}
