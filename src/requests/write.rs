//! Writing a request down before it is sent, and what came of it after.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, TransactionBehavior, params};

use super::columns::{PENDING, headers_json, micros};
use super::error::ListError;
use super::journal::Sent;
use super::open::RequestsList;
use super::retention::{self, Retention};
use crate::delivery::{Attempt, Verdict};
use crate::pgm::SignedRequest;

/// The process that writes: its id, and a number that tells it from earlier ones of that id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Writer {
    pub(super) pid: u32,
    pub(super) run: i64,
}

/// An attempt that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Begun {
    pub(super) row: i64,
    pub(super) n: u32,
}

/// Time that a process may need beyond an attempt's own limit before it counts as gone.
const SLACK: Duration = Duration::from_secs(5);

impl RequestsList {
    /// Puts a new request with its first attempt into the list, and removes what the list
    /// should not keep any longer.
    pub(super) fn begin_new(
        &mut self,
        sent: &Sent<'_>,
        writer: Writer,
        now: DateTime<Utc>,
        retention: &Retention,
    ) -> rusqlite::Result<Begun> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let row = insert_request(&transaction, sent, writer, now)?;
        retention::apply(&transaction, retention, now, row, retention::AT_ONCE)?;
        transaction.commit()?;
        Ok(Begun { row, n: 1 })
    }

    /// Adds an attempt to a request that is in the list.
    pub(super) fn begin_again(
        &mut self,
        row: i64,
        sent: &Sent<'_>,
        writer: Writer,
        now: DateTime<Utc>,
    ) -> rusqlite::Result<Begun> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may add attempts to the same request: the number is the list's to give.
        let n = transaction.query_row(
            "INSERT INTO attempt (request, n, run, started_at) \
             SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3 FROM attempt WHERE request = ?1 \
             RETURNING n",
            params![row, writer.run, now.timestamp_millis()],
            |row| row.get(0),
        )?;
        transaction.execute(
            "UPDATE request SET status = ?2, attempts = ?3, pid = ?4, deadline = ?5 WHERE id = ?1",
            params![row, PENDING, n, writer.pid, deadline(sent.timeout, now)],
        )?;
        transaction.commit()?;
        Ok(Begun { row, n })
    }

    /// Writes down what came of an attempt. The request has the attempt's verdict, unless
    /// another attempt of the same process is still under way.
    pub(super) fn complete(
        &mut self,
        begun: Begun,
        attempt: &Attempt,
        writer: Writer,
    ) -> rusqlite::Result<()> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        complete_attempt(&transaction, begun, attempt)?;
        transaction.execute(
            "UPDATE request SET outcome = ?2, http_status = ?3, status = CASE WHEN EXISTS \
                 (SELECT 1 FROM attempt WHERE request = ?1 AND run = ?4 AND outcome IS NULL) \
                 THEN status ELSE ?5 END WHERE id = ?1",
            params![
                begun.row,
                attempt.outcome.word(),
                attempt.status(),
                writer.run,
                attempt.verdict().word(),
            ],
        )?;
        transaction.commit()
    }

    /// Sets what PGM would show in the end, where that is not the last attempt's verdict.
    pub(super) fn conclude(&mut self, row: i64, verdict: Verdict) -> rusqlite::Result<()> {
        self.db
            .execute("UPDATE request SET status = ?2 WHERE id = ?1", params![row, verdict.word()])
            .map(drop)
    }

    /// Replaces the headers of a request that was signed again.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn resign(&mut self, row: i64, request: &SignedRequest) -> Result<(), ListError> {
        let headers = headers_json(request.headers());
        self.db
            .execute("UPDATE content SET headers = ?2 WHERE request = ?1", params![row, headers])
            .map(drop)
            .map_err(|error| self.failed(error))
    }
}

/// When an attempt that begins now is over at the latest.
fn deadline(timeout: Duration, now: DateTime<Utc>) -> i64 {
    let limit = TimeDelta::from_std(timeout.saturating_add(SLACK)).unwrap_or(TimeDelta::MAX);
    now.checked_add_signed(limit).unwrap_or(DateTime::<Utc>::MAX_UTC).timestamp_millis()
}

/// Puts a request with its first attempt, both unfinished; gives its row.
pub(super) fn insert_request(
    db: &Connection,
    sent: &Sent<'_>,
    writer: Writer,
    now: DateTime<Utc>,
) -> rusqlite::Result<i64> {
    db.execute(
        "INSERT INTO request (request_id, event, webhook, url, created_at, status, attempts, pid, \
         deadline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8)",
        params![
            sent.request.request_id().as_str(),
            sent.event,
            sent.webhook,
            sent.url.as_str(),
            now.timestamp_millis(),
            PENDING,
            writer.pid,
            deadline(sent.timeout, now),
        ],
    )?;
    let row = db.last_insert_rowid();
    insert_content(db, row, &headers_json(sent.request.headers()), sent.request.body())?;
    db.execute(
        "INSERT INTO attempt (request, n, run, started_at) VALUES (?1, 1, ?2, ?3)",
        params![row, writer.run, now.timestamp_millis()],
    )?;
    Ok(row)
}

/// Puts in what only one request at a time is asked for.
pub(super) fn insert_content(
    db: &Connection,
    row: i64,
    headers: &str,
    body: &[u8],
) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO content (request, headers, body) VALUES (?1, ?2, ?3)",
        params![row, headers, body],
    )
    .map(drop)
}

/// Writes down what came of an attempt.
pub(super) fn complete_attempt(
    db: &Connection,
    begun: Begun,
    attempt: &Attempt,
) -> rusqlite::Result<()> {
    let (timings, answer) = (&attempt.timings, attempt.answer.as_ref());
    db.execute(
        "UPDATE attempt SET outcome = ?3, reached = ?4, elapsed = ?5, dns = ?6, connect = ?7, \
         tls = ?8, wait = ?9, body = ?10, http_status = ?11, http_version = ?12, headers = ?13, \
         text = ?14, bytes = ?15, truncated = ?16, error = ?17 WHERE request = ?1 AND n = ?2",
        params![
            begun.row,
            begun.n,
            attempt.outcome.word(),
            attempt.reached,
            micros(attempt.elapsed),
            timings.dns.map(micros),
            timings.connect.map(micros),
            timings.tls.map(micros),
            timings.wait.map(micros),
            timings.body.map(micros),
            attempt.status(),
            answer.map(|answer| answer.version.as_str()),
            answer.map(|answer| headers_json(&answer.headers)),
            answer.map(|answer| answer.text.as_str()),
            answer.map(|answer| i64::try_from(answer.bytes).unwrap_or(i64::MAX)),
            answer.map(|answer| answer.truncated),
            attempt.error,
        ],
    )
    .map(drop)
}
