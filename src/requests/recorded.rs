//! A transport that writes each attempt down before and after.

use std::cell::Cell;

use chrono::{DateTime, Utc};

use super::journal::{Journal, Sent};
use crate::delivery::{Attempt, Transport, Verdict};
use crate::pgm::SignedRequest;

/// Makes the attempts of one request through another transport, and keeps the journal.
#[derive(Debug)]
pub struct Recorded<'a, T> {
    inner: &'a T,
    journal: &'a Journal,
    sent: Sent<'a>,
    row: Cell<Option<i64>>,
    last: Cell<Option<Verdict>>,
}

impl<'a, T> Recorded<'a, T> {
    /// For a request that is new to the list, or, with its `row`, one that is in it.
    pub fn new(inner: &'a T, journal: &'a Journal, sent: Sent<'a>, row: Option<i64>) -> Self {
        Self { inner, journal, sent, row: Cell::new(row), last: Cell::new(None) }
    }

    /// Writes down what PGM would show in the end, where the last attempt does not say it.
    pub fn conclude(&self, verdict: Verdict, now: DateTime<Utc>) {
        if let Some(row) = self.row.get().filter(|_| self.last.get() != Some(verdict)) {
            self.journal.conclude(row, verdict, now);
        }
    }
}

impl<T: Transport> Transport for Recorded<'_, T> {
    async fn attempt(&self, request: &SignedRequest, n: u32, started_at: DateTime<Utc>) -> Attempt {
        let begun = self.journal.begin(self.row.get(), &self.sent, started_at);
        if let Some(begun) = begun {
            self.row.set(Some(begun.row));
        }
        let attempt = self.inner.attempt(request, n, started_at).await;
        if let Some(begun) = begun {
            self.journal.complete(begun, &attempt);
            self.last.set(Some(attempt.verdict()));
        }
        attempt
    }
}
