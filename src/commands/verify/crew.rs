//! The threads that examine what a file holds. Their results come back in any order, and leave in
//! that of the file.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope};

use super::job::Job;
use crate::verify::Examiner;

/// Jobs under way for each thread: enough to keep it busy while others are read and settled.
const DEPTH: usize = 4;
/// More threads than this would wait for the one that reads and settles.
const THREADS: usize = 8;

/// Where the threads lay down and take up jobs.
#[derive(Default)]
pub(super) struct Desk {
    jobs: Mutex<Jobs>,
    /// Something waits, or the desk is closed.
    sent: Condvar,
    /// Something is done.
    examined: Condvar,
}

/// Jobs with their numbers in the file.
#[derive(Default)]
struct Jobs {
    waiting: VecDeque<(usize, Job)>,
    /// `None` for a job whose thread failed.
    done: BTreeMap<usize, Option<Job>>,
    closed: bool,
}

impl Desk {
    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Examines what waits until the desk is closed.
    fn work(&self, examiner: &Examiner<'_>) {
        loop {
            let idle = |jobs: &mut Jobs| jobs.waiting.is_empty() && !jobs.closed;
            let waited = self.sent.wait_while(self.jobs(), idle);
            let mut jobs = waited.unwrap_or_else(PoisonError::into_inner);
            let next = if jobs.closed { None } else { jobs.waiting.pop_front() };
            drop(jobs);
            let Some((number, mut job)) = next else { return };
            let whole = catch_unwind(AssertUnwindSafe(|| job.examine(examiner))).is_ok();
            self.jobs().done.insert(number, whole.then_some(job));
            self.examined.notify_one();
        }
    }
}

/// The threads, seen from the one that reads and settles. That one examines as well when it has
/// nothing else to do: there are as many threads as processors, and none waits for another.
pub(super) struct Crew<'d> {
    desk: &'d Desk,
    examiner: Examiner<'d>,
    threads: usize,
    sent: usize,
    received: usize,
}

impl<'d> Crew<'d> {
    pub(super) fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        desk: &'d Desk,
        examiner: Examiner<'d>,
    ) -> Self
    where
        'd: 'scope,
    {
        let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(THREADS);
        for _ in 1..threads {
            scope.spawn(move || desk.work(&examiner));
        }
        Self { desk, examiner, threads, sent: 0, received: 0 }
    }

    /// Whether more can be sent before something is received.
    pub(super) fn has_room(&self) -> bool {
        self.sent - self.received < self.threads * DEPTH
    }

    /// Hands over the next job of the file.
    pub(super) fn send(&mut self, job: Job) {
        self.desk.jobs().waiting.push_back((self.sent, job));
        self.desk.sent.notify_one();
        self.sent += 1;
    }

    /// The next job in the order of the file, if it is done.
    pub(super) fn receive(&mut self) -> io::Result<Option<Job>> {
        let Some(job) = self.desk.jobs().done.remove(&self.received) else { return Ok(None) };
        self.received += 1;
        job.map(Some).ok_or_else(|| io::Error::other("a thread of pgwh has failed"))
    }

    /// Gets on with it: does a job, or waits for the one whose turn it is. `false` when all that
    /// was sent has been received.
    pub(super) fn advance(&mut self) -> bool {
        if self.received == self.sent {
            return false;
        }
        let mut jobs = self.desk.jobs();
        if let Some((number, mut job)) = jobs.waiting.pop_front() {
            drop(jobs);
            job.examine(&self.examiner);
            self.desk.jobs().done.insert(number, Some(job));
        } else {
            let turn = self.received;
            let pending = |jobs: &mut Jobs| !jobs.done.contains_key(&turn);
            drop(self.desk.examined.wait_while(jobs, pending));
        }
        true
    }
}

/// The other threads end with it.
impl Drop for Crew<'_> {
    fn drop(&mut self) {
        self.desk.jobs().closed = true;
        self.desk.sent.notify_all();
    }
}
