//! A run in progress: its threads, their connections, and its statistics so far.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self as blocking, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::{JoinSet, LocalSet};
use tokio_util::sync::CancellationToken;

use super::workload::RequestGenerator;
use super::{
    FinishedRequest, GeneratedRequest, LoadConfig, LoadStats, Schedule, StopAfter, Workload,
};
use crate::delivery::{DeliveryVerdict, KeepAliveTransport, Transport};
use crate::http1::{BodyPolicy, Endpoint};

/// After this many requests a run is given up if none has reached the target.
const UNREACHABLE_AFTER: u64 = 10;
/// Scheduled times that may wait for a worker. They stay what they are while they wait.
const QUEUED_TIMES: usize = 1024;

/// A load run in progress.
pub struct Run {
    shared: Arc<Shared>,
    stats: Vec<Arc<Mutex<LoadStats>>>,
    threads: Vec<JoinHandle<()>>,
    /// Closed when the last worker has ended.
    ended: mpsc::Receiver<Infallible>,
    cancel: CancellationToken,
    /// Dropping it stops the pacer.
    pacer: Option<blocking::Sender<Infallible>>,
}

/// The state of a run.
#[derive(Debug, Clone)]
pub struct LoadProgress {
    /// Statistics of the requests that have ended.
    pub stats: LoadStats,
    /// Requests that have started and not ended.
    pub in_flight: u64,
    /// Time since the run began; once it has ended, to the end of its last request.
    pub elapsed: Duration,
}

impl Run {
    /// Starts a run at `began_at`, which is now. Request ids and values that vary are derived
    /// from `seed`; use a fresh one per run.
    ///
    /// # Errors
    /// When threads cannot be started.
    pub fn start(
        config: LoadConfig,
        workload: Workload,
        endpoint: Endpoint,
        began_at: DateTime<Utc>,
        seed: u64,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            config,
            workload: Arc::new(workload),
            endpoint: Arc::new(endpoint),
            started: AtomicU64::new(0),
            claimed: AtomicU64::new(0),
            began: Instant::now(),
            began_at,
        });
        let (alive, ended) = mpsc::channel(1);
        let (cancel, stats, threads) = (CancellationToken::new(), Vec::new(), Vec::new());
        let mut run = Self { shared, stats, threads, ended, cancel, pacer: None };
        let mut seeds = fastrand::Rng::with_seed(seed);
        let mut queues = Vec::new();
        for connections in split(config.connections, config.threads) {
            let times = config.rate.map(|_| {
                let (queue, times) = mpsc::channel(QUEUED_TIMES);
                queues.push(queue);
                times
            });
            run.spawn_worker(seeds.u64(..), connections, times, alive.clone())?;
        }
        if let Some(schedule) = config.schedule() {
            let (pacer, stop) = blocking::channel();
            let began = run.shared.began;
            let work = move || pace(&schedule, began, &queues, &stop);
            run.threads.push(thread::Builder::new().name("pacer".to_owned()).spawn(work)?);
            run.pacer = Some(pacer);
        }
        Ok(run)
    }

    fn spawn_worker(
        &mut self,
        seed: u64,
        connections: usize,
        times: Option<mpsc::Receiver<Instant>>,
        alive: mpsc::Sender<Infallible>,
    ) -> io::Result<()> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let stats = Arc::new(Mutex::new(LoadStats::default()));
        let (shared, own, cancel) = (self.shared.clone(), stats.clone(), self.cancel.clone());
        let work = move || {
            let worker = Worker::new(shared, own, seed);
            let send = async {
                match times {
                    Some(times) => worker.open_loop(connections, times).await,
                    None => worker.closed_loop(connections).await,
                }
            };
            // Dropping the tasks closes their connections, also in the midst of a request.
            LocalSet::new().block_on(&runtime, cancel.run_until_cancelled_owned(send));
            drop(alive);
        };
        self.stats.push(stats);
        self.threads.push(thread::Builder::new().name("load".to_owned()).spawn(work)?);
        Ok(())
    }

    /// Waits until every request has ended.
    pub async fn ended(&mut self) {
        while self.ended.recv().await.is_some() {}
    }

    /// The state now.
    pub fn progress(&self) -> LoadProgress {
        let mut stats = LoadStats::default();
        for thread in &self.stats {
            stats.merge(&thread.lock().unwrap_or_else(PoisonError::into_inner));
        }
        let started = self.shared.started.load(Ordering::Relaxed);
        let in_flight = started.saturating_sub(stats.requests);
        LoadProgress { in_flight, stats, elapsed: self.shared.began.elapsed() }
    }

    /// Ends the run now: requests in flight are aborted and not counted.
    pub fn stop(mut self) -> LoadProgress {
        self.cancel.cancel();
        self.pacer = None;
        for thread in std::mem::take(&mut self.threads) {
            // A thread that panicked has printed why; its statistics so far remain.
            let _ = thread.join();
        }
        let progress = self.progress();
        let last = progress.stats.last_end.map(|end| end.duration_since(self.shared.began));
        LoadProgress { elapsed: last.unwrap_or(progress.elapsed), ..progress }
    }
}

