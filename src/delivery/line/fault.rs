//! How an exchange goes wrong.

use std::io::{self, ErrorKind};

use super::http1::NotHttp;
use crate::delivery::classify::words;

/// What broke a connection.
#[derive(Debug)]
pub(super) enum Fault {
    /// It ended before a byte of the answer came: the target may never have known of the request.
    Gone(io::Error),
    /// It ended in the midst of the answer.
    Ended(io::Error),
    /// What came is no answer, or not a whole one.
    NotHttp(NotHttp),
}

impl Fault {
    /// The target hung up, and said nothing to this request.
    pub(super) fn gone() -> Self {
        let words = "connection closed before message completed";
        Self::Gone(io::Error::new(ErrorKind::UnexpectedEof, words))
    }

    /// What happened, in one line of words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Gone(error) | Self::Ended(error) => words(error),
            Self::NotHttp(error) => error.to_string(),
        }
    }
}

impl From<NotHttp> for Fault {
    fn from(error: NotHttp) -> Self {
        Self::NotHttp(error)
    }
}
