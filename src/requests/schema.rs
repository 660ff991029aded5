//! The tables, and how older files get them.
//!
//! `request` is slim, as the list reads many of its rows; `content` holds what only one request
//! at a time is asked for. Rows go from the oldest end only, so that the ids have no gaps and
//! the number of rows is the distance between the first and the last. `inbox` has one row: how much
//! of which inbox was taken in. There are no foreign keys:
//! every send would pay for their checks, and rows are removed in one place.

use rusqlite::{Connection, TransactionBehavior};

/// Marks the file as one of ours: "pgwh" in ASCII.
pub(super) const APPLICATION_ID: i32 = 0x7067_7768;

/// What takes a file from each version to the next; the first makes it.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE request (
        id INTEGER PRIMARY KEY,
        request_id TEXT NOT NULL,
        event TEXT,
        webhook TEXT,
        url TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        status TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        outcome TEXT,
        http_status INTEGER,
        pid INTEGER NOT NULL,
        deadline INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX request_by_request_id ON request (request_id);
    CREATE INDEX request_not_delivered ON request (id) WHERE status <> 'delivered';
    CREATE TABLE content (
        request INTEGER PRIMARY KEY,
        headers TEXT NOT NULL,
        body BLOB NOT NULL
    ) STRICT;
    CREATE TABLE attempt (
        request INTEGER NOT NULL,
        n INTEGER NOT NULL,
        run INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        outcome TEXT,
        reached INTEGER,
        elapsed INTEGER,
        dns INTEGER,
        connect INTEGER,
        tls INTEGER,
        wait INTEGER,
        body INTEGER,
        http_status INTEGER,
        http_version TEXT,
        headers TEXT,
        text TEXT,
        bytes INTEGER,
        truncated INTEGER,
        error TEXT,
        PRIMARY KEY (request, n)
    ) STRICT, WITHOUT ROWID;
",
    "
    ALTER TABLE request ADD COLUMN load_calls INTEGER;
    ALTER TABLE request ADD COLUMN load_failed INTEGER;
    ALTER TABLE request ADD COLUMN load_row INTEGER;
",
    "
    CREATE TABLE inbox (
        id INTEGER PRIMARY KEY,
        generation INTEGER NOT NULL,
        bytes INTEGER NOT NULL
    ) STRICT;
",
];

/// The version that this program writes.
pub(super) const VERSION: usize = MIGRATIONS.len();

/// Brings a file of an older version to this one; several processes may try at once.
pub(super) fn migrate(db: &mut Connection) -> rusqlite::Result<()> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = version(&transaction)?;
    for step in MIGRATIONS.iter().skip(version) {
        transaction.execute_batch(step)?;
    }
    if version < VERSION {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", VERSION as i64)?;
    }
    transaction.commit()
}

/// The version of a file; 0 is one without tables.
pub(super) fn version(db: &Connection) -> rusqlite::Result<usize> {
    db.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
        // A negative number is none of ours: newer than all of them.
        .map(|version| usize::try_from(version).unwrap_or(usize::MAX))
}
