//! What a run tells while it goes on.

use std::time::Duration;

use chrono::{DateTime, Utc};
use hyper::body::Bytes;

use super::{NotSaved, Passed, Refusal};
use crate::verify::{Finding, Verdict};

/// One thing that happened.
#[derive(Debug)]
pub enum Told {
    /// A request came, and this became of it.
    Request(Box<Account>),
    /// A call was turned away.
    Refusal(Refusal),
    /// Something is wrong that is no request's fault; in words.
    Trouble(String),
}

/// A request and what became of it. All text in it comes from outside: escape it before it is
/// shown.
#[derive(Debug)]
pub struct Account {
    /// Counted from 1 over the whole run.
    pub n: u64,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// From its head to its answer, or to its end without one.
    pub elapsed: Duration,
    /// Address of the caller.
    pub remote: String,
    /// Path and query.
    pub path: String,
    /// The verdict; `None` for a signed request when there is no secret to check it with.
    pub verdict: Option<Verdict>,
    /// The name of the secret that fits, if it has one.
    pub secret: Option<String>,
    /// The how many-th time this id came with this signature: from 2 on, a repeat.
    pub repeat: u32,
    /// The event, if the body names one.
    pub event: Option<String>,
    /// The request id, if there is just one.
    pub request_id: Option<String>,
    /// The signature that came, if there is just one.
    pub signature: Option<String>,
    /// The exact bytes of the body.
    pub body: Bytes,
    /// What there is to say about it.
    pub findings: Vec<Finding>,
    /// What the caller got.
    pub given: Given,
    /// Whom it was passed on to.
    pub passed: Vec<Passed>,
    /// Why it is not in the file, if it should be.
    pub not_saved: Option<NotSaved>,
    /// The headers in the order they came, for who wants to see everything.
    pub headers: Option<Vec<(String, String)>>,
}

/// What a caller got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// An answer with this status.
    Status(u16),
    /// The connection was closed on purpose.
    Dropped,
    /// The caller went away before the answer.
    CallerGone,
}
