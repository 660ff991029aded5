//! Load runs in the list: one row for the run, and a row for each of its first failures. They
//! are written when the run is over.
//!
//! The row of a run has `load_calls`; what `content` holds of it is its report as JSON. The rows
//! of its failures have `load_row`, and are requests like all others.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, params};
use url::Url;

use super::journal::{Journal, Sent};
use super::line::{Ended, Of};
use super::open::RequestsList;
use super::retention;
use super::write::{Sending, complete_attempt, insert_content, insert_request};
use crate::delivery::DeliveryVerdict;
use crate::load::Example;
use crate::pgm::RequestId;

/// A load run that is over.
#[derive(Debug, Clone, Copy)]
pub struct LoadRun<'a> {
    /// What it is called in the list.
    pub id: &'a RequestId,
    /// Its events.
    pub events: &'a str,
    /// The name of the webhook, where it is one of the webhooks file.
    pub webhook: Option<&'a str>,
    /// The URL that was called.
    pub url: &'a Url,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// How many calls were made.
    pub calls: u64,
    /// How many of them failed.
    pub failed: u64,
    /// What is made of it.
    pub verdict: DeliveryVerdict,
    /// Its report, as JSON.
    pub summary: &'a str,
    /// The calls that are kept to be retried.
    pub failures: &'a [Example],
}

impl Journal {
    /// Writes a run down. Whether that could be done.
    pub fn record_run(&self, run: &LoadRun<'_>) -> bool {
        self.with_list(run.began_at, |list| list.record_run(run, self)).is_some()
    }
}

impl RequestsList {
    fn record_run(&mut self, run: &LoadRun<'_>, journal: &Journal) -> rusqlite::Result<()> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut last = insert_run(&transaction, run)?;
        let row = last;
        for failure in run.failures {
            last = insert_failure(&transaction, run, failure, row, journal)?;
        }
        let retention = journal.retention();
        retention::apply(&transaction, retention, run.began_at, last, retention::AT_ONCE)?;
        transaction.commit()
    }
}

fn insert_run(db: &Connection, run: &LoadRun<'_>) -> rusqlite::Result<i64> {
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    db.execute(
        "INSERT INTO request (request_id, event, webhook, url, created_at, status, attempts, pid, \
         deadline, load_calls, load_failed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, ?7, ?8)",
        params![
            run.id.as_str(),
            run.events,
            run.webhook,
            run.url.as_str(),
            run.began_at.timestamp_millis(),
            run.verdict.as_str(),
            count(run.calls),
            count(run.failed),
        ],
    )?;
    let row = db.last_insert_rowid();
    insert_content(db, row, &"[]", &run.summary.as_bytes())?;
    Ok(row)
}

fn insert_failure(
    db: &Connection,
    run: &LoadRun<'_>,
    failure: &Example,
    run_row: i64,
    journal: &Journal,
) -> rusqlite::Result<i64> {
    let Example { event, request, attempt } = failure;
    let sent = Sent {
        event: Some(event),
        webhook: run.webhook,
        url: run.url,
        request,
        timeout: attempt.elapsed,
    };
    let request = journal.new_request(&sent);
    let begun = journal.begun(Of::Same, sent.timeout, attempt.started_at);
    let sending = Sending { id: sent.request.request_id().as_str(), run: journal.next_run() };
    let row = insert_request(db, sending, &begun, &request)?;
    complete_attempt(db, row, 1, &Ended::new(1, attempt))?;
    db.execute(
        "UPDATE request SET outcome = ?2, http_status = ?3, status = ?4, load_row = ?5 \
         WHERE id = ?1",
        params![row, attempt.outcome.as_str(), attempt.status(), failed_word(attempt), run_row],
    )?;
    Ok(row)
}

/// An answer that came late was a 2xx; for PGM it failed all the same.
fn failed_word(attempt: &crate::delivery::Attempt) -> &'static str {
    match attempt.verdict() {
        DeliveryVerdict::Unreachable => DeliveryVerdict::Unreachable.as_str(),
        DeliveryVerdict::Delivered | DeliveryVerdict::Failed => DeliveryVerdict::Failed.as_str(),
    }
}
