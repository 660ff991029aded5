//! Rows of the list as values: times of day as milliseconds since 1970, durations as microseconds,
//! headers as JSON.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::types::Type;
use rusqlite::{Error, Row};
use serde::Serialize;
use url::Url;

use super::model::{AttemptStatus, LoadCounts, RequestRow, Status, StoredAttempt};
use crate::delivery::{Attempt, AttemptOutcome, Response, Timings};
use crate::pgm::RequestId;

/// What [`request_row`] reads, in its order. The newest attempt tells whether a pending request is
/// still being sent.
pub(super) const SELECT_REQUEST: &str = "SELECT id, request_id, event, webhook, url, created_at, status, attempts, request.outcome, \
     request.http_status, load_requests, load_failed, pid, deadline, from_capture, elapsed, story \
     FROM request LEFT JOIN attempt ON attempt.request = id AND n = attempts";

/// What [`attempt`] reads, in its order.
pub(super) const SELECT_ATTEMPT: &str = "SELECT n, started_at, outcome, reached, elapsed, dns, connect, tls, wait, body, http_status, \
     http_version, headers, text, bytes, truncated, error, pid, deadline FROM attempt";

/// The status of a request that is being sent, or was when its process ended.
pub(super) const PENDING: &str = "pending";

/// Reads a row of the list.
pub(super) fn request_row(row: &Row<'_>, now: DateTime<Utc>) -> rusqlite::Result<RequestRow> {
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
pub(super) fn attempt(row: &Row<'_>, now: DateTime<Utc>) -> rusqlite::Result<StoredAttempt> {
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
pub(super) fn headers(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<(String, String)>> {
    let json: String = row.get(column)?;
    serde_json::from_str(&json).map_err(|error| unreadable(column, error))
}

/// Writes headers.
pub(super) fn headers_json<T: Serialize>(headers: &[(T, T)]) -> String {
    // Pairs of text always have a JSON form.
    serde_json::to_string(headers).unwrap_or_default()
}

/// Writes a duration.
pub(super) fn micros(duration: Duration) -> i64 {
    duration.as_micros().try_into().unwrap_or(i64::MAX)
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
