//! Runs async work until it is done or a signal ends it.

use std::io;

use tokio::runtime::Builder;
#[cfg(unix)]
use tokio::signal::unix;
#[cfg(not(unix))]
use tokio::signal::windows;

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
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let _inside = runtime.enter();
    // The handler stays for as long as the process lives.
    unix::signal(unix::SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw())).map(drop)
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
    interrupt: unix::Signal,
    #[cfg(unix)]
    terminate: unix::Signal,
    #[cfg(not(unix))]
    interrupt: windows::CtrlC,
}

impl StopSignals {
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            interrupt: unix::signal(unix::SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: unix::signal(unix::SignalKind::terminate())?,
            #[cfg(not(unix))]
            interrupt: windows::ctrl_c()?,
        })
    }

    /// Waits for the next signal; returns the exit code that it means.
    pub async fn next(&mut self) -> Exit {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
        }
        #[cfg(not(unix))]
        {
            self.interrupt.recv().await;
            Exit::Interrupted
        }
    }
}
