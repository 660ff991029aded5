//! Writing into the list what the lines of the inbox say.

use std::time::Duration;

use chrono::DateTime;
use rusqlite::types::Value as Cell;
use rusqlite::{Connection, OptionalExtension, ToSql, params, params_from_iter};

use super::columns::{PENDING, headers_json};
use super::error::ListError;
use super::line::{Begun, Ended, Line, NewRequest, News, Of};
use super::open::RequestsList;
use super::retention::{self, Retention};
use crate::pgm::SignedRequest;

/// One sending of a request: the request's id, and a number that no other sending of it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending<'a> {
    pub(super) id: &'a str,
    pub(super) run: i64,
}

/// Writes what a line says. Of a request that was removed meanwhile nothing is written.
pub(super) fn apply(db: &Connection, line: &Line) -> rusqlite::Result<()> {
    let sending = Sending { id: &line.id, run: line.run };
    match &line.news {
        News::Begun(begun) => begin(db, sending, begun),
        News::Ended(ended) => find(db, sending)?.map_or(Ok(()), |row| end(db, row, sending, ended)),
        News::Concluded(status) => {
            find(db, sending)?.map_or(Ok(()), |row| conclude(db, row, status))
        }
    }
}

fn begin(db: &Connection, sending: Sending<'_>, begun: &Begun) -> rusqlite::Result<()> {
    let row = match &begun.of {
        Of::New(request) => return insert_new(db, sending, begun, request),
        Of::Listed(row) => is_listed(db, *row, sending.id)?.then_some(*row),
        Of::Same => find(db, sending)?,
    };
    row.map_or(Ok(()), |row| add_attempt(db, row, sending, begun))
}

/// Puts a new request into the list, and removes what that should not keep any longer.
fn insert_new(
    db: &Connection,
    sending: Sending<'_>,
    begun: &Begun,
    request: &NewRequest,
) -> rusqlite::Result<()> {
    let row = insert_request(db, sending, begun, request)?;
    let retention = Retention {
        keep: request.keep.try_into().unwrap_or(u32::MAX),
        older_than: Duration::from_millis(request.older_than.unsigned_abs()),
    };
    let now = DateTime::from_timestamp_millis(begun.at).unwrap_or_default();
    retention::apply(db, &retention, now, row, retention::AT_ONCE).map(drop)
}

/// Writes down what came of an attempt. The request has the attempt's verdict, unless another
/// attempt of the same sending is still under way.
fn end(db: &Connection, row: i64, sending: Sending<'_>, ended: &Ended) -> rusqlite::Result<()> {
    let n = db
        .query_row(
            "SELECT n FROM attempt WHERE request = ?1 AND run = ?2 ORDER BY n LIMIT 1 OFFSET ?3",
            params![row, sending.run, ended.n.saturating_sub(1)],
            |row| row.get(0),
        )
        .optional()?;
    let Some(n) = n else { return Ok(()) };
    complete_attempt(db, row, n, ended)?;
    db.execute(
        "UPDATE request SET (outcome, http_status) = \
             (SELECT outcome, http_status FROM attempt WHERE request = ?1 AND n = ?2), \
             status = CASE WHEN EXISTS \
             (SELECT 1 FROM attempt WHERE request = ?1 AND run = ?3 AND outcome IS NULL) \
             THEN status ELSE ?4 END WHERE id = ?1",
        params![row, n, sending.run, ended.status],
    )
    .map(drop)
}

/// Sets what PGM would show in the end.
fn conclude(db: &Connection, row: i64, status: &str) -> rusqlite::Result<()> {
    db.execute("UPDATE request SET status = ?2 WHERE id = ?1", params![row, status]).map(drop)
}

/// The newest row of the request in which this sending is.
fn find(db: &Connection, sending: Sending<'_>) -> rusqlite::Result<Option<i64>> {
    db.query_row(
        "SELECT request.id FROM request JOIN attempt ON attempt.request = request.id \
         WHERE request_id = ?1 AND run = ?2 ORDER BY request.id DESC LIMIT 1",
        params![sending.id, sending.run],
        |row| row.get(0),
    )
    .optional()
}

/// Whether a row is still the request of this id.
fn is_listed(db: &Connection, row: i64, id: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM request WHERE id = ?1 AND request_id = ?2)";
    db.query_row(sql, params![row, id], |row| row.get(0))
}

/// Adds an attempt to a request that is in the list.
fn add_attempt(
    db: &Connection,
    row: i64,
    sending: Sending<'_>,
    begun: &Begun,
) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO attempt (request, n, run, started_at) \
         SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3 FROM attempt WHERE request = ?1",
        params![row, sending.run, begun.at],
    )?;
    db.execute(
        "UPDATE request SET status = ?2, pid = ?3, deadline = ?4, \
         attempts = (SELECT max(n) FROM attempt WHERE request = ?1) WHERE id = ?1",
        params![row, PENDING, begun.pid, begun.deadline],
    )
    .map(drop)
}

/// Puts a request with its first attempt, both unfinished; gives its row.
pub(super) fn insert_request(
    db: &Connection,
    sending: Sending<'_>,
    begun: &Begun,
    request: &NewRequest,
) -> rusqlite::Result<i64> {
    let [event, webhook, url, headers, body] = &request.cells;
    db.execute(
        "INSERT INTO request (request_id, event, webhook, url, created_at, status, attempts, pid, \
         deadline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8)",
        params![sending.id, event, webhook, url, begun.at, PENDING, begun.pid, begun.deadline],
    )?;
    let row = db.last_insert_rowid();
    insert_content(db, row, headers, body)?;
    db.execute(
        "INSERT INTO attempt (request, n, run, started_at) VALUES (?1, 1, ?2, ?3)",
        params![row, sending.run, begun.at],
    )?;
    Ok(row)
}

/// Puts in what only one request at a time is asked for.
pub(super) fn insert_content(
    db: &Connection,
    row: i64,
    headers: &dyn ToSql,
    body: &dyn ToSql,
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
    row: i64,
    n: i64,
    ended: &Ended,
) -> rusqlite::Result<()> {
    let key = [Cell::Integer(row), Cell::Integer(n)];
    db.execute(
        "UPDATE attempt SET outcome = ?3, reached = ?4, elapsed = ?5, dns = ?6, connect = ?7, \
         tls = ?8, wait = ?9, body = ?10, http_status = ?11, http_version = ?12, headers = ?13, \
         text = ?14, bytes = ?15, truncated = ?16, error = ?17 WHERE request = ?1 AND n = ?2",
        params_from_iter(key.iter().chain(&ended.cells)),
    )
    .map(drop)
}

impl RequestsList {
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
