//! Finding a request by the beginning of its id.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::columns;
use super::entry::Entry;
use super::error::ListError;
use super::open::RequestsList;
use super::query::Filter;
use crate::pgm::RequestId;

/// Stands for the newest request.
pub const LAST: &str = "last";

/// How many candidates are worth showing.
const CANDIDATES: usize = 10;

/// How short an id is shown, where that is enough to tell it from all others.
const SHORTEST: usize = 8;

/// What the beginning of an id leads to.
#[derive(Debug)]
pub enum Found {
    /// One request: the newest, where several requests have the very same id.
    One(Box<Entry>),
    /// None.
    None,
    /// Several ids begin like this; the newest of them.
    Several(Vec<Entry>),
}

impl RequestsList {
    /// Finds the request whose id is, or begins with, this text; [`LAST`] is the newest.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn find(&self, text: &str, now: DateTime<Utc>) -> Result<Found, ListError> {
        let newest = |id: Option<&str>, limit| {
            let id = id.map(str::to_owned);
            self.list(&Filter { id, limit: Some(limit), ..Filter::default() }, now)
        };
        if text == LAST {
            return Ok(newest(None, 1)?
                .pop()
                .map_or(Found::None, |entry| Found::One(entry.into())));
        }
        if let Some(row) = self.exact(text, now).map_err(|error| self.failed(error))? {
            return Ok(Found::One(row.into()));
        }
        let mut entries: Vec<Entry> = Vec::new();
        for entry in newest(Some(text), usize::MAX)? {
            let known = entries.iter().any(|other| other.request_id == entry.request_id);
            if !known && entries.len() < CANDIDATES {
                entries.push(entry);
            }
        }
        Ok(match entries.len() {
            0 => Found::None,
            1 => entries.pop().map_or(Found::None, |entry| Found::One(entry.into())),
            _ => Found::Several(entries),
        })
    }

    /// The beginning of an id that leads to it and no other, never very short.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn short_id(&self, id: &RequestId) -> Result<String, ListError> {
        let id = id.as_str();
        let neighbours: [Option<String>; 2] = self
            .db
            .query_row(
                "SELECT (SELECT max(request_id) FROM request WHERE request_id < ?1), \
                 (SELECT min(request_id) FROM request WHERE request_id > ?1)",
                params![id],
                |row| Ok([row.get(0)?, row.get(1)?]),
            )
            .map_err(|error| self.failed(error))?;
        let shared = neighbours.iter().flatten().map(|other| shared(id, other)).max();
        let length = shared.map_or(0, |shared| shared + 1).max(SHORTEST);
        Ok(id.chars().take(length).collect())
    }

    fn exact(&self, id: &str, now: DateTime<Utc>) -> rusqlite::Result<Option<Entry>> {
        let sql = format!(
            "SELECT {} FROM request WHERE request_id = ?1 ORDER BY id DESC LIMIT 1",
            columns::ENTRY
        );
        self.db.query_row(&sql, params![id], |row| columns::entry(row, now)).optional()
    }
}

/// A text that stands after all ids that begin like this; ids are ASCII.
pub(super) fn above(prefix: &str) -> String {
    format!("{prefix}\u{7f}")
}

fn shared(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}
