//! What is refused before it becomes a request.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};

/// A connection or a message that did not become a request. All text in it comes from outside.
#[derive(Debug)]
pub struct Refusal {
    /// Address and port of the client.
    pub peer: SocketAddr,
    /// When it was refused.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: RefusalReason,
    /// Method and request target, as far as they arrived.
    pub target: Option<(String, String)>,
}

/// Why something was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum RefusalReason {
    /// PGM only ever sends `POST`.
    #[error("only POST is accepted")]
    Method,
    /// The request target is not a plain path: it has dot segments, a host, or is `*`.
    #[error("the request target must be a plain path")]
    Target,
    /// A web page of another site made the browser send it.
    #[error("a web page sent this from a browser (--allow-browser accepts it)")]
    Browser,
    /// The request went through this receiver before.
    #[error("this receiver forwards to itself")]
    Loop,
    /// The body is larger than the limit.
    #[error("the body is larger than the limit")]
    BodyTooLarge,
    /// The head is larger than the limit.
    #[error("the head is larger than the limit")]
    HeadTooLarge,
    /// The head did not arrive in time.
    #[error("the head did not arrive in time")]
    HeadTooSlow,
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    BodyTooSlow,
    /// The client went away before its body was complete.
    #[error("the client went away before its request was complete")]
    Incomplete,
    /// The bytes are not HTTP.
    #[error("the bytes are not HTTP")]
    NotHttp,
    /// The TLS handshake failed.
    #[error("the TLS handshake failed")]
    Tls,
}

impl RefusalReason {
    /// The status that is sent; `None` where nobody is left to read it.
    pub fn status(self) -> Option<u16> {
        match self {
            Self::Method => Some(405),
            Self::Target | Self::NotHttp => Some(400),
            Self::Browser => Some(403),
            Self::Loop => Some(508),
            Self::BodyTooLarge => Some(413),
            Self::HeadTooLarge => Some(431),
            Self::HeadTooSlow | Self::BodyTooSlow => Some(408),
            Self::Incomplete | Self::Tls => None,
        }
    }
}
