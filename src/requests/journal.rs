//! The list as a send sees it: it never fails and never waits for long. What goes wrong is kept
//! for the user, once, and the sends go on without the list.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::columns::headers_json;
use super::error::{ListError, Trouble};
use super::inbox::Inbox;
use super::line::{Begun, Line, NewRequest, Of};
use super::open::{Place, RequestsList};
use super::retention::Retention;
use crate::pgm::SignedRequest;

/// Time that a process may need beyond an attempt's own limit before it counts as gone.
const SLACK: Duration = Duration::from_secs(5);

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
    inbox: RefCell<Option<Inbox>>,
    retention: Retention,
    pid: u32,
    /// The number of the next sending.
    run: Cell<i64>,
    troubles: RefCell<Vec<Trouble>>,
    is_off: Cell<bool>,
    /// Whether taking the inbox in has failed: it is left to the next process, so that this one
    /// waits and warns once.
    is_put_off: Cell<bool>,
}

impl Journal {
    /// Writes into the list at `place`, `None` when there is nowhere to keep one. No file is
    /// touched before there is something to write. `now` and the process's id tell this process
    /// from all others.
    pub fn new(place: Option<Place>, retention: Retention, pid: u32, now: DateTime<Utc>) -> Self {
        Self {
            place,
            inbox: RefCell::new(None),
            retention,
            pid,
            run: Cell::new(first_run(pid, now)),
            troubles: RefCell::new(Vec::new()),
            is_off: Cell::new(false),
            is_put_off: Cell::new(false),
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

    /// Has the list take the inbox in when that has grown. It waits for the disk, so it is for
    /// when the answer is already shown.
    pub fn tidy(&self, now: DateTime<Utc>) {
        let Some(place) = self.place.as_ref().filter(|_| !self.is_put_off.get()) else { return };
        if self.inbox.borrow().as_ref().is_some_and(Inbox::is_large) {
            let mut troubles = self.troubles.borrow_mut();
            if let Err(error) = RequestsList::ready(place, now, &mut troubles) {
                self.is_put_off.set(true);
                troubles.push(Trouble::not_taken_in(&error));
            }
        }
    }

    /// A number that no other sending of the same request has.
    pub(super) fn next_run(&self) -> i64 {
        self.run.replace(self.run.get() + 1)
    }

    pub(super) fn retention(&self) -> &Retention {
        &self.retention
    }

    /// An attempt that begins now.
    pub(super) fn begun(&self, of: Of, timeout: Duration, now: DateTime<Utc>) -> Begun {
        let limit = TimeDelta::from_std(timeout.saturating_add(SLACK)).unwrap_or(TimeDelta::MAX);
        let deadline = now.checked_add_signed(limit).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let (at, deadline) = (now.timestamp_millis(), deadline.timestamp_millis());
        Begun { at, deadline, pid: self.pid.into(), of }
    }

    /// What the list is to hold of a new request.
    pub(super) fn new_request(&self, sent: &Sent<'_>) -> NewRequest {
        NewRequest {
            keep: self.retention.keep.into(),
            older_than: self.retention.older_than.as_millis().try_into().unwrap_or(i64::MAX),
            cells: [
                sent.event.map(str::to_owned).into(),
                sent.webhook.map(str::to_owned).into(),
                sent.url.as_str().to_owned().into(),
                headers_json(sent.request.headers()).into(),
                sent.request.body().to_vec().into(),
            ],
        }
    }

    /// Adds a line to the inbox.
    pub(super) fn add(&self, line: &Line, now: DateTime<Utc>) {
        self.recorded(|place, journal| {
            let mut inbox = journal.inbox.borrow_mut();
            let inbox = match inbox.as_mut() {
                Some(inbox) => inbox,
                None => {
                    journal.make_sure_of_the_list(place, now)?;
                    inbox.insert(Inbox::open(place)?)
                }
            };
            inbox.add(line, line.run)
        });
    }

    /// Does something with the list itself, in which all is that was sent before.
    pub(super) fn with_list<T>(
        &self,
        now: DateTime<Utc>,
        work: impl FnOnce(&mut RequestsList) -> rusqlite::Result<T>,
    ) -> Option<T> {
        self.recorded(|place, journal| {
            RequestsList::make(place)?;
            let list = RequestsList::ready(place, now, &mut journal.troubles.borrow_mut())?;
            let mut list = list.ok_or_else(|| ListError::Vanished(place.file()))?;
            work(&mut list).map_err(|error| list.failed(error))
        })
    }

    /// What is added to the inbox must have a list to go to: it is made where there is none, and
    /// one that seems damaged is looked at.
    fn make_sure_of_the_list(&self, place: &Place, now: DateTime<Utc>) -> Result<(), ListError> {
        if place.has_a_list_at_a_glance() {
            return Ok(());
        }
        RequestsList::make(place)?;
        RequestsList::ready(place, now, &mut self.troubles.borrow_mut()).map(drop)
    }

    /// Where this fails there is one warning, and no more writing in this process.
    fn recorded<T>(&self, write: impl FnOnce(&Place, &Self) -> Result<T, ListError>) -> Option<T> {
        if self.is_off.get() {
            return None;
        }
        let place = self.place.as_ref().ok_or(ListError::NoFolder);
        match place.and_then(|place| write(place, self)) {
            Ok(done) => Some(done),
            Err(error) => {
                self.is_off.set(true);
                self.troubles.borrow_mut().push(Trouble::not_recorded(&error));
                None
            }
        }
    }
}

/// The number of a process's first sending, which no other process has: its id, and some days of
/// microseconds.
fn first_run(pid: u32, now: DateTime<Utc>) -> i64 {
    const DAYS: i64 = 1 << 40;
    const PIDS: i64 = 1 << 22;
    (i64::from(pid) % PIDS) * DAYS + now.timestamp_micros().rem_euclid(DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processes_that_begin_at_once_have_numbers_of_their_own() {
        let now = DateTime::from_timestamp_micros(1_795_482_487_745_273).unwrap();
        let runs = |pid, now| {
            let first = first_run(pid, now);
            first..first + 1_000_000
        };
        let (one, other) = (runs(19_823, now), runs(19_824, now));
        assert!(one.end < other.start, "{one:?} {other:?}");
        assert!(runs(u32::MAX, DateTime::<Utc>::MAX_UTC).start > 0);
        assert!(runs(1, DateTime::<Utc>::MIN_UTC).start > 0);
    }
}
