//! A run: its threads, and what is known of it while it goes on.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::runtime::Builder;
use tokio::sync::{Notify, mpsc};
use tokio::task::LocalSet;

use super::desk;
use super::pacer;
use super::tally::{Call, Tally};
use super::tickets::Tickets;
use super::{Blend, Plan};
use crate::delivery::Endpoint;

/// Calls after which a target that was never reached is given up.
const HOPELESS: u64 = 10;

/// What all threads of a run share.
pub(super) struct Shared {
    pub(super) plan: Plan,
    pub(super) blend: Arc<Blend>,
    pub(super) endpoint: Arc<Endpoint>,
    pub(super) tickets: Tickets,
    began: Instant,
    began_at: DateTime<Utc>,
    stopped: AtomicBool,
}

/// What one thread writes and others read.
#[derive(Default)]
pub(super) struct Books {
    tally: Mutex<Tally>,
    begun: AtomicU64,
    /// Rings when there may be something to do.
    pub(super) bell: Notify,
}

/// A run that is under way.
pub struct Run {
    shared: Arc<Shared>,
    books: Vec<Arc<Books>>,
    threads: Vec<JoinHandle<()>>,
    ended: mpsc::Receiver<()>,
}

/// How a run stands.
#[derive(Debug, Clone)]
pub struct Progress {
    /// What came of the calls that have ended.
    pub tally: Tally,
    /// Calls that have begun and not ended.
    pub in_flight: u64,
    /// Time since the run began; of one that has ended, to the end of its last call.
    pub elapsed: Duration,
}

impl Shared {
    /// The time on the wall at a moment of this run.
    pub(super) fn wall(&self, moment: Instant) -> DateTime<Utc> {
        let since = TimeDelta::from_std(moment.saturating_duration_since(self.began));
        self.began_at + since.unwrap_or_default()
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

impl Books {
    fn tally(&self) -> std::sync::MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begin(&self) {
        self.begun.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn add(&self, call: Call<'_>) {
        self.tally().add(call);
    }
}

impl Run {
    /// Starts a run now, which is `began_at` on the wall. Ids and everything that varies come
    /// from `seed`, which must not have served before.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(
        plan: Plan,
        blend: Blend,
        endpoint: Endpoint,
        began_at: DateTime<Utc>,
        seed: u64,
    ) -> io::Result<Self> {
        let began = Instant::now();
        let shared = Arc::new(Shared {
            plan,
            blend: Arc::new(blend),
            endpoint: Arc::new(endpoint),
            tickets: plan.tickets(began),
            began,
            began_at,
            stopped: AtomicBool::new(false),
        });
        let (alive, ended) = mpsc::channel(1);
        let mut run = Self { shared, books: Vec::new(), threads: Vec::new(), ended };
        let mut seeds = fastrand::Rng::with_seed(seed);
        for connections in shares(plan.connections, threads(&plan)) {
            run.spawn(seeds.u64(..), connections, alive.clone())?;
        }
        if run.shared.tickets.is_open() {
            let (shared, books) = (run.shared.clone(), run.books.clone());
            let pace = move || pacer::pace(&shared, &books);
            run.threads.push(thread::Builder::new().name("pacer".to_owned()).spawn(pace)?);
        }
        Ok(run)
    }

    fn spawn(&mut self, seed: u64, connections: usize, alive: mpsc::Sender<()>) -> io::Result<()> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let books = Arc::new(Books::default());
        let (shared, own) = (self.shared.clone(), books.clone());
        let work = move || {
            let serve = desk::serve(shared, own, seed, connections);
            LocalSet::new().block_on(&runtime, serve);
            drop(alive);
        };
        self.books.push(books);
        self.threads.push(thread::Builder::new().name("load".to_owned()).spawn(work)?);
        Ok(())
    }

    /// Waits until all has been sent and answered, or given up.
    pub async fn ended(&mut self) {
        while self.ended.recv().await.is_some() {}
    }

    /// How it stands now.
    pub fn progress(&self) -> Progress {
        let mut tally = Tally::default();
        let mut begun = 0;
        for books in &self.books {
            begun += books.begun.load(Ordering::Relaxed);
            tally.merge(&books.tally());
        }
        let in_flight = begun.saturating_sub(tally.calls);
        Progress { in_flight, tally, elapsed: self.shared.began.elapsed() }
    }

    /// Ends it now: calls that are under way are given up and not counted.
    pub fn stop(self) -> Progress {
        self.shared.stopped.store(true, Ordering::Relaxed);
        self.books.iter().for_each(|books| books.bell.notify_one());
        for thread in &self.threads {
            thread.thread().unpark();
        }
        let Self { shared, books, threads, ended } = self;
        // A thread that panicked has told so; what it counted stays.
        threads.into_iter().for_each(|thread| drop(thread.join()));
        let run = Self { shared, books, threads: Vec::new(), ended };
        let progress = run.progress();
        let last = progress.tally.last.map(|last| last.saturating_duration_since(run.shared.began));
        Progress { elapsed: last.unwrap_or(progress.elapsed), ..progress }
    }
}

impl Progress {
    /// Whether the target was never reached, and will not be by trying more.
    pub fn is_hopeless(&self) -> bool {
        self.tally.reached == 0 && self.tally.calls >= HOPELESS
    }
}

/// A thread for every other core, where the connections set the pace: the system's part of the
/// work needs the rest, and so does a target on this machine. With a thread for every core of two,
/// fewer requests were sent, and dearer ones. One thread where a schedule sets the pace.
fn threads(plan: &Plan) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    match plan.rate {
        Some(_) => 1,
        None => (cores / 2).clamp(1, plan.connections),
    }
}

/// Connections for each of so many threads.
fn shares(connections: usize, threads: usize) -> impl Iterator<Item = usize> {
    (0..threads).map(move |n| connections / threads + usize::from(n < connections % threads))
}