impl LoadProgress {
    /// Whether the target was never reached, and more requests would not reach it.
    pub fn is_unreachable(&self) -> bool {
        self.stats.reached == 0 && self.stats.requests >= UNREACHABLE_AFTER
    }
}

/// Hands each scheduled time to a worker when it has come. On a thread of its own, because it
/// sleeps to a tenth of a millisecond, while tokio's timers count whole ones.
fn pace(
    schedule: &Schedule,
    began: Instant,
    queues: &[mpsc::Sender<Instant>],
    stop: &blocking::Receiver<Infallible>,
) {
    for (n, queue) in (0..schedule.total()).zip(queues.iter().cycle()) {
        let time = began + schedule.start(n);
        let wait = time.saturating_duration_since(Instant::now());
        if !wait.is_zero() && stop.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
        if queue.blocking_send(time).is_err() {
            return;
        }
    }
}

/// The connections of each thread.
fn split(connections: usize, threads: usize) -> impl Iterator<Item = usize> {
    (0..threads).map(move |n| connections / threads + usize::from(n < connections % threads))
}

/// The pause after a request without a connection, where no rate sets the pace: retrying in a
/// tight loop would measure nothing.
const UNREACHABLE_PAUSE: Duration = Duration::from_millis(50);

/// What all threads of a run share.
struct Shared {
    config: LoadConfig,
    workload: Arc<Workload>,
    endpoint: Arc<Endpoint>,
    /// Requests that have started, repeats among them.
    started: AtomicU64,
    /// Requests of a closed loop that a connection has claimed.
    claimed: AtomicU64,
    began: Instant,
    began_at: DateTime<Utc>,
}

impl Shared {
    /// The date of a moment of this run.
    fn wall_clock(&self, moment: Instant) -> DateTime<Utc> {
        let since = TimeDelta::from_std(moment.saturating_duration_since(self.began));
        self.began_at + since.unwrap_or_default()
    }

    /// Whether a connection of a closed loop may start another request now. However short the
    /// duration is, there is one request.
    fn claim(&self, now: Instant) -> bool {
        let claimed = self.claimed.fetch_add(1, Ordering::Relaxed);
        match self.config.stop_after {
            StopAfter::Count(total) => claimed < total,
            StopAfter::Duration(duration) => {
                claimed == 0 || now.saturating_duration_since(self.began) < duration
            }
        }
    }
}

/// What the connections of a thread share.
struct Worker {
    shared: Arc<Shared>,
    /// Read by other threads while the run goes on.
    stats: Arc<Mutex<LoadStats>>,
    generator: RefCell<RequestGenerator>,
}

/// A request that is about to be sent.
struct ScheduledRequest {
    generated: GeneratedRequest,
    /// When it should have started, where there is a rate.
    scheduled: Option<Instant>,
    is_repeat: bool,
}

impl Worker {
    /// A worker whose requests are derived from `seed`.
    fn new(shared: Arc<Shared>, stats: Arc<Mutex<LoadStats>>, seed: u64) -> Rc<Self> {
        let (workload, repeat_share) = (shared.workload.clone(), shared.config.repeat_share);
        let generator = RefCell::new(RequestGenerator::new(workload, repeat_share, seed));
        Rc::new(Self { shared, stats, generator })
    }

    /// A connection of its own, which keeps only status and size of successful responses.
    fn connection(&self) -> KeepAliveTransport {
        KeepAliveTransport::new(self.shared.endpoint.clone(), BodyPolicy::StatusOnly)
    }

