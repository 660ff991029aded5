//! Records what a process sends. The list never fails a send and never holds it up for long: what
//! goes wrong becomes one warning, and the sends go on without the list.

use std::cell::{Cell, OnceCell, RefCell};
use std::io;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::oneshot;

use super::list::Retention;
use super::write::LoadRun;
use super::{AttemptKey, AttemptStart, ListError, RequestsList, SendJob, Warning};
use crate::delivery::{Attempt, Clock, Delivery, DeliveryVerdict, SendMode, Transport, deliver};
use crate::files::StateDir;
use crate::pgm::SignedRequest;
use crate::text::Diagnostic;

/// Time that a process may need beyond an attempt's own limit before it counts as gone.
const DEADLINE_MARGIN: Duration = Duration::from_secs(5);

/// Records what a process sends. SQLite runs on a thread of its own, as it waits for the disk and
/// for other processes. Dropping the recorder waits for what is still to be written.
#[derive(Debug)]
pub struct Recorder {
    /// `None` when nothing is recorded.
    target: Option<RecordTarget>,
    retention: Retention,
    pid: u32,
    warnings: RefCell<Vec<Warning>>,
}

#[derive(Debug)]
struct RecordTarget {
    dir: Option<StateDir>,
    thread: OnceCell<WriterThread>,
    failed: Cell<bool>,
}

impl Recorder {
    /// Records into the list in `dir`; `None` means that there is no folder for it, which is
    /// warned of. No file is touched before there is something to write.
    pub fn new(dir: Option<StateDir>, retention: Retention, pid: u32) -> Self {
        let target = RecordTarget { dir, thread: OnceCell::new(), failed: Cell::new(false) };
        Self { target: Some(target), retention, pid, warnings: RefCell::default() }
    }

    /// Records nothing.
    pub fn off() -> Self {
        Self { target: None, retention: Retention::default(), pid: 0, warnings: RefCell::default() }
    }

    /// Delivers the request as [`deliver`] does, and records each attempt and what PGM would show in
    /// the end. `timeout` is the time limit of an attempt.
    pub async fn deliver<T: Transport, C: Clock>(
        &self,
        transport: &T,
        clock: &C,
        job: &SendJob,
        timeout: Duration,
        mode: &SendMode,
        report: impl FnMut(&Attempt, Option<Duration>),
    ) -> Delivery {
        let recorded = RecordingTransport::new(transport, self, job, timeout);
        let delivery = deliver(&recorded, clock, &job.request, mode, report).await;
        recorded.conclude(delivery.verdict, clock.now()).await;
        delivery
    }

    /// What the user should know, each thing once.
    pub fn take_warnings(&self) -> Vec<Warning> {
        self.warnings.take()
    }

    /// Records a load run; returns whether that worked.
    pub async fn record_run(&self, run: LoadRun) -> bool {
        let (now, retention) = (run.began_at, self.retention.clone());
        self.write(now, move |list| list.insert_load_run(&run, &retention)).await.is_some()
    }

    /// Has the writer thread do `work`, which may be called a second time with a new list; `None`
    /// when that failed now or before.
    async fn write<T: Send + 'static>(
        &self,
        now: DateTime<Utc>,
        work: impl FnMut(&mut RequestsList) -> rusqlite::Result<T> + Send + 'static,
    ) -> Option<T> {
        let target = self.target.as_ref().filter(|target| !target.failed.get())?;
        let result = match target.thread() {
            Ok(thread) => {
                let (result, warning) = thread.write(now, work).await?;
                self.warnings.borrow_mut().extend(warning);
                result
            }
            Err(error) => Err(error),
        };
        result
            .inspect_err(|error| {
                // Several attempts may have been waiting: they warn once.
                if !target.failed.replace(true) {
                    let message = format!("not recorded: {error}");
                    let diagnostic = Diagnostic::new(message).help(error.help());
                    self.warnings.borrow_mut().push(Warning { diagnostic, is_unrecorded: true });
                }
            })
            .ok()
    }
}

impl RecordTarget {
    fn thread(&self) -> Result<&WriterThread, ListError> {
        match self.thread.get() {
            Some(thread) => Ok(thread),
            None => {
                let dir = self.dir.clone().ok_or(ListError::NoFolder)?;
                let thread = WriterThread::start(dir).map_err(ListError::Thread)?;
                Ok(self.thread.get_or_init(|| thread))
            }
        }
    }
}

/// What the writer thread works on.
type Job = Box<dyn FnOnce(&mut Writer) + Send>;

