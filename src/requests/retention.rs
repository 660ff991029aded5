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
    let Some((_, last)) = bounds(&transaction)? else { return Ok((0, 0)) };
    let removed = apply(&transaction, retention, now, last, i64::MAX)?;
    let left = bounds(&transaction)?.map_or(0, |(first, last)| (last - first + 1).unsigned_abs());
    transaction.commit()?;
    Ok((removed, left))
}

/// Removes the oldest requests that are beyond the limits, `at_most` of them; `last` is the
/// newest row. Costs one lookup when there is nothing to remove.
pub(super) fn apply(
    db: &Connection,
    retention: &Retention,
    now: DateTime<Utc>,
    last: i64,
    at_most: i64,
) -> rusqlite::Result<u64> {
    let oldest = "SELECT id, created_at FROM request ORDER BY id LIMIT 1";
    let (first, created_at): (i64, i64) =
        db.query_row(oldest, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let cutoff = cutoff(retention.older_than, now);
    let is_old = created_at < cutoff;
    let young = if is_old { first_since(db, cutoff)?.unwrap_or(last + 1) } else { first };
    let beyond_count = last - i64::from(retention.keep) + 1;
    let end = beyond_count.max(young).min(first.saturating_add(at_most));
    if end <= first {
        return Ok(0);
    }
    db.execute("DELETE FROM attempt WHERE request < ?1", params![end])?;
    db.execute("DELETE FROM content WHERE request < ?1", params![end])?;
    let removed = db.execute("DELETE FROM request WHERE id < ?1", params![end])?;
    Ok(removed as u64)
}

/// The first and the last row; there are no gaps between them.
pub(super) fn bounds(db: &Connection) -> rusqlite::Result<Option<(i64, i64)>> {
    db.query_row("SELECT (SELECT min(id) FROM request), (SELECT max(id) FROM request)", [], |row| {
        Ok(row.get::<_, Option<i64>>(0)?.zip(row.get(1)?))
    })
}

fn cutoff(age: Duration, now: DateTime<Utc>) -> i64 {
    let age = TimeDelta::from_std(age).unwrap_or(TimeDelta::MAX);
    now.checked_sub_signed(age).unwrap_or(DateTime::<Utc>::MIN_UTC).timestamp_millis()
}

/// Reads from the oldest on, and so only past what is to be removed. A request that seems old
/// but stands behind a newer one (the clock was set back) stays until that one goes.
fn first_since(db: &Connection, cutoff: i64) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT id FROM request WHERE created_at >= ?1 ORDER BY id LIMIT 1";
    db.query_row(sql, params![cutoff], |row| row.get(0)).optional()
}
