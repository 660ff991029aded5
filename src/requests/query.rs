//! Reads the list: all rows that match a filter, one request, the request that an id means. Times of
//! day are milliseconds since 1970, durations microseconds, headers JSON.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::types::{Type, Value};
use rusqlite::{Error, OptionalExtension, Row, params, params_from_iter};
use url::Url;

use super::{
    AttemptStatus, ListError, LoadCounts, PENDING, RequestRow, RequestsList, Status, StoredAttempt,
    StoredRequest,
};
use crate::delivery::{Attempt, AttemptOutcome, Response, Timings};
use crate::pgm::{RequestId, SignedRequest};

/// Means the newest request where an id is expected.
const LAST: &str = "last";

/// The most rows that are shown for an ambiguous id.
const MAX_CANDIDATES: usize = 10;

/// The length of an id's shown beginning, where that is enough to tell it from all others.
const MIN_SHORT_ID: usize = 8;

/// Which requests are wanted; all of them by default.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those that did not succeed and are not being sent.
    pub failed: bool,
    /// Only those of this event.
    pub event: Option<String>,
    /// Only those sent to the webhook of this name.
    pub webhook: Option<String>,
    /// Only those that are part of the story of this name.
    pub story: Option<String>,
    /// Only those first sent at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Only those whose id begins with this.
    pub id: Option<String>,
    /// Only the failures of the load run in this row.
    pub load_run: Option<i64>,
    /// No load runs, which are not requests that can be sent again; only what they keep.
    pub no_load_runs: bool,
    /// Only those with this status.
    pub status: Option<Status>,
    /// Only those whose last response has a status of this class: 2 for 2xx. 0 means no response.
    pub status_class: Option<u16>,
    /// Only those with this text in the event, the webhook, the URL, the id or the body. In the body,
    /// upper and lower case differ.
    pub text: Option<String>,
    /// Only those older than the one in this row.
    pub before: Option<i64>,
    /// No more than this, the newest.
    pub limit: Option<usize>,
}

impl Filter {
    /// Whether SQL alone cannot tell which requests match.
    fn needs_process_check(&self) -> bool {
        self.failed || matches!(self.status, Some(Status::Sending | Status::Interrupted))
    }
}

