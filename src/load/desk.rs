//! One thread's part of a run: what its connections send next, and what came of it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::blend::Maker;
use super::run::{Books, Shared};
use super::tally::Call;
use super::tickets::Ticket;
use crate::delivery::{Attempt, DeliveryVerdict, Line, Transport};
use crate::pgm::SignedRequest;

/// Time before a connection is tried again that nothing accepted, where nothing else sets the
/// pace: to knock without a pause would measure nothing.
const PAUSE: Duration = Duration::from_millis(50);

/// What the connections of a thread share.
pub(super) struct Desk {
    shared: Arc<Shared>,
    books: Arc<Books>,
    maker: RefCell<Maker>,
    /// Requests that are to be sent a second time.
    again: RefCell<VecDeque<Job>>,
    idle: Cell<u64>,
    work: Notify,
}

/// A request to be sent.
#[derive(Debug, Clone)]
struct Job {
    request: SignedRequest,
    /// When it was made.
    made_at: DateTime<Utc>,
    kind: usize,
    /// When it should have started, where that is not when somebody is free.
    due: Option<Instant>,
    is_repeat: bool,
}

enum Next {
    Job(Job),
    Later,
    Never,
}

/// Sends what there is to send, over at most so many connections, until there is no more or the
/// run is stopped. Within a `LocalSet`.
pub(super) async fn serve(shared: Arc<Shared>, books: Arc<Books>, seed: u64, connections: usize) {
    let desk = Rc::new(Desk {
        maker: RefCell::new(Maker::new(shared.blend.clone(), seed)),
        shared,
        books,
        again: RefCell::default(),
        idle: Cell::new(0),
        work: Notify::new(),
    });
    let is_open = desk.shared.tickets.is_open();
    let mut lines = JoinSet::new();
    if !is_open {
        (0..connections).for_each(|_| desk.open(&mut lines));
    }
    // To drop the set is to hang up, in the midst of a call if the run was stopped.
    while !desk.shared.is_stopped() {
        tokio::select! {
            () = desk.books.bell.notified() => desk.wake(&mut lines, connections),
            Some(_) = lines.join_next() => {}
        }
        if lines.is_empty() && (!is_open || desk.shared.tickets.are_gone()) {
            break;
        }
    }
}

impl Desk {
    fn open(self: &Rc<Self>, lines: &mut JoinSet<()>) {
        lines.spawn_local(work(self.clone()));
    }

    /// Sees to it that somebody takes what is due: those who wait, then new connections.
    fn wake(self: &Rc<Self>, lines: &mut JoinSet<()>, connections: usize) {
        let waiting = self.shared.tickets.waiting() + self.again.borrow().len() as u64;
        for n in 0..waiting {
            if n < self.idle.get() {
                self.work.notify_one();
            } else if lines.len() < connections {
                self.open(lines);
            } else {
                break;
            }
        }
        if self.shared.tickets.are_gone() {
            self.work.notify_waiters();
        }
    }

    /// What to send next.
    fn next(&self) -> Next {
        if let Some(job) = self.again.borrow_mut().pop_front() {
            return Next::Job(job);
        }
        let now = Instant::now();
        let due = match self.shared.tickets.take(now) {
            Ticket::Due(due) => self.shared.tickets.is_open().then_some(due),
            Ticket::Later => return Next::Later,
            Ticket::Never => return Next::Never,
        };
        let mut maker = self.maker.borrow_mut();
        let made_at = self.shared.wall(now);
        let (request, kind) = maker.make(made_at);
        let job = Job { request, made_at, kind, due, is_repeat: false };
        if maker.repeats(self.shared.plan.repeat_share) {
            self.again.borrow_mut().push_back(Job { is_repeat: true, ..job.clone() });
            self.books.bell.notify_one();
        }
        Next::Job(job)
    }

    async fn idle(&self) {
        self.idle.set(self.idle.get() + 1);
        self.work.notified().await;
        self.idle.set(self.idle.get() - 1);
    }

    fn enter(&self, job: &Job, started: Instant, attempt: &Attempt) {
        let event = self.shared.blend.event(job.kind);
        let (request, is_repeat) = (&job.request, job.is_repeat);
        let due = job.due.unwrap_or(started);
        self.books.add(Call { event, request, attempt, due, started, is_repeat });
    }
}

/// One connection: sends what comes, one request after the other.
async fn work(desk: Rc<Desk>) {
    let line = Line::new(desk.shared.endpoint.clone());
    loop {
        let job = match desk.next() {
            Next::Job(job) => job,
            Next::Later => {
                desk.idle().await;
                continue;
            }
            Next::Never => return,
        };
        let started = Instant::now();
        desk.books.begin();
        let attempt = line.attempt(&job.request, 1, job.made_at).await;
        let is_pointless = attempt.verdict() == DeliveryVerdict::Unreachable;
        desk.enter(&job, started, &attempt);
        if is_pointless && !desk.shared.tickets.is_open() {
            tokio::time::sleep(PAUSE).await;
        }
    }
}
