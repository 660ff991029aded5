//! The list as a send sees it: it never fails and never waits for long. What goes wrong is kept
//! for the user, once, and the sends go on without the list.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::aside::set_aside;
use super::error::{ListError, Trouble};
use super::open::{PATIENCE, Place, RequestsList};
use super::retention::Retention;
use super::write::{Begun, Writer};
use crate::delivery::{Attempt, Verdict};
use crate::pgm::SignedRequest;

/// What is sent, and where to.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// The event, where it is known.
    pub event: Option<&'a str>,
    /// The name of the webhook, where it is one of the webhooks file.
    pub webhook: Option<&'a str>,
    /// The URL that is called.
    pub url: &'a Url,
    /// The exact headers and body.
    pub request: &'a SignedRequest,
    /// The time limit of an attempt.
    pub timeout: Duration,
}

/// Writes down what a process sends.
#[derive(Debug)]
pub struct Journal {
    place: Option<Place>,
    list: RefCell<Option<RequestsList>>,
    retention: Retention,
    writer: Writer,
    troubles: RefCell<Vec<Trouble>>,
    is_off: Cell<bool>,
}

impl Journal {
    /// Writes into the list at `place`, `None` when there is nowhere to keep one. The file is
    /// opened when there is something to write. `now` and the process's id tell this process
    /// from all others.
    pub fn new(place: Option<Place>, retention: Retention, pid: u32, now: DateTime<Utc>) -> Self {
        Self {
            place,
            list: RefCell::new(None),
            retention,
            writer: Writer { pid, run: now.timestamp_micros() },
            troubles: RefCell::new(Vec::new()),
            is_off: Cell::new(false),
        }
    }

    /// Writes nothing.
    pub fn off() -> Self {
        let journal = Self::new(None, Retention::default(), 0, DateTime::UNIX_EPOCH);
        journal.is_off.set(true);
        journal
    }

    /// What the user should know, each trouble once.
    pub fn take_troubles(&self) -> Vec<Trouble> {
        self.troubles.take()
    }

    /// Writes down that an attempt begins; of a new request when there is no `row` yet.
    pub(super) fn begin(
        &self,
        row: Option<i64>,
        sent: &Sent<'_>,
        now: DateTime<Utc>,
    ) -> Option<Begun> {
        self.write(now, |list, journal| match row {
            Some(row) => list.begin_again(row, sent, journal.writer, now),
            None => list.begin_new(sent, journal.writer, now, &journal.retention),
        })
    }

    /// Writes down what came of it.
    pub(super) fn complete(&self, begun: Begun, attempt: &Attempt) {
        self.write(attempt.started_at, |list, journal| {
            list.complete(begun, attempt, journal.writer)
        });
    }

    /// Writes down what PGM would show in the end.
    pub(super) fn conclude(&self, row: i64, verdict: Verdict, now: DateTime<Utc>) {
        self.write(now, |list, _| list.conclude(row, verdict));
    }

    /// Moves the log into the file when it has grown; see [`RequestsList::tidy`].
    pub fn tidy(&self) {
        if let Some(list) = self.list.borrow_mut().as_mut() {
            list.tidy();
        }
    }

    pub(super) fn writer(&self) -> Writer {
        self.writer
    }

    pub(super) fn retention(&self) -> &Retention {
        &self.retention
    }

    /// The end of a process that wrote: it moves the log into the file when it has grown, and
    /// leaves it to the system to close the file, which is faster at it than SQLite.
    pub fn leave(self) {
        self.tidy();
        std::mem::forget(self);
    }

    /// Does one write; a damaged file is set aside and the write goes into a new one.
    pub(super) fn write<T>(
        &self,
        now: DateTime<Utc>,
        write: impl Fn(&mut RequestsList, &Self) -> rusqlite::Result<T>,
    ) -> Option<T> {
        if self.is_off.get() {
            return None;
        }
        match self.try_write(&write) {
            Err(ListError::Corrupt { path, error }) => {
                match self.replace_damaged(now, &path).and_then(|()| self.try_write(&write)) {
                    Err(ListError::Corrupt { .. }) => {
                        self.give_up(&ListError::Corrupt { path, error })
                    }
                    Err(error) => self.give_up(&error),
                    Ok(done) => Some(done),
                }
            }
            Err(error) => self.give_up(&error),
            Ok(done) => Some(done),
        }
    }

    fn try_write<T>(
        &self,
        write: impl Fn(&mut RequestsList, &Self) -> rusqlite::Result<T>,
    ) -> Result<T, ListError> {
        let mut list = self.list.borrow_mut();
        let place = self.place.as_ref().ok_or(ListError::NoFolder)?;
        let list = match list.as_mut() {
            Some(list) => list,
            None => list.insert(RequestsList::open(place)?),
        };
        write(list, self).map_err(|error| list.failed(error))
    }

    fn replace_damaged(&self, now: DateTime<Utc>, path: &std::path::Path) -> Result<(), ListError> {
        self.list.replace(None);
        let place = self.place.as_ref().ok_or(ListError::NoFolder)?;
        if let Some(aside) = set_aside(place, now, PATIENCE)? {
            self.troubles.borrow_mut().push(Trouble {
                message: format!("the requests list {} is damaged", path.display()),
                help: vec![format!("it was set aside as {}; a new one is used", aside.display())],
                is_unrecorded: false,
            });
        }
        Ok(())
    }

    /// One warning, and no more writing in this process.
    fn give_up<T>(&self, error: &ListError) -> Option<T> {
        self.is_off.set(true);
        self.list.replace(None);
        self.troubles.borrow_mut().push(Trouble {
            message: format!("not recorded: {error}"),
            help: vec![error.mend().to_owned()],
            is_unrecorded: true,
        });
        None
    }
}
