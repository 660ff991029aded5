//! Runs work that waits: on this thread, until it is done or the user has had enough, or beside
//! it.
//!
//! tokio's runtime of several threads is not asked for: it shares work between threads, of which
//! there is never more than one here, and it alone would need the system's library of mathematics,
//! which every command would then load.

use std::future::Future;
use std::{io, thread};

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use super::Exit;
use super::failure::Failure;

/// Runs `work` on this thread: more threads cost more at start than a send takes. Ctrl-C ends
/// it with [`Exit::Interrupted`]; what was written by then stays.
pub(super) fn block_on(work: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
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

/// A runtime whose tasks have a thread of their own, so that they go on while this thread is
/// kept by a slow terminal. They end when it is dropped.
#[derive(Debug)]
pub(super) struct Beside {
    handle: Handle,
    _until_dropped: oneshot::Sender<()>,
}

impl Beside {
    pub(super) fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (until_dropped, dropped) = oneshot::channel();
        thread::Builder::new().name("tasks".to_owned()).spawn(move || {
            let _ = runtime.block_on(dropped);
            runtime.shutdown_background();
        })?;
        Ok(Self { handle, _until_dropped: until_dropped })
    }

    /// The runtime, for what has to be made within one.
    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Runs `work` on this thread; what it spawns runs on the other.
    pub(super) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.handle.block_on(work)
    }
}
