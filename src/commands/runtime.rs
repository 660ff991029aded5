//! Runs async work until it is done or a signal ends it.

use std::io;

use tokio::runtime::Builder;

use super::Exit;
use super::error::CliError;

/// Runs `work` on this thread: a runtime with more threads takes longer to start than a send.
/// Ctrl-C ends it with [`Exit::Interrupted`]; what was written by then stays.
pub(super) fn block_on(
    work: impl Future<Output = Result<Exit, CliError>>,
) -> Result<Exit, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let exit = runtime.block_on(async {
        tokio::select! {
            // Polled first: the work may have something to clean up.
            biased;
            Ok(()) = tokio::signal::ctrl_c() => Ok(Exit::Interrupted),
            exit = work => exit,
        }
    });
    // A lookup that hangs in the system's resolver must not keep the process.
    runtime.shutdown_background();
    exit
}

/// Lets a write beyond the limit on file sizes (`ulimit -f`) fail like any other write. Without
/// this, the signal that comes with it (SIGXFSZ) ends the process.
#[cfg(unix)]
pub(super) fn catch_file_size_signal() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let _inside = runtime.enter();
    // The handler stays for as long as the process lives.
    signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw())).map(drop)
}

/// Runs `work` on this thread, which looks out for signals itself.
pub(super) fn with_signals<T>(
    work: impl AsyncFnOnce(&mut StopSignals) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(async { work(&mut StopSignals::new()?).await });
    runtime.shutdown_background();
    result
}

/// Ctrl-C and SIGTERM, from the moment this is created: the process no longer ends by itself.
#[derive(Debug)]
pub(super) struct StopSignals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(not(unix))]
    interrupt: tokio::signal::windows::CtrlC,
}

impl StopSignals {
    #[cfg(unix)]
    pub(super) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { interrupt, terminate: signal(SignalKind::terminate())? })
    }

    #[cfg(not(unix))]
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { interrupt: tokio::signal::windows::ctrl_c()? })
    }

    /// Waits for the next signal; returns the exit code that it means.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
        }
    }

    /// Waits for the next signal; returns the exit code that it means.
    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) -> Exit {
        self.interrupt.recv().await;
        Exit::Interrupted
    }
}
