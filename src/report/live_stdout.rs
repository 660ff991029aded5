//! Stdout on a thread of its own, for commands that have to end whatever their reader does.

use std::borrow::Cow;
use std::io::{self, ErrorKind, Write};
use std::thread;

use terminal_size::{Width, terminal_size_of};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::wrap::wrap;

/// Texts that may wait to be written.
const MAX_WAITING: usize = 4;

/// Writes texts to stdout in their order. On a terminal, long lines break at words.
#[derive(Debug)]
pub struct LiveStdout {
    texts: mpsc::Sender<String>,
    reader_gone: CancellationToken,
    finished: oneshot::Receiver<io::Result<()>>,
}

impl LiveStdout {
    /// Starts the thread that writes.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn start() -> io::Result<Self> {
        let (texts, waiting) = mpsc::channel(MAX_WAITING);
        let (finish, finished) = oneshot::channel();
        let reader_gone = CancellationToken::new();
        let closed = reader_gone.clone();
        thread::Builder::new().name("stdout".to_owned()).spawn(move || {
            let written = write_all(waiting);
            if written.is_err() {
                closed.cancel();
            }
            let _ = finish.send(written);
        })?;
        #[cfg(unix)]
        {
            let closed = reader_gone.clone();
            thread::Builder::new().name("stdout-reader".to_owned()).spawn(move || {
                if wait_for_hangup().is_ok() {
                    closed.cancel();
                }
            })?;
        }
        Ok(Self { texts, reader_gone, finished })
    }

    /// Hands a text over to be written, and waits for room; `text` is empty afterwards. Dropping
    /// the future leaves it as it is.
    pub async fn write(&self, text: &mut String) {
        match self.texts.reserve().await {
            Ok(room) if !text.is_empty() => room.send(std::mem::take(text)),
            Ok(_) => {}
            // Nobody reads any more.
            Err(_) => text.clear(),
        }
    }

    /// Waits until nobody reads stdout any more, or it cannot be written.
    pub fn reader_gone(&self) -> impl Future<Output = ()> + use<> {
        self.reader_gone.clone().cancelled_owned()
    }

    /// Writes a last text, and waits until everything is written.
    ///
    /// # Errors
    /// When stdout cannot be written, for example because the disk is full. A reader that has gone
    /// is not an error.
    pub async fn finish(self, last: String) -> io::Result<()> {
        let Self { texts, finished, .. } = self;
        let _ = texts.send(last).await;
        drop(texts);
        match finished.await {
            Ok(Err(error)) if error.kind() != ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }
}

fn write_all(mut texts: mpsc::Receiver<String>) -> io::Result<()> {
    while let Some(text) = texts.blocking_recv() {
        let width = terminal_size_of(io::stdout()).map(|(Width(columns), _)| usize::from(columns));
        let text = width.map_or(Cow::Borrowed(&*text), |width| wrap(&text, width));
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()?;
    }
    Ok(())
}

/// Waits until the other end of stdout, a pipe or a terminal, is closed. A file has none.
#[cfg(unix)]
fn wait_for_hangup() -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    let stdout = io::stdout();
    // Errors and hang-ups are reported without being asked for.
    let mut polled = [PollFd::new(&stdout, PollFlags::empty())];
    loop {
        match poll(&mut polled, None) {
            Ok(_) if polled[0].revents().intersects(PollFlags::ERR | PollFlags::HUP) => {
                return Ok(());
            }
            Ok(_) => return Err(ErrorKind::Unsupported.into()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
