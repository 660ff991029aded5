//! The one place that writes to the terminal: stdout carries the answer, stderr the rest.

use std::io::{self, ErrorKind, IsTerminal, Write};

use super::Palette;

/// Where a command's text goes.
#[derive(Debug)]
pub struct Output {
    answers: Palette,
    notes: Palette,
    closed: bool,
    error: Option<io::Error>,
}

impl Output {
    /// Writes to this process's stdout and stderr, each coloured or not.
    pub fn new(answers: Palette, notes: Palette) -> Self {
        Self { answers, notes, closed: false, error: None }
    }

    /// How to paint what goes to stdout.
    pub fn palette(&self) -> Palette {
        self.answers
    }

    /// How to paint what goes to stderr.
    pub fn note_palette(&self) -> Palette {
        self.notes
    }

    /// Whether a person looks at stdout.
    pub fn is_watched(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Whether a person looks at stderr.
    pub fn is_noticed(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// How wide the terminal is that a person looks at; `None` when nobody does.
    pub fn width(&self) -> Option<usize> {
        let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
        Some(usize::from(width.0))
    }

    /// How wide the terminal is on which a person sees notes.
    pub fn note_width(&self) -> Option<usize> {
        let (width, _) = terminal_size::terminal_size_of(io::stderr())?;
        Some(usize::from(width.0))
    }

    /// Writes a piece of the answer, as it is, and lets it be seen at once. When the reader has
    /// gone away the rest is dropped in silence: the work and its exit code stay the same.
    pub fn answer(&mut self, text: impl AsRef<[u8]>) {
        if self.closed {
            return;
        }
        let mut stdout = io::stdout().lock();
        if let Err(error) = stdout.write_all(text.as_ref()).and_then(|()| stdout.flush()) {
            self.closed = true;
            self.error = Some(error).filter(|error| error.kind() != ErrorKind::BrokenPipe);
        }
    }

    /// Writes a note: progress, warnings, errors. There is nobody to tell when that fails.
    pub fn note(&mut self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Why the answer could not be written, if it could not: a full disk, not a closed pipe.
    pub fn error(&self) -> Option<&io::Error> {
        self.error.as_ref()
    }
}
