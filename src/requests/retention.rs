//! What the list keeps. As in PGM, older requests are irreversibly removed.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::error::ListError;
use super::list::RequestsList;

/// How many requests are kept, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The number of requests that are kept, the newest.
    pub keep: u32,
    /// The age up to which they are kept.
    pub older_than: Duration,
}

/// The most requests that one send removes: after a change of the limits there may be many, and a
/// send does not wait for all of them.
pub(super) const MAX_PER_SEND: i64 = 1000;

impl Default for Retention {
    /// The newest 1000, for 30 days (our choice: PGM's limits are not documented).
    fn default() -> Self {
        Self { keep: 1000, older_than: Duration::from_secs(30 * 24 * 60 * 60) }
    }
}

impl RequestsList {
    /// Removes what is beyond the limits and shrinks the file. Returns the numbers of requests that
    /// were removed and that remain.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn prune(
        &mut self,
        retention: &Retention,
        now: DateTime<Utc>,
    ) -> Result<(u64, u64), ListError> {
        let pruned = prune(&mut self.db, retention, now).map_err(|error| self.failed(error))?;
        // Fails when others use the file; the next prune shrinks it then.
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
    let newest = "SELECT max(id) FROM request";
    let newest: Option<i64> = transaction.query_row(newest, [], |row| row.get(0))?;
    let removed = match newest {
        Some(newest) => apply(&transaction, retention, now, newest, i64::MAX)?,
        None => 0,
    };
    let remaining: i64 =
        transaction.query_row("SELECT count(*) FROM request", [], |row| row.get(0))?;
    transaction.commit()?;
    Ok((removed, remaining.unsigned_abs()))
}

/// Removes the oldest requests that are beyond the limits, no more than `max_removed`; `newest` is
/// the newest row. Costs one lookup when there is nothing to remove.
pub(super) fn apply(
    db: &Connection,
    retention: &Retention,
    now: DateTime<Utc>,
    newest: i64,
    max_removed: i64,
) -> rusqlite::Result<u64> {
    let sql = "SELECT id, created_at FROM request ORDER BY id LIMIT 1";
    let (oldest, created_at): (i64, i64) =
        db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let cutoff = cutoff(retention.older_than, now);
    let is_old = created_at < cutoff;
    let first_young = if is_old { first_since(db, cutoff)?.unwrap_or(newest + 1) } else { oldest };
    let first_counted = newest - i64::from(retention.keep) + 1;
    let end = first_counted.max(first_young).min(oldest.saturating_add(max_removed));
    if end <= oldest {
        return Ok(0);
    }
    db.execute("DELETE FROM attempt WHERE request < ?1", params![end])?;
    db.execute("DELETE FROM content WHERE request < ?1", params![end])?;
    let removed = db.execute("DELETE FROM request WHERE id < ?1", params![end])?;
    Ok(removed as u64)
}

fn cutoff(age: Duration, now: DateTime<Utc>) -> i64 {
    let age = TimeDelta::from_std(age).unwrap_or(TimeDelta::MAX);
    now.checked_sub_signed(age).unwrap_or(DateTime::<Utc>::MIN_UTC).timestamp_millis()
}

/// The first row that was created at or after `cutoff`. Reads from the oldest on, and so only past
/// what is to be removed. A request that seems old but follows a newer one (the clock was set back)
/// stays until that one goes.
fn first_since(db: &Connection, cutoff: i64) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT id FROM request WHERE created_at >= ?1 ORDER BY id LIMIT 1";
    db.query_row(sql, params![cutoff], |row| row.get(0)).optional()
}
