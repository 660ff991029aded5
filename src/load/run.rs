//! A run in progress: its threads, and its statistics so far.

use std::convert::Infallible;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self as blocking, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::task::LocalSet;
use tokio_util::sync::CancellationToken;

use super::stats::LoadStats;
use super::worker::{Shared, Worker};
use super::{LoadConfig, Schedule, Workload};
use crate::http1::Endpoint;

/// Requests after which a target is given up that was never reached.
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
