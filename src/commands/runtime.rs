//! Runs work that waits, until it is done or the user has had enough.

use std::future::Future;

use super::Exit;
use super::failure::Failure;

/// Runs `work` on this thread: more threads cost more at start than a send takes. Ctrl-C ends
/// it with [`Exit::Interrupted`]; what was written by then stays.
pub(super) fn block_on(work: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
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
