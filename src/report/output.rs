//! The one place that writes to the terminal: stdout carries the answer, stderr the rest.

use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal, Write};

use terminal_size::{Width, terminal_size_of};

use super::Palette;
use super::diagnostic::{error, error_json, warning};
use super::wrap::wrap;
use crate::diagnostic::Diagnostic;

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
    pub fn stderr_width(&self) -> Option<usize> {
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

    /// Writes progress, a warning or an error. Nobody can be told when that fails.
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

    /// Whether stdout's reader has gone away.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Why the answer could not be written, if it could not: a full disk, not a closed pipe.
    pub fn write_error(&self) -> Option<&io::Error> {
        self.write_error.as_ref()
    }

    /// The former names, until all callers have changed.
    #[allow(missing_docs)]
    pub fn answer(&mut self, text: impl AsRef<[u8]>) {
        self.stdout_raw(text);
    }
    #[allow(missing_docs)]
    pub fn note(&mut self, text: &str) {
        self.stderr(text);
    }
    #[allow(missing_docs)]
    pub fn note_palette(&self) -> Palette {
        self.stderr
    }
    #[allow(missing_docs)]
    pub fn is_watched(&self) -> bool {
        self.stdout_is_tty()
    }
    #[allow(missing_docs)]
    pub fn is_noticed(&self) -> bool {
        self.stderr_is_tty()
    }
    #[allow(missing_docs)]
    pub fn width(&self) -> Option<usize> {
        self.stdout_width()
    }
    #[allow(missing_docs)]
    pub fn note_width(&self) -> Option<usize> {
        self.stderr_width()
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
