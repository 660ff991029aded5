//! Runs work that waits: on this thread, until it is done or the user has had enough, or beside
//! it.
//!
//! tokio's runtime of several threads is not asked for: it shares work between threads, which here
//! all have their own, and it alone would need the system's library of mathematics,
//! which every command would then load.

use std::future::Future;
use std::num::NonZero;
use std::{io, thread};

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use super::Exit;
use super::failure::Failure;
use crate::receiver::Lanes;

/// More threads than this are not made, however many processors there are.
const MOST_LANES: usize = 4;

/// Runs `work` on this thread: more threads cost more at start than a send takes. Ctrl-C ends
/// it with [`Exit::Interrupted`]; what was written by then stays.
pub(super) fn block_on(work: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = few_events().build()?;
    let exit = runtime.block_on(async {
        tokio::select! {
            // Listens for Ctrl-C before the work begins, which may have something to clean up.
            biased;
            Ok(()) = tokio::signal::ctrl_c() => Ok(Exit::Interrupted),
            exit = work => exit,
        }
    });
    // A lookup that hangs in the system's resolver must not keep the process.
    runtime.shutdown_background();
    exit
}

/// A runtime of one thread, with room for as many events at a time as a few requests have.
fn few_events() -> Builder {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().max_io_events_per_tick(64);
    builder
}

/// Threads for tasks, so that they go on while this thread is kept by a slow terminal. They end
/// when this is dropped.
#[derive(Debug)]
pub(super) struct Beside {
    lanes: Lanes,
    _until_dropped: Vec<oneshot::Sender<()>>,
}

impl Beside {
    /// One thread for each processor, of a few: what they do for a request is soon done.
    pub(super) fn start() -> io::Result<Self> {
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        let (first, until_dropped) = lane()?;
        let (mut more, mut until_dropped) = (Vec::new(), vec![until_dropped]);
        for _ in 1..processors.min(MOST_LANES) {
            let (handle, dropped) = lane()?;
            more.push(handle);
            until_dropped.push(dropped);
        }
        Ok(Self { lanes: Lanes::new(first, more), _until_dropped: until_dropped })
    }

    /// The runtimes, for what has to be made within one.
    pub(super) fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// Runs `work` on this thread; what it spawns runs on the first of the others.
    pub(super) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.lanes.first().block_on(work)
    }
}

/// A runtime with a thread of its own, and what ends them.
fn lane() -> io::Result<(Handle, oneshot::Sender<()>)> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let (until_dropped, dropped) = oneshot::channel();
    thread::Builder::new().name("tasks".to_owned()).spawn(move || {
        let _ = runtime.block_on(dropped);
        runtime.shutdown_background();
    })?;
    Ok((handle, until_dropped))
}
