//! What the list keeps. As in PGM, older requests are irreversibly removed.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::error::ListError;
use super::open::RequestsList;

/// How many requests are kept, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// This many, the newest.
    pub keep: u32,
    /// Those that are not older than this.
    pub older_than: Duration,
}

/// How many requests one send removes at most: after a change of the limits there may be many,
/// and a send does not wait for all of them.
pub(super) const AT_ONCE: i64 = 1000;

impl Default for Retention {
    /// The newest 1000, for 30 days (our choice: PGM's limits are not documented).
    fn default() -> Self {
        Self { keep: 1000, older_than: Duration::from_secs(30 * 24 * 60 * 60) }
    }
}

impl RequestsList {
    /// Removes what is beyond the limits and gives its space back. Returns how many requests
    /// were removed and how many are left.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn prune(
        &mut self,
        retention: &Retention,
        now: DateTime<Utc>,
    ) -> Result<(u64, u64), ListError> {
        let pruned = prune(&mut self.db, retention, now).map_err(|error| self.failed(error))?;
        // Space is given back where nobody else needs the file just now; the rest can wait.
        let _ = self.db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
        Ok(pruned)
    }
}

fn prune(
    db: &mut Connection,
    retention: &Retention,
    now: DateTime<Utc>,
) -> rusqlite::Result<(u64, u64)> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let removed = apply(&transaction, retention, now, i64::MAX)?;
    let left = bounds(&transaction)?.map_or(0, |(first, last)| (last - first + 1).unsigned_abs());
    transaction.commit()?;
    Ok((removed, left))
}

/// Removes the oldest requests that are beyond the limits, `at_most` of them. Costs a few
/// lookups when there is nothing to remove.
pub(super) fn apply(
    db: &Connection,
    retention: &Retention,
    now: DateTime<Utc>,
    at_most: i64,
) -> rusqlite::Result<u64> {
    let Some((first, last)) = bounds(db)? else { return Ok(0) };
    let beyond_count = last - i64::from(retention.keep) + 1;
    let young = first_not_older(db, retention.older_than, now)?.unwrap_or(last + 1);
    let end = beyond_count.max(young).min(first.saturating_add(at_most));
    if end <= first {
        return Ok(0);
    }
    let removed = db.execute("DELETE FROM request WHERE id < ?1", params![end])?;
    Ok(removed as u64)
}

/// The first and the last row; there are no gaps between them.
pub(super) fn bounds(db: &Connection) -> rusqlite::Result<Option<(i64, i64)>> {
    db.query_row("SELECT (SELECT min(id) FROM request), (SELECT max(id) FROM request)", [], |row| {
        Ok(row.get::<_, Option<i64>>(0)?.zip(row.get(1)?))
    })
}

/// Reads from the oldest on, and so only past what is to be removed. A request that seems old
/// but stands behind a newer one (the clock was set back) stays until that one goes.
fn first_not_older(
    db: &Connection,
    age: Duration,
    now: DateTime<Utc>,
) -> rusqlite::Result<Option<i64>> {
    let age = TimeDelta::from_std(age).unwrap_or(TimeDelta::MAX);
    let oldest = now.checked_sub_signed(age).unwrap_or(DateTime::<Utc>::MIN_UTC);
    db.query_row(
        "SELECT id FROM request WHERE created_at >= ?1 ORDER BY id LIMIT 1",
        params![oldest.timestamp_millis()],
        |row| row.get(0),
    )
    .optional()
}
