//! Calls that are turned away before they are requests.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};

/// A call that did not become a request. All text in it comes from outside.
#[derive(Debug)]
pub struct Refusal {
    /// Who called.
    pub remote: SocketAddr,
    /// When it was turned away.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Reason,
    /// Method and path, as far as they came.
    pub target: Option<(String, String)>,
}

/// Why a call was turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Reason {
    /// PGM only ever sends `POST`.
    #[error("only POST is taken here")]
    Method,
    /// The body is larger than the limit.
    #[error("the body is larger than the limit")]
    BodyTooLarge,
    /// The head is larger than the limit.
    #[error("the head is larger than the limit")]
    HeadTooLarge,
    /// The request line is longer than the limit.
    #[error("the URL is longer than the limit")]
    UrlTooLong,
    /// The head did not come in time.
    #[error("the head did not come in time")]
    HeadTooSlow,
    /// The body did not come in time.
    #[error("the body did not come in time")]
    BodyTooSlow,
    /// The caller went away before its body was there.
    #[error("the caller went away before its request was whole")]
    CutOff,
    /// What came is not HTTP.
    #[error("what came is not HTTP")]
    NotHttp,
    /// TLS could not be agreed on.
    #[error("the TLS handshake failed")]
    Tls,
}

impl Reason {
    /// The status that says so, where there is somebody to tell.
    pub fn status(self) -> Option<u16> {
        match self {
            Self::Method => Some(405),
            Self::BodyTooLarge => Some(413),
            Self::UrlTooLong => Some(414),
            Self::HeadTooLarge => Some(431),
            Self::HeadTooSlow | Self::BodyTooSlow => Some(408),
            Self::NotHttp => Some(400),
            Self::CutOff | Self::Tls => None,
        }
    }
}
