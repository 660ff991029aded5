//! What came of sending: attempts, and the verdict over them.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::pgm;

/// One POST and its outcome.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Counted from 1 within its delivery.
    pub n: u32,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// What came of it.
    pub outcome: AttemptOutcome,
    /// Whether a connection stood, TLS included: from then on the target is answerable.
    pub reached: bool,
    /// From its start to the last byte of the answer, or to whatever ended it.
    pub elapsed: Duration,
    /// Where that time went.
    pub timings: Timings,
    /// The answer, or as much of it as came before it ended badly.
    pub response: Option<Response>,
    /// What went wrong, in words, when it was not answered. Comes from the system, a library
    /// or the target: escape it before it is shown.
    pub error: Option<String>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttemptOutcome {
    /// The target answered, whatever it answered, to the last byte and in time.
    Responded,
    /// The time was up before the last byte of the answer was in.
    TimedOut,
    /// Nothing accepted the connection.
    Refused,
    /// The host's name has no address.
    Dns,
    /// The connection stood, but TLS could not be agreed on.
    Tls,
    /// The connection stood, then broke, or what came was not HTTP.
    Broken,
}

/// The words for them in JSON and in the requests list.
const OUTCOMES: [(AttemptOutcome, &str); 6] = [
    (AttemptOutcome::Responded, "responded"),
    (AttemptOutcome::TimedOut, "timed-out"),
    (AttemptOutcome::Refused, "refused"),
    (AttemptOutcome::Dns, "dns"),
    (AttemptOutcome::Tls, "tls"),
    (AttemptOutcome::Broken, "broken"),
];

impl AttemptOutcome {
    /// Its word in JSON and in the requests list.
    pub fn as_str(self) -> &'static str {
        OUTCOMES.iter().find(|(outcome, _)| *outcome == self).map_or("", |(_, word)| word)
    }

    /// The outcome that a word means.
    pub fn from_name(word: &str) -> Option<Self> {
        OUTCOMES.iter().find(|(_, known)| *known == word).map(|(outcome, _)| *outcome)
    }
}

/// How long each phase took; `None` for a phase that was not reached or not needed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// Looking up the host's name.
    pub dns: Option<Duration>,
    /// Connecting (and the proxy's tunnel, if there is a proxy).
    pub connect: Option<Duration>,
    /// The TLS handshake.
    pub tls: Option<Duration>,
    /// From the connection to the head of the answer.
    pub wait: Option<Duration>,
    /// From the head of the answer to its last byte.
    pub body: Option<Duration>,
}

/// A target's answer. All of it comes from outside: escape it before it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// HTTP version, such as `HTTP/1.1`.
    pub version: String,
    /// Headers in the order they came, values with replacement characters for broken UTF-8.
    pub headers: Vec<(String, String)>,
    /// The first [`pgm::RESPONSE_CHARS`] characters, as PGM keeps them, decompressed where the
    /// target compressed unasked; broken UTF-8 as replacement characters.
    pub text: String,
    /// Size of the body in bytes, as it was transferred.
    pub bytes: u64,
    /// Whether there is more than `text` shows.
    pub truncated: bool,
}

impl Response {
    /// The first value of a header, its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let wanted = |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.headers.iter().find(wanted).map(|(_, value)| value.as_str())
    }
}

impl Attempt {
    /// HTTP status of the answer, if there is one, even one that was not finished.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// The verdict on this attempt alone.
    pub fn verdict(&self) -> DeliveryVerdict {
        match self.outcome {
            AttemptOutcome::Responded if self.status().is_some_and(pgm::is_success) => {
                DeliveryVerdict::Delivered
            }
            _ if self.reached => DeliveryVerdict::Failed,
            _ => DeliveryVerdict::Unreachable,
        }
    }
}

/// What PGM would show for a request, and whether it could be sent at all. Ordered from good
/// to bad, where a target that fails is worse than one that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeliveryVerdict {
    /// A 2xx in time.
    Delivered,
    /// No connection was ever made.
    Unreachable,
    /// A connection was made, but no 2xx came in time.
    Failed,
}

impl DeliveryVerdict {
    /// Its word in JSON and in the requests list.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Unreachable => "unreachable",
        }
    }
}

/// A signed request's attempts, and the verdict.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// In the order in which they were made; at least one.
    pub attempts: Vec<Attempt>,
    /// What PGM would show.
    pub verdict: DeliveryVerdict,
}
