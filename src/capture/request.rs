//! What every reader gives, whatever shape the file had.

use chrono::{DateTime, Utc};

/// A request that some receiver saw, as far as the file tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capture {
    /// Where in the file it stands: `line 17`, `log.entries[3].request`; empty when the file
    /// is the request.
    pub place: String,
    /// When it was received, if the file says so.
    pub received_at: Option<DateTime<Utc>>,
    /// HTTP method, if the file says so.
    pub method: Option<String>,
    /// Path and query, or the whole URL, as the file has it.
    pub path: Option<String>,
    /// Address of the caller, if the file says so.
    pub remote: Option<String>,
    /// Headers in the order of the file: normalised names (lower case, dashes), values as they
    /// are; a name appears once for each of its values.
    pub headers: Vec<(String, String)>,
    /// The body, if the file has one.
    pub body: Option<Body>,
}

/// A captured body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The bytes, decoded from whatever the file wrapped them in.
    pub bytes: Vec<u8>,
    /// Whether these are the bytes that were received. `false` when the tool kept parsed JSON
    /// or a lossy text, from which the bytes were written anew.
    pub exact: bool,
}

impl Capture {
    /// The values of a header, in order; the name is compared without regard to case.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let wanted = move |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.headers.iter().filter(wanted).map(|(_, value)| value.as_str())
    }
}
