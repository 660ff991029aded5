//! How values stand in columns: moments as milliseconds since 1970, times as microseconds,
//! headers as JSON.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::types::Type;
use rusqlite::{Error, Row};
use serde::Serialize;
use url::Url;

use super::alive;
use super::entry::{Entry, LoadCounts, Status, StoredAttempt};
use crate::delivery::{Attempt, AttemptOutcome, Response, Timings};
use crate::pgm::RequestId;

/// The columns that [`entry`] reads, in its order.
pub(super) const ENTRY: &str = "id, request_id, event, webhook, url, created_at, status, \
                                attempts, outcome, http_status, pid, deadline, load_calls, \
                                load_failed";

/// The columns that [`attempt`] reads, in its order.
pub(super) const ATTEMPT: &str = "n, started_at, outcome, reached, elapsed, dns, connect, tls, \
                                  wait, body, http_status, http_version, headers, text, bytes, \
                                  truncated, error";

/// The word for a request that is being sent, or was when its process ended.
pub(super) const PENDING: &str = "pending";

/// Reads a line of the list.
pub(super) fn entry(row: &Row<'_>, now: DateTime<Utc>) -> rusqlite::Result<Entry> {
    let url: String = row.get(4)?;
    let status: String = row.get(6)?;
    let at_it = || Ok::<_, Error>(alive::is_at_it(row.get(10)?, moment(row, 11)?, now));
    Ok(Entry {
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
            _ if at_it()? => Status::Sending,
            _ => Status::Interrupted,
        },
        attempts: row.get(7)?,
        outcome: outcome(row, 8)?,
        http_status: row.get(9)?,
        load: load(row)?,
    })
}

fn load(row: &Row<'_>) -> rusqlite::Result<Option<LoadCounts>> {
    let Some(calls) = row.get::<_, Option<i64>>(12)? else { return Ok(None) };
    let failed = row.get::<_, Option<i64>>(13)?.unwrap_or_default();
    Ok(Some(LoadCounts { calls: calls.unsigned_abs(), failed: failed.unsigned_abs() }))
}

/// Reads an attempt.
pub(super) fn attempt(row: &Row<'_>) -> rusqlite::Result<StoredAttempt> {
    let (n, started_at) = (row.get(0)?, moment(row, 1)?);
    let Some(outcome) = outcome(row, 2)? else {
        return Ok(StoredAttempt { n, started_at, attempt: None });
    };
    let attempt = Attempt {
        n,
        started_at,
        outcome,
        reached: row.get(3)?,
        elapsed: time(row, 4)?.unwrap_or_default(),
        timings: Timings {
            dns: time(row, 5)?,
            connect: time(row, 6)?,
            tls: time(row, 7)?,
            wait: time(row, 8)?,
            body: time(row, 9)?,
        },
        response: response(row)?,
        error: row.get(16)?,
    };
    Ok(StoredAttempt { n, started_at, attempt: Some(attempt) })
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

/// Reads a request id.
pub(super) fn request_id(row: &Row<'_>, column: usize) -> rusqlite::Result<RequestId> {
    let text: String = row.get(column)?;
    RequestId::new(text).map_err(|error| unreadable(column, error))
}

/// Writes a time.
pub(super) fn micros(time: Duration) -> i64 {
    time.as_micros().try_into().unwrap_or(i64::MAX)
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Duration>> {
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

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}
