//! Taking into the list what sends left in the inbox.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior, params};

use super::aside::set_aside;
use super::error::{ListError, Trouble};
use super::inbox::{Inbox, Taken};
use super::line::Line;
use super::open::{Place, RequestsList};
use super::write;

impl RequestsList {
    /// The list with all that was sent in it; `None` when nothing ever was. A damaged file is set
    /// aside, and a new one used, which is added to `troubles`.
    ///
    /// # Errors
    /// When there is a list that cannot be read, or cannot take in what was sent.
    pub fn ready(
        place: &Place,
        now: DateTime<Utc>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<Option<Self>, ListError> {
        match Self::with_inbox(place) {
            Err(ListError::Corrupt { path, .. }) => {
                if let Some(aside) = set_aside(place, now)? {
                    troubles.push(Trouble::set_aside(&path, &aside));
                }
                Self::with_inbox(place)
            }
            other => other,
        }
    }

    /// The same for only looking at it: where it cannot take in what was sent lately, it is shown
    /// without, and that is added to `troubles`.
    ///
    /// # Errors
    /// When there is a list that cannot be read.
    pub fn to_look_at(
        place: &Place,
        now: DateTime<Utc>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<Option<Self>, ListError> {
        Self::ready(place, now, troubles).or_else(|error| {
            let list = Self::open_existing(place)?;
            troubles.push(Trouble::not_taken_in(&error));
            Ok(list)
        })
    }

    fn with_inbox(place: &Place) -> Result<Option<Self>, ListError> {
        let Some(mut list) = Self::open_existing(place)? else { return Ok(None) };
        if let Some(inbox) = Inbox::with_lines(place)? {
            // Those who add to the inbox are not kept while the list is written.
            let taken = list.take_in(&inbox)?;
            list.tidy();
            inbox.empty(taken)?;
        }
        Ok(Some(list))
    }

    /// Takes in what was not taken in before, as the list itself notes.
    fn take_in(&mut self, inbox: &Inbox) -> Result<Taken, ListError> {
        let path = &self.path;
        let failed = |error| ListError::new(path, error);
        let immediate = TransactionBehavior::Immediate;
        let mut transaction = self.db.transaction_with_behavior(immediate).map_err(failed)?;
        let untaken = inbox.untaken(taken(&transaction).map_err(failed)?)?;
        let mut take = || {
            for line in Line::all(&untaken.lines) {
                let step = transaction.savepoint()?;
                match write::apply(&step, &line) {
                    // It is none of ours, and must not keep the others out.
                    Err(error) if is_misfit(&error) => drop(step),
                    applied => applied.and_then(|()| step.commit())?,
                }
            }
            note(&transaction, untaken.taken)
        };
        take().and_then(|()| transaction.commit()).map_err(failed)?;
        Ok(untaken.taken)
    }
}

/// How much of which inbox is in the list.
fn taken(db: &Connection) -> rusqlite::Result<Option<Taken>> {
    db.query_row("SELECT generation, bytes FROM inbox", [], |row| {
        Ok(Taken { generation: row.get(0)?, bytes: row.get::<_, i64>(1)?.unsigned_abs() })
    })
    .optional()
}

fn note(db: &Connection, taken: Taken) -> rusqlite::Result<()> {
    let bytes = i64::try_from(taken.bytes).unwrap_or(i64::MAX);
    db.execute(
        "INSERT OR REPLACE INTO inbox (id, generation, bytes) VALUES (1, ?1, ?2)",
        params![taken.generation, bytes],
    )
    .map(drop)
}

/// Whether a line's values do not fit the list's columns.
fn is_misfit(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig)
    )
}