impl RequestsList {
    /// The requests that match the filter, newest first.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn list(&self, filter: &Filter, now: DateTime<Utc>) -> Result<Vec<RequestRow>, ListError> {
        self.query(filter, now).map_err(|error| self.failed(error))
    }

    /// The number of requests that match the filter, whatever its limit.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn count(&self, filter: &Filter, now: DateTime<Utc>) -> Result<usize, ListError> {
        if filter.needs_process_check() {
            let filter = Filter { limit: None, ..filter.clone() };
            return self.list(&filter, now).map(|rows| rows.len());
        }
        let (conditions, values) = conditions(filter);
        let sql = format!("SELECT count(*) FROM request {conditions}");
        let count = self.db.query_row(&sql, params_from_iter(values), |row| row.get::<_, i64>(0));
        count
            .map(|count| usize::try_from(count).unwrap_or_default())
            .map_err(|error| self.failed(error))
    }

    /// The request in this row, if there is one.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn row(&self, row: i64, now: DateTime<Utc>) -> Result<Option<RequestRow>, ListError> {
        let sql = format!("{SELECT_REQUEST} WHERE id = ?1");
        self.db
            .query_row(&sql, params![row], |row| request_row(row, now))
            .optional()
            .map_err(|error| self.failed(error))
    }

    /// A number that changes with each commit of another process or connection.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn data_version(&self) -> Result<i64, ListError> {
        let version = self.db.query_row("PRAGMA data_version", [], |row| row.get(0));
        version.map_err(|error| self.failed(error))
    }

    /// All that is known of a request; `None` when it was removed meanwhile.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn read(
        &self,
        entry: RequestRow,
        now: DateTime<Utc>,
    ) -> Result<Option<StoredRequest>, ListError> {
        match self.load(entry, now) {
            Ok(stored) => Ok(Some(stored)),
            Err(Error::QueryReturnedNoRows) => Ok(None),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Finds the request whose id is, or begins with, this text; where several ids begin with it, the
    /// newest request of each. `last` is the newest of all, `last~1` the one before it. Where several requests have the same id,
    /// it means the newest, `~1` after it the one before that, and so on.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn find(&self, text: &str, now: DateTime<Utc>) -> Result<Vec<RequestRow>, ListError> {
        if text == LAST {
            return self.list(&Filter { limit: Some(1), ..Filter::default() }, now);
        }
        let before_last = text.strip_prefix(LAST).and_then(|rest| rest.strip_prefix('~'));
        if let Some(n) = before_last.and_then(|n| n.parse::<usize>().ok()) {
            let filter = Filter { limit: Some(n.saturating_add(1)), ..Filter::default() };
            return Ok(self.list(&filter, now)?.into_iter().skip(n).collect());
        }
        let nth = |id: &str, n| self.nth(id, n, now).map_err(|error| self.failed(error));
        if let Some(exact) = nth(text, 0)? {
            return Ok(vec![exact]);
        }
        if let Some((id, n)) = text.rsplit_once('~').and_then(|(id, n)| Some((id, n.parse().ok()?)))
        {
            let found = self.find(id, now)?;
            return match &found[..] {
                [newest] => Ok(nth(newest.request_id.as_str(), n)?.into_iter().collect()),
                _ => Ok(found),
            };
        }
        let filter = Filter { id: Some(text.to_owned()), ..Filter::default() };
        let mut rows: Vec<RequestRow> = Vec::new();
        for row in self.list(&filter, now)? {
            let is_known = rows.iter().any(|other| other.request_id == row.request_id);
            if !is_known && rows.len() < MAX_CANDIDATES {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    /// What [`find`](Self::find) finds this request by: the beginning of its id that no other id
    /// has, never very short, and its position among those with the same id.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn short_id(&self, row: &RequestRow) -> Result<String, ListError> {
        let id = row.request_id.as_str();
        let sql = "SELECT (SELECT max(request_id) FROM request WHERE request_id < ?1), \
                   (SELECT min(request_id) FROM request WHERE request_id > ?1), \
                   (SELECT count(*) FROM request WHERE request_id = ?1 AND id > ?2)";
        let (neighbours, newer): ([Option<String>; 2], i64) = self
            .db
            .query_row(sql, params![id, row.row], |columns| {
                Ok(([columns.get(0)?, columns.get(1)?], columns.get(2)?))
            })
            .map_err(|error| self.failed(error))?;
        let shared =
            |other: &String| id.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        let longest = neighbours.iter().flatten().map(shared).max();
        let length = longest.map_or(0, |shared| shared + 1).max(MIN_SHORT_ID);
        let short: String = id.chars().take(length).collect();
        Ok(if newer == 0 { short } else { format!("{short}~{newer}") })
    }

    fn query(&self, filter: &Filter, now: DateTime<Utc>) -> rusqlite::Result<Vec<RequestRow>> {
        let (conditions, values) = conditions(filter);
        let sql = format!("{SELECT_REQUEST} {conditions} ORDER BY id DESC");
        let mut statement = self.db.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| request_row(row, now))?;
        // Whether a process still runs is not for SQL to say.
        let is_wanted = |row: &rusqlite::Result<RequestRow>| match row {
            Ok(row) => {
                (!filter.failed || row.status != Status::Sending)
                    && filter.status.is_none_or(|status| row.status == status)
            }
            Err(_) => true,
        };
        rows.filter(is_wanted).take(filter.limit.unwrap_or(usize::MAX)).collect()
    }

    fn load(&self, entry: RequestRow, now: DateTime<Utc>) -> rusqlite::Result<StoredRequest> {
        let request = self.db.query_row(
            "SELECT headers, body FROM content WHERE request = ?1",
            params![entry.row],
            |row| {
                let id = entry.request_id.clone();
                Ok(SignedRequest::from_parts(id, headers(row, 0)?, row.get(1)?))
            },
        )?;
        let sql = format!("{SELECT_ATTEMPT} WHERE request = ?1 ORDER BY n");
        let mut statement = self.db.prepare(&sql)?;
        let attempts = statement.query_map(params![entry.row], |row| attempt(row, now))?;
        let attempts = attempts.collect::<rusqlite::Result<_>>()?;
        Ok(StoredRequest { entry, request, attempts })
    }

    /// Of the requests with this very id, the one that `n` newer ones follow.
    fn nth(&self, id: &str, n: u32, now: DateTime<Utc>) -> rusqlite::Result<Option<RequestRow>> {
        let sql =
            format!("{SELECT_REQUEST} WHERE request_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2");
        self.db.query_row(&sql, params![id, n], |row| request_row(row, now)).optional()
    }
}

fn conditions(filter: &Filter) -> (String, Vec<Value>) {
    let (mut conditions, mut values) = (Vec::new(), Vec::new());
    let mut add = |condition: &'static str, value: Value| {
        conditions.push(condition);
        values.push(value);
    };
    if let Some(event) = &filter.event {
        add("event = ?", event.clone().into());
    }
    if let Some(webhook) = &filter.webhook {
        add("webhook = ?", webhook.clone().into());
    }
    if let Some(story) = &filter.story {
        add("story = ?", story.clone().into());
    }
    if let Some(since) = filter.since {
        add("created_at >= ?", since.timestamp_millis().into());
    }
    if let Some(id) = &filter.id {
        // Ids are ASCII, so DEL sorts after every id that begins like this.
        add("request_id >= ?", id.clone().into());
        add("request_id < ?", format!("{id}\u{7f}").into());
    }
    if let Some(row) = filter.load_run {
        add("load_row = ?", row.into());
        // Its failures were written after it, so no earlier row needs to be read.
        add("id > ?", row.into());
    }
    if let Some(before) = filter.before {
        add("id < ?", before.into());
    }
    if filter.no_load_runs {
        conditions.push("load_requests IS NULL");
    }
    match filter.status_class {
        Some(0) => conditions.push("request.http_status IS NULL"),
        Some(class) => {
            conditions.push("request.http_status BETWEEN ? AND ?");
            values.extend([Value::from(class * 100), Value::from(class * 100 + 99)]);
        }
        None => {}
    }
    if let Some(text) = &filter.text {
        // LIKE finds letters in either case; instr on blobs compares bytes.
        let pattern: String = text
            .chars()
            .flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c]))
            .collect();
        conditions.push(
            "(concat(event, ' ', webhook, ' ', url, ' ', request_id) LIKE ? ESCAPE '\\' OR \
             instr((SELECT body FROM content WHERE content.request = id), ?) > 0)",
        );
        values.extend([Value::from(format!("%{pattern}%")), Value::Blob(text.clone().into())]);
    }
    if filter.failed || filter.status.is_some_and(|status| status != Status::Delivered) {
        // In the very words of the index.
        conditions.push("status <> 'delivered'");
    }
    if let Some(status) = filter.status {
        conditions.push("status = ?");
        values.push(match status {
            Status::Sending | Status::Interrupted => PENDING.to_owned().into(),
            other => other.as_str().to_owned().into(),
        });
    }
    match conditions.is_empty() {
        true => (String::new(), values),
        false => (format!("WHERE {}", conditions.join(" AND ")), values),
    }
}

