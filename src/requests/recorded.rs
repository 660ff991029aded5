//! A transport that writes each attempt down before and after.

use std::cell::Cell;

use chrono::{DateTime, Utc};

use super::journal::{Journal, Sent};
use super::line::{Ended, Line, News, Of};
use crate::delivery::{Attempt, DeliveryVerdict, Transport};
use crate::pgm::SignedRequest;

/// Makes the attempts of one request through another transport, and keeps the journal.
#[derive(Debug)]
pub struct Recorded<'a, T> {
    inner: &'a T,
    journal: &'a Journal,
    sent: Sent<'a>,
    /// The request's row, where it was in the list before.
    row: Option<i64>,
    run: i64,
    begun: Cell<i64>,
    last: Cell<Option<DeliveryVerdict>>,
}

impl<'a, T> Recorded<'a, T> {
    /// For a request that is new to the list, or, with its `row`, one that is in it.
    pub fn new(inner: &'a T, journal: &'a Journal, sent: Sent<'a>, row: Option<i64>) -> Self {
        let (run, begun, last) = (journal.next_run(), Cell::default(), Cell::default());
        Self { inner, journal, sent, row, run, begun, last }
    }

    /// Writes down what PGM would show in the end, where the last attempt does not say it.
    pub fn conclude(&self, verdict: DeliveryVerdict, now: DateTime<Utc>) {
        if self.last.get().is_some_and(|last| last != verdict) {
            self.tell(News::Concluded(verdict.as_str().to_owned()), now);
        }
    }

    /// Says that an attempt begins; gives its number in this sending.
    fn begin(&self, now: DateTime<Utc>) -> i64 {
        let n = self.begun.get() + 1;
        self.begun.set(n);
        let of = match (n, self.row) {
            (1, None) => Of::New(self.journal.new_request(&self.sent)),
            (1, Some(row)) => Of::Listed(row),
            _ => Of::Same,
        };
        self.tell(News::Begun(self.journal.begun(of, self.sent.timeout, now)), now);
        n
    }

    fn tell(&self, news: News, now: DateTime<Utc>) {
        let id = self.sent.request.request_id().as_str().to_owned();
        self.journal.add(&Line { id, run: self.run, news }, now);
    }
}

impl<T: Transport> Transport for Recorded<'_, T> {
    async fn attempt(&self, request: &SignedRequest, n: u32, started_at: DateTime<Utc>) -> Attempt {
        let begun = self.begin(started_at);
        let attempt = self.inner.attempt(request, n, started_at).await;
        self.tell(News::Ended(Box::new(Ended::new(begun, &attempt))), started_at);
        self.last.set(Some(attempt.verdict()));
        attempt
    }
}
