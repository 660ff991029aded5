//! The one place that writes to the terminal: stdout carries the answer, stderr the rest.

use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::thread;

use serde::Serialize;
use terminal_size::{Width, terminal_size_of};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::formats::{escape, json_line};
use super::terminal::{Palette, wrap};
use crate::text::Diagnostic;

/// Where a command's text goes.
#[derive(Debug)]
pub struct Output {
    stdout: Palette,
    stderr: Palette,
    json: bool,
    closed: bool,
    write_error: Option<io::Error>,
}

impl Output {
    /// Writes to this process's stdout and stderr, each colored or not, and errors as JSON or for
    /// people.
    pub fn new(stdout: Palette, stderr: Palette, json: bool) -> Self {
        Self { stdout, stderr, json, closed: false, write_error: None }
    }

    /// The colors of stdout.
    pub fn palette(&self) -> Palette {
        self.stdout
    }

    /// The colors of stderr.
    pub fn stderr_palette(&self) -> Palette {
        self.stderr
    }

    /// Whether stdout is a terminal.
    pub fn stdout_is_tty(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Whether stderr is a terminal.
    pub fn stderr_is_tty(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// The columns of the terminal that stdout is; `None` where it is none.
    pub fn stdout_width(&self) -> Option<usize> {
        terminal_size_of(io::stdout()).map(columns)
    }

    /// The columns of the terminal that stderr is; `None` where it is none.
    fn stderr_width(&self) -> Option<usize> {
        terminal_size_of(io::stderr()).map(columns)
    }

    /// Writes a piece of the answer, so that it can be seen at once. On a terminal, lines that are
    /// too long break at words.
    pub fn stdout(&mut self, text: impl AsRef<str>) {
        let text = wrapped(text.as_ref(), self.stdout_width());
        self.stdout_raw(text.as_bytes());
    }

    /// Writes a piece of the answer to the byte. When the reader has gone away, the rest is dropped
    /// in silence: the work and its exit code stay the same.
    pub fn stdout_raw(&mut self, bytes: impl AsRef<[u8]>) {
        if self.closed {
            return;
        }
        let mut stdout = io::stdout().lock();
        if let Err(error) = stdout.write_all(bytes.as_ref()).and_then(|()| stdout.flush()) {
            self.closed = true;
            self.write_error = Some(error).filter(|error| error.kind() != ErrorKind::BrokenPipe);
        }
    }

    /// Writes progress, a warning or an error. A failure to do so is ignored.
    pub fn stderr(&mut self, text: &str) {
        let text = wrapped(text, self.stderr_width());
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Writes a warning to stderr.
    pub fn warn(&mut self, diagnostic: impl Into<Diagnostic>) {
        self.stderr(&warning(&diagnostic.into(), self.stderr));
    }

    /// Writes an error to stderr, as JSON where the answer is JSON.
    pub fn fail(&mut self, diagnostic: impl Into<Diagnostic>) {
        let diagnostic = diagnostic.into();
        self.stderr(&match self.json {
            true => error_json(&diagnostic),
            false => error(&diagnostic, self.stderr),
        });
    }

    /// Why the answer could not be written, if it could not: a full disk, not a closed pipe.
    pub fn write_error(&self) -> Option<&io::Error> {
        self.write_error.as_ref()
    }
}

fn columns<T>((Width(columns), _): (Width, T)) -> usize {
    usize::from(columns)
}

fn wrapped(text: &str, width: Option<usize>) -> Cow<'_, str> {
    match width {
        Some(width) => wrap(text, width),
        None => Cow::Borrowed(text),
    }
}

/// `error: …`, then a `help:` line for each way to fix it.
pub fn error(diagnostic: &Diagnostic, palette: Palette) -> String {
    block(&palette.error("error:"), diagnostic, palette)
}

/// `warning: …`, then a `help:` line for each way to fix it.
pub fn warning(diagnostic: &Diagnostic, palette: Palette) -> String {
    block(&palette.warning("warning:"), diagnostic, palette)
}

/// An error as one line of JSON.
fn error_json(diagnostic: &Diagnostic) -> String {
    #[derive(Serialize)]
    struct ErrorLine<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        diagnostic: &'a Diagnostic,
    }
    json_line(&ErrorLine { r#type: "error", diagnostic })
}

/// Each text is one line: a line break in foreign text could begin a command to a CI runner.
fn block(label: &str, diagnostic: &Diagnostic, palette: Palette) -> String {
    let mut text = format!("{label} {}\n", escape(&diagnostic.message));
    for line in &diagnostic.help {
        text += &format!("{} {}\n", palette.highlight(" help:"), escape(line));
    }
    text
}

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