/// What [`request_row`] reads, in its order. The newest attempt tells whether a pending request is
/// still being sent.
const SELECT_REQUEST: &str = "SELECT id, request_id, event, webhook, url, created_at, status, attempts, request.outcome, \
     request.http_status, load_requests, load_failed, pid, deadline, from_capture, elapsed, story \
     FROM request LEFT JOIN attempt ON attempt.request = id AND n = attempts";

/// What [`attempt`] reads, in its order.
const SELECT_ATTEMPT: &str = "SELECT n, started_at, outcome, reached, elapsed, dns, connect, tls, wait, body, http_status, \
     http_version, headers, text, bytes, truncated, error, pid, deadline FROM attempt";

/// Reads a row of the list.
fn request_row(row: &Row<'_>, now: DateTime<Utc>) -> rusqlite::Result<RequestRow> {
    let url: String = row.get(4)?;
    let status: String = row.get(6)?;
    Ok(RequestRow {
        row: row.get(0)?,
        request_id: request_id(row, 1)?,
        event: row.get(2)?,
        webhook: row.get(3)?,
        url: Url::parse(&url).map_err(|error| unreadable(4, error))?,
        created_at: moment(row, 5)?,
        status: match status.as_str() {
            "delivered" => Status::Delivered,
            "failed" => Status::Failed,
            "unreachable" => Status::Unreachable,
            _ if is_running(row, 12, now)? => Status::Sending,
            _ => Status::Interrupted,
        },
        attempts: row.get(7)?,
        outcome: outcome(row, 8)?,
        http_status: row.get(9)?,
        load: load_counts(row)?,
        from_capture: row.get(14)?,
        elapsed: duration(row, 15)?,
        story: row.get(16)?,
    })
}

