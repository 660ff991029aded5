//! Writes into the list: a request and its attempts as they are made, and load runs.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde::Serialize;
use url::Url;

use super::list::{MAX_PER_SEND, Retention, prune_oldest};
use super::{AttemptKey, AttemptStart, ListError, PENDING, RequestsList, SendJob};
use crate::delivery::{Attempt, DeliveryVerdict, Timings};
use crate::load::{FailedRequest, LoadStats};
use crate::pgm::{RequestId, SignedRequest};
use crate::text::shown_name;

/// A load run that has ended.
#[derive(Debug, Clone)]
pub struct LoadRun {
    /// Its id in the list.
    pub id: RequestId,
    /// Its events.
    pub events: String,
    /// The name of the webhook, if it is one of pgwh.toml.
    pub webhook: Option<String>,
    /// The URL that was called.
    pub url: Url,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// The verdict on the run; `None` when it was interrupted.
    pub verdict: Option<DeliveryVerdict>,
    /// Its report, as JSON.
    pub summary: String,
    /// What came of its requests. The failures in it are kept, to be retried.
    pub stats: LoadStats,
}

impl RequestsList {
    /// Writes an attempt that is about to be made: of the request in `row`, or, where that is
    /// `None` or was removed, of one that is added to the list, which may remove old ones.
    pub(super) fn start_attempt(
        &mut self,
        row: Option<i64>,
        job: &SendJob,
        start: AttemptStart,
        retention: &Retention,
    ) -> rusqlite::Result<AttemptKey> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let next = match row {
            Some(row) => next_attempt(&transaction, row, job.request.request_id())?,
            None => None,
        };
        let key = match next {
            Some(key) => {
                transaction.execute(
                    "UPDATE request SET status = ?2, attempts = ?3 WHERE id = ?1",
                    params![key.row, PENDING, key.n],
                )?;
                key
            }
            None => {
                let row = insert_request(&transaction, job, start.at)?;
                prune_oldest(&transaction, retention, start.at, row, MAX_PER_SEND)?;
                AttemptKey { row, n: 1 }
            }
        };
        insert_attempt(&transaction, key, start)?;
        transaction.commit()?;
        Ok(key)
    }

    /// Writes the result of an attempt. The request gets the attempt's verdict, unless
    /// `others_are_running` in the same delivery.
    pub(super) fn finish_attempt(
        &mut self,
        key: AttemptKey,
        attempt: &Attempt,
        others_are_running: bool,
    ) -> rusqlite::Result<()> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        complete_attempt(&transaction, key, attempt)?;
        transaction.execute(
            "UPDATE request SET outcome = ?2, http_status = ?3, status = coalesce(?4, status) \
             WHERE id = ?1",
            params![
                key.row,
                attempt.outcome.as_str(),
                attempt.status(),
                (!others_are_running).then(|| attempt.verdict().as_str()),
            ],
        )?;
        transaction.commit()
    }

    /// Sets what PGM would show in the end.
    pub(super) fn set_verdict(
        &mut self,
        row: i64,
        verdict: DeliveryVerdict,
    ) -> rusqlite::Result<()> {
        self.db
            .execute("UPDATE request SET status = ?2 WHERE id = ?1", params![row, verdict.as_str()])
            .map(drop)
    }

    /// Writes a load run: one row for the run, whose content is its report, and a row for each of
    /// its kept failures, which are requests like all others.
    pub(super) fn insert_load_run(
        &mut self,
        run: &LoadRun,
        retention: &Retention,
    ) -> rusqlite::Result<()> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let run_row = insert_run(&transaction, run)?;
        let mut last = run_row;
        for failure in &run.stats.retained {
            last = insert_failure(&transaction, run, failure, run_row)?;
        }
        prune_oldest(&transaction, retention, run.began_at, last, MAX_PER_SEND)?;
        transaction.commit()
    }

    /// Removes a request with its attempts; returns whether it was there.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn remove(&mut self, row: i64) -> Result<bool, ListError> {
        remove(&mut self.db, row).map_err(|error| self.failed(error))
    }

    /// Replaces the headers of a request that was signed again.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn replace_headers(&mut self, row: i64, request: &SignedRequest) -> Result<(), ListError> {
        let headers = headers_json(request.headers());
        self.db
            .execute("UPDATE content SET headers = ?2 WHERE request = ?1", params![row, headers])
            .map(drop)
            .map_err(|error| self.failed(error))
    }
}

fn remove(db: &mut Connection, row: i64) -> rusqlite::Result<bool> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM attempt WHERE request = ?1", params![row])?;
    transaction.execute("DELETE FROM content WHERE request = ?1", params![row])?;
    let removed = transaction.execute("DELETE FROM request WHERE id = ?1", params![row])? > 0;
    if removed {
        transaction.execute("INSERT INTO gap (id) VALUES (?1)", params![row])?;
    }
    transaction.commit()?;
    Ok(removed)
}

/// The next attempt of a request; `None` when that was removed.
fn next_attempt(db: &Connection, row: i64, id: &RequestId) -> rusqlite::Result<Option<AttemptKey>> {
    let sql = "SELECT attempts + 1 FROM request WHERE id = ?1 AND request_id = ?2";
    let n = db.query_row(sql, params![row, id.as_str()], |columns| columns.get(0)).optional()?;
    Ok(n.map(|n| AttemptKey { row, n }))
}

