//! How an exchange goes wrong.

use std::io;

use super::http1::{CLOSED, NotHttp};
use crate::delivery::classify::words;

/// What broke a connection.
#[derive(Debug)]
pub(super) enum Fault {
    /// It had ended before anything of the request was sent.
    Stale,
    /// It ended before the answer was whole.
    Ended(io::Error),
    /// What came is no answer, or not a whole one.
    NotHttp(NotHttp),
}

impl Fault {
    /// What happened, in one line of words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Stale => CLOSED.to_owned(),
            Self::Ended(error) => words(error),
            Self::NotHttp(error) => error.to_string(),
        }
    }
}

impl From<NotHttp> for Fault {
    fn from(error: NotHttp) -> Self {
        Self::NotHttp(error)
    }
}