/// Reads an attempt.
fn attempt(row: &Row<'_>, now: DateTime<Utc>) -> rusqlite::Result<StoredAttempt> {
    let (n, started_at) = (row.get(0)?, moment(row, 1)?);
    let status = match outcome(row, 2)? {
        Some(outcome) => AttemptStatus::Finished(Box::new(Attempt {
            n,
            started_at,
            outcome,
            reached: row.get(3)?,
            elapsed: duration(row, 4)?.unwrap_or_default(),
            timings: Timings {
                dns: duration(row, 5)?,
                connect: duration(row, 6)?,
                tls: duration(row, 7)?,
                wait: duration(row, 8)?,
                body: duration(row, 9)?,
            },
            response: response(row)?,
            error: row.get(16)?,
        })),
        None if is_running(row, 17, now)? => AttemptStatus::Sending,
        None => AttemptStatus::Interrupted,
    };
    Ok(StoredAttempt { n, started_at, status })
}

/// Reads headers.
fn headers(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<(String, String)>> {
    let json: String = row.get(column)?;
    serde_json::from_str(&json).map_err(|error| unreadable(column, error))
}

fn load_counts(row: &Row<'_>) -> rusqlite::Result<Option<LoadCounts>> {
    let Some(requests) = row.get::<_, Option<i64>>(10)? else { return Ok(None) };
    let failed = row.get::<_, Option<i64>>(11)?.unwrap_or_default();
    Ok(Some(LoadCounts { requests: requests.unsigned_abs(), failed: failed.unsigned_abs() }))
}

fn response(row: &Row<'_>) -> rusqlite::Result<Option<Response>> {
    let Some(status) = row.get(10)? else { return Ok(None) };
    Ok(Some(Response {
        status,
        version: row.get(11)?,
        headers: headers(row, 12)?,
        text: row.get(13)?,
        bytes: row.get::<_, i64>(14)?.unsigned_abs(),
        truncated: row.get(15)?,
    }))
}

fn request_id(row: &Row<'_>, column: usize) -> rusqlite::Result<RequestId> {
    let text: String = row.get(column)?;
    RequestId::new(text).map_err(|error| unreadable(column, error))
}

fn duration(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Duration>> {
    let micros: Option<i64> = row.get(column)?;
    Ok(micros.map(|micros| Duration::from_micros(micros.unsigned_abs())))
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<DateTime<Utc>> {
    let millis = row.get(column)?;
    DateTime::from_timestamp_millis(millis).ok_or(Error::IntegralValueOutOfRange(column, millis))
}

fn outcome(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<AttemptOutcome>> {
    let word: Option<String> = row.get(column)?;
    Ok(word.as_deref().and_then(AttemptOutcome::from_name))
}

/// Whether the process that started an attempt may still be working on it: it is running, and the
/// attempt's deadline has not passed. Process ids are reused, and mean nothing in another container,
/// so neither alone would do. The id is in `column`, the deadline in the next.
fn is_running(row: &Row<'_>, column: usize, now: DateTime<Utc>) -> rusqlite::Result<bool> {
    let Some(pid) = row.get::<_, Option<u32>>(column)? else { return Ok(false) };
    Ok(now <= moment(row, column + 1)? && process_exists(pid))
}

#[cfg(unix)]
fn process_exists(pid: u32) -> bool {
    use rustix::process::{Pid, test_kill_process};
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    // "Not permitted" means that the process belongs to another user.
    pid.is_some_and(|pid| test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

#[cfg(not(unix))]
fn process_exists(_: u32) -> bool {
    true
}

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}