/// The thread that writes the list. Dropping it waits until all jobs are done.
#[derive(Debug)]
struct WriterThread {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl WriterThread {
    fn start(dir: StateDir) -> io::Result<Self> {
        let (jobs, todo) = mpsc::channel::<Job>();
        let thread = thread::Builder::new().name("requests list".to_owned()).spawn(move || {
            let mut writer = Writer { dir, list: None };
            todo.into_iter().for_each(|job| job(&mut writer));
        })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Has the thread do `work`; `None` when the thread is gone.
    async fn write<T: Send + 'static>(
        &self,
        now: DateTime<Utc>,
        work: impl FnMut(&mut RequestsList) -> rusqlite::Result<T> + Send + 'static,
    ) -> Option<(Result<T, ListError>, Option<Warning>)> {
        let (reply, result) = oneshot::channel();
        let job = Box::new(move |writer: &mut Writer| {
            let _ = reply.send(writer.write(now, work));
        });
        self.jobs.as_ref()?.send(job).ok()?;
        result.await.ok()
    }
}

impl Drop for WriterThread {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The list as the writer thread has it: opened for the first job.
struct Writer {
    dir: StateDir,
    list: Option<RequestsList>,
}

impl Writer {
    /// Does `work`. A damaged list is set aside, and the work done with a new one.
    fn write<T>(
        &mut self,
        now: DateTime<Utc>,
        mut work: impl FnMut(&mut RequestsList) -> rusqlite::Result<T>,
    ) -> (Result<T, ListError>, Option<Warning>) {
        match self.with_list(&mut work) {
            Err(ListError::Corrupt(..)) => {
                self.list = None;
                match RequestsList::quarantine(&self.dir, now) {
                    Ok(warning) => (self.with_list(&mut work), warning),
                    Err(error) => (Err(error), None),
                }
            }
            result => (result, None),
        }
    }

    fn with_list<T>(
        &mut self,
        work: &mut impl FnMut(&mut RequestsList) -> rusqlite::Result<T>,
    ) -> Result<T, ListError> {
        let list = match &mut self.list {
            Some(list) => list,
            None => self.list.insert(RequestsList::open_or_create(&self.dir)?),
        };
        work(list).map_err(|error| list.failed(error))
    }
}

/// Makes the attempts of one request through another transport, and records each before it is
/// made and when it has ended.
#[derive(Debug)]
struct RecordingTransport<'a, T> {
    inner: &'a T,
    recorder: &'a Recorder,
    timeout: Duration,
    /// `None` when nothing is recorded.
    job: Option<Arc<SendJob>>,
    /// The request's row; 0 until it is in the list. Only the writer thread sets it, so that of
    /// several attempts at once the first adds the request, and the others find it.
    row: Arc<AtomicI64>,
    running: Cell<u32>,
    last: Cell<Option<DeliveryVerdict>>,
}

impl<'a, T> RecordingTransport<'a, T> {
    fn new(inner: &'a T, recorder: &'a Recorder, job: &SendJob, timeout: Duration) -> Self {
        let row = Arc::new(AtomicI64::new(job.stored.map_or(0, |(row, _)| row)));
        let job = recorder.target.is_some().then(|| Arc::new(job.clone()));
        let (running, last) = (Cell::default(), Cell::default());
        Self { inner, recorder, timeout, job, row, running, last }
    }

    /// Records what PGM would show in the end, where the last attempt does not say it.
    async fn conclude(&self, verdict: DeliveryVerdict, now: DateTime<Utc>) {
        let row = self.row.load(Ordering::Relaxed);
        if row != 0 && self.last.get().is_some_and(|last| last != verdict) {
            self.recorder.write(now, move |list| list.set_verdict(row, verdict)).await;
        }
    }

    /// Records that an attempt starts; returns its key where that worked.
    async fn start(&self, now: DateTime<Utc>) -> Option<AttemptKey> {
        let limit = self.timeout.saturating_add(DEADLINE_MARGIN);
        let limit = TimeDelta::from_std(limit).unwrap_or(TimeDelta::MAX);
        let deadline = now.checked_add_signed(limit).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let start = AttemptStart { at: now, deadline, pid: self.recorder.pid };
        let (job, row) = (self.job.clone()?, Arc::clone(&self.row));
        let retention = self.recorder.retention.clone();
        let work = move |list: &mut RequestsList| {
            let known = Some(row.load(Ordering::Relaxed)).filter(|row| *row != 0);
            let key = list.start_attempt(known, &job, start, &retention)?;
            row.store(key.row, Ordering::Relaxed);
            Ok(key)
        };
        self.recorder.write(now, work).await
    }
}

impl<T: Transport> Transport for RecordingTransport<'_, T> {
    async fn attempt(&self, request: &SignedRequest, n: u32, started_at: DateTime<Utc>) -> Attempt {
        self.running.set(self.running.get() + 1);
        let key = self.start(started_at).await;
        let attempt = self.inner.attempt(request, n, started_at).await;
        self.running.set(self.running.get() - 1);
        self.last.set(Some(attempt.verdict()));
        if let Some(key) = key {
            let (attempt, others_are_running) = (attempt.clone(), self.running.get() > 0);
            let work = move |list: &mut RequestsList| {
                list.finish_attempt(key, &attempt, others_are_running)
            };
            self.recorder.write(started_at, work).await;
        }
        attempt
    }
}