    /// Sends over this many connections, each a request after the other, until there are no more.
    /// Call within a `LocalSet`.
    async fn closed_loop(self: Rc<Self>, connections: usize) {
        let repeats = Rc::new(RefCell::new(VecDeque::new()));
        let mut tasks = JoinSet::new();
        for _ in 0..connections {
            let (worker, repeats) = (self.clone(), repeats.clone());
            tasks.spawn_local(async move { worker.send_in_turn(&repeats).await });
        }
        while tasks.join_next().await.is_some() {}
    }

    /// One connection of a closed loop. Repeats are sent by whichever connection is free next.
    async fn send_in_turn(&self, repeats: &RefCell<VecDeque<ScheduledRequest>>) {
        let connection = self.connection();
        loop {
            let repeat = repeats.borrow_mut().pop_front();
            let now = Instant::now();
            let request = match repeat {
                Some(repeat) => repeat,
                None if self.shared.claim(now) => self.generate(now, None),
                None => return,
            };
            repeats.borrow_mut().extend(request.repeat());
            if self.send(&connection, &request).await == DeliveryVerdict::Unreachable {
                tokio::time::sleep(UNREACHABLE_PAUSE).await;
            }
        }
    }

    /// Starts a request at each time that arrives, on an idle connection or a new one. When all of
    /// them are busy, requests start late. Call within a `LocalSet`.
    async fn open_loop(self: Rc<Self>, connections: usize, mut times: mpsc::Receiver<Instant>) {
        let free = Arc::new(Semaphore::new(connections));
        let idle = Rc::new(RefCell::new(Vec::new()));
        let mut tasks = JoinSet::new();
        let mut repeat = None;
        loop {
            let scheduled = match repeat {
                Some(_) => None,
                None => match times.recv().await {
                    None => break,
                    scheduled => scheduled,
                },
            };
            let Ok(permit) = free.clone().acquire_owned().await else { break };
            let request = repeat.take().unwrap_or_else(|| self.generate(Instant::now(), scheduled));
            repeat = request.repeat();
            let (worker, idle) = (self.clone(), idle.clone());
            tasks.spawn_local(async move {
                let kept = idle.borrow_mut().pop();
                let connection = kept.unwrap_or_else(|| worker.connection());
                worker.send(&connection, &request).await;
                idle.borrow_mut().push(connection);
                drop(permit);
            });
            while tasks.try_join_next().is_some() {}
        }
        while tasks.join_next().await.is_some() {}
    }

    fn generate(&self, now: Instant, scheduled: Option<Instant>) -> ScheduledRequest {
        let generated = self.generator.borrow_mut().next(self.shared.wall_clock(now));
        ScheduledRequest { generated, scheduled, is_repeat: false }
    }

    async fn send(
        &self,
        connection: &KeepAliveTransport,
        request: &ScheduledRequest,
    ) -> DeliveryVerdict {
        let ScheduledRequest { generated, scheduled, is_repeat } = request;
        let started = Instant::now();
        self.shared.started.fetch_add(1, Ordering::Relaxed);
        let attempt = connection.attempt(&generated.request, 1, generated.triggered_at).await;
        let sample = FinishedRequest {
            event: self.shared.workload.events.get(generated.event).map_or("", |(_, e)| e.event()),
            request: &generated.request,
            attempt: &attempt,
            scheduled: scheduled.unwrap_or(started),
            started,
            is_repeat: *is_repeat,
        };
        self.stats.lock().unwrap_or_else(PoisonError::into_inner).record(&sample);
        attempt.verdict()
    }
}

impl ScheduledRequest {
    /// The same request for the second time, if it is to be sent twice.
    fn repeat(&self) -> Option<Self> {
        (self.generated.sent_twice && !self.is_repeat).then(|| Self {
            generated: self.generated.clone(),
            scheduled: self.scheduled,
            is_repeat: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_shared_by_the_threads() {
        for (connections, threads, shares) in
            [(64, 2, vec![32, 32]), (5, 3, vec![2, 2, 1]), (1, 1, vec![1])]
        {
            assert_eq!(split(connections, threads).collect::<Vec<_>>(), shares);
        }
    }
}
