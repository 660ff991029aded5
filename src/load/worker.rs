//! One thread of a run, and its connections.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::stats::{FinishedRequest, LoadStats};
use super::workload::{GeneratedRequest, RequestGenerator};
use super::{LoadConfig, StopAfter, Workload};
use crate::delivery::{DeliveryVerdict, KeepAliveTransport, Transport};
use crate::http1::BodyPolicy;
use crate::http1::Endpoint;

/// The pause after a request without a connection, where no rate sets the pace: retrying in a
/// tight loop would measure nothing.
const UNREACHABLE_PAUSE: Duration = Duration::from_millis(50);

/// What all threads of a run share.
pub(super) struct Shared {
    pub(super) config: LoadConfig,
    pub(super) workload: Arc<Workload>,
    pub(super) endpoint: Arc<Endpoint>,
    /// Requests that have started, repeats among them.
    pub(super) started: AtomicU64,
    /// Requests of a closed loop that a connection has claimed.
    pub(super) claimed: AtomicU64,
    pub(super) began: Instant,
    pub(super) began_at: DateTime<Utc>,
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
pub(super) struct Worker {
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
    pub(super) fn new(shared: Arc<Shared>, stats: Arc<Mutex<LoadStats>>, seed: u64) -> Rc<Self> {
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
    pub(super) async fn closed_loop(self: Rc<Self>, connections: usize) {
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
    pub(super) async fn open_loop(
        self: Rc<Self>,
        connections: usize,
        mut times: mpsc::Receiver<Instant>,
    ) {
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