fn insert_request(
    db: &Connection,
    job: &SendJob,
    created_at: DateTime<Utc>,
) -> rusqlite::Result<i64> {
    let SendJob { event, webhook, url, request, from_capture, story, .. } = job;
    // A body may claim any name.
    let event = event.as_deref().map(shown_name);
    let (id, created_at) = (request.request_id().as_str(), created_at.timestamp_millis());
    db.execute(
        "INSERT INTO request (request_id, event, webhook, url, created_at, status, attempts, \
         from_capture, story) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8)",
        params![id, event, webhook, url.as_str(), created_at, PENDING, from_capture, story],
    )?;
    let row = db.last_insert_rowid();
    insert_content(db, row, &headers_json(request.headers()), request.body())?;
    Ok(row)
}

fn insert_content(db: &Connection, row: i64, headers: &str, body: &[u8]) -> rusqlite::Result<()> {
    let sql = "INSERT INTO content (request, headers, body) VALUES (?1, ?2, ?3)";
    db.execute(sql, params![row, headers, body]).map(drop)
}

fn insert_attempt(db: &Connection, key: AttemptKey, start: AttemptStart) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO attempt (request, n, started_at, pid, deadline) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            key.row,
            key.n,
            start.at.timestamp_millis(),
            start.pid,
            start.deadline.timestamp_millis(),
        ],
    )
    .map(drop)
}

fn complete_attempt(db: &Connection, key: AttemptKey, attempt: &Attempt) -> rusqlite::Result<()> {
    let Timings { dns, connect, tls, wait, body } = attempt.timings;
    let response = attempt.response.as_ref();
    db.execute(
        "UPDATE attempt SET outcome = ?3, reached = ?4, elapsed = ?5, dns = ?6, connect = ?7, \
         tls = ?8, wait = ?9, body = ?10, http_status = ?11, http_version = ?12, headers = ?13, \
         text = ?14, bytes = ?15, truncated = ?16, error = ?17 WHERE request = ?1 AND n = ?2",
        params![
            key.row,
            key.n,
            attempt.outcome.as_str(),
            attempt.reached,
            micros(attempt.elapsed),
            dns.map(micros),
            connect.map(micros),
            tls.map(micros),
            wait.map(micros),
            body.map(micros),
            attempt.status(),
            response.map(|response| &response.version),
            response.map(|response| headers_json(&response.headers)),
            response.map(|response| &response.text),
            response.map(|response| count(response.bytes)),
            response.map(|response| response.truncated),
            attempt.error,
        ],
    )
    .map(drop)
}

fn insert_run(db: &Connection, run: &LoadRun) -> rusqlite::Result<i64> {
    db.execute(
        "INSERT INTO request (request_id, event, webhook, url, created_at, status, attempts, \
         load_requests, load_failed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8)",
        params![
            run.id.as_str(),
            run.events,
            run.webhook,
            run.url.as_str(),
            run.began_at.timestamp_millis(),
            // Without an attempt, pending means interrupted.
            run.verdict.map_or(PENDING, DeliveryVerdict::as_str),
            count(run.stats.requests),
            count(run.stats.failed()),
        ],
    )?;
    let row = db.last_insert_rowid();
    insert_content(db, row, "[]", run.summary.as_bytes())?;
    Ok(row)
}

fn insert_failure(
    db: &Connection,
    run: &LoadRun,
    failure: &FailedRequest,
    run_row: i64,
) -> rusqlite::Result<i64> {
    let FailedRequest { event, request, attempt } = failure;
    let (webhook, url) = (run.webhook.clone(), run.url.clone());
    let job = SendJob::new(Some(event.clone()), webhook, url, request.clone());
    let row = insert_request(db, &job, attempt.started_at)?;
    let key = AttemptKey { row, n: 1 };
    let start = AttemptStart { at: attempt.started_at, deadline: attempt.started_at, pid: 0 };
    insert_attempt(db, key, start)?;
    complete_attempt(db, key, attempt)?;
    // A response that came late may have been a 2xx; for PGM the request failed.
    let verdict = match attempt.verdict() {
        DeliveryVerdict::Unreachable => DeliveryVerdict::Unreachable,
        DeliveryVerdict::Delivered | DeliveryVerdict::Failed => DeliveryVerdict::Failed,
    };
    db.execute(
        "UPDATE request SET outcome = ?2, http_status = ?3, status = ?4, load_row = ?5 \
         WHERE id = ?1",
        params![row, attempt.outcome.as_str(), attempt.status(), verdict.as_str(), run_row],
    )?;
    Ok(row)
}

/// SQLite's integers have a sign.
fn count(number: u64) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// Writes headers.
fn headers_json<T: Serialize>(headers: &[(T, T)]) -> String {
    // Pairs of text always have a JSON form.
    serde_json::to_string(headers).unwrap_or_default()
}

/// Writes a duration.
fn micros(duration: Duration) -> i64 {
    duration.as_micros().try_into().unwrap_or(i64::MAX)
}
