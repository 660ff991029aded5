//! Reading the list.

use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::columns;
use super::entry::{Entry, Status, StoredRequest};
use super::error::ListError;
use super::find::above;
use super::open::RequestsList;
use super::retention;
use crate::pgm::SignedRequest;

/// Which requests are wanted; all of them when nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those that did not succeed and that nobody is at.
    pub failed: bool,
    /// Only those of this event.
    pub event: Option<String>,
    /// Only those sent to the webhook of this name.
    pub webhook: Option<String>,
    /// Only those first sent at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Only those whose id begins with this.
    pub id: Option<String>,
    /// Only the failures of the load run in this row.
    pub of_run: Option<i64>,
    /// No more than this, the newest.
    pub limit: Option<usize>,
}

impl RequestsList {
    /// The requests that the filter lets through, newest first.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn list(&self, filter: &Filter, now: DateTime<Utc>) -> Result<Vec<Entry>, ListError> {
        self.query(filter, now).map_err(|error| self.failed(error))
    }

    /// How many requests there are.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn count(&self) -> Result<u64, ListError> {
        let bounds = retention::bounds(&self.db).map_err(|error| self.failed(error))?;
        Ok(bounds.map_or(0, |(first, last)| (last - first + 1).unsigned_abs()))
    }

    /// All that is known of a request; `None` when it was removed meanwhile.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn read(&self, entry: Entry) -> Result<Option<StoredRequest>, ListError> {
        match self.whole(entry) {
            Ok(stored) => Ok(Some(stored)),
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            Err(error) => Err(self.failed(error)),
        }
    }

    fn query(&self, filter: &Filter, now: DateTime<Utc>) -> rusqlite::Result<Vec<Entry>> {
        let (conditions, values) = conditions(filter);
        let sql = format!("SELECT {} FROM request {conditions} ORDER BY id DESC", columns::ENTRY);
        let mut statement = self.db.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| columns::entry(row, now))?;
        // Whether somebody is still at a request is not for SQL to say.
        let wanted = |entry: &rusqlite::Result<Entry>| match entry {
            Ok(entry) => !filter.failed || entry.status != Status::Sending,
            Err(_) => true,
        };
        rows.filter(wanted).take(filter.limit.unwrap_or(usize::MAX)).collect()
    }

    fn whole(&self, entry: Entry) -> rusqlite::Result<StoredRequest> {
        let request = self.db.query_row(
            "SELECT headers, body FROM content WHERE request = ?1",
            params![entry.row],
            |row| {
                let id = entry.request_id.clone();
                Ok(SignedRequest::from_parts(id, columns::headers(row, 0)?, row.get(1)?))
            },
        )?;
        let sql = format!("SELECT {} FROM attempt WHERE request = ?1 ORDER BY n", columns::ATTEMPT);
        let mut statement = self.db.prepare(&sql)?;
        let attempts = statement.query_map(params![entry.row], columns::attempt)?;
        let attempts = attempts.collect::<rusqlite::Result<_>>()?;
        Ok(StoredRequest { entry, request, attempts })
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
    if let Some(since) = filter.since {
        add("created_at >= ?", since.timestamp_millis().into());
    }
    if let Some(id) = &filter.id {
        add("request_id >= ?", id.clone().into());
        add("request_id < ?", above(id).into());
    }
    if let Some(row) = filter.of_run {
        add("load_row = ?", row.into());
        // They were written after it: nobody needs to look at the rows before.
        add("id > ?", row.into());
    }
    if filter.failed {
        // In these very words, as the index has them.
        conditions.push("status <> 'delivered'");
    }
    match conditions.is_empty() {
        true => (String::new(), values),
        false => (format!("WHERE {}", conditions.join(" AND ")), values),
    }
}
