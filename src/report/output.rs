//! The one place that writes to the terminal: stdout carries the result, stderr the rest.

use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::thread;
use std::time::Duration;

use colored::{Color, Colorize};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use terminal_size::{Width, terminal_size_of};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use unicode_width::UnicodeWidthStr;

use super::{escape, json_line};
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

    /// Writes a piece of the result, so that it can be seen at once. On a terminal, lines that are
    /// too long break at words.
    pub fn stdout(&mut self, text: impl AsRef<str>) {
        let text = wrapped(text.as_ref(), self.stdout_width());
        self.stdout_raw(text.as_bytes());
    }

    /// Writes a piece of the result byte for byte. When the reader has gone away, the rest is
    /// dropped without an error: the work and its exit code stay the same.
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
        let text = wrapped(text, terminal_size_of(io::stderr()).map(columns));
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Writes a warning to stderr, as JSON where the result is JSON.
    pub fn warn(&mut self, diagnostic: impl Into<Diagnostic>) {
        self.diagnose("warning", self.stderr.warning("warning:"), &diagnostic.into());
    }

    /// Writes an error to stderr, as JSON where the result is JSON.
    pub fn fail(&mut self, diagnostic: impl Into<Diagnostic>) {
        self.diagnose("error", self.stderr.error("error:"), &diagnostic.into());
    }

    fn diagnose(&mut self, kind: &'static str, label: String, diagnostic: &Diagnostic) {
        self.stderr(&match self.json {
            true => json_line(&DiagnosticLine { r#type: kind, diagnostic }),
            false => block(&label, diagnostic, self.stderr),
        });
    }

    /// Why the result could not be written, if it could not: a full disk, not a closed pipe.
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

/// An error or a warning as one line of JSON.
#[derive(Serialize)]
struct DiagnosticLine<'a> {
    r#type: &'static str,
    #[serde(flatten)]
    diagnostic: &'a Diagnostic,
}

/// `error: …` or `warning: …`, then a `help:` line for each way to fix it. Each text is one line: a line break in foreign text could begin a command to a CI runner.
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
        let text = wrapped(&text, terminal_size_of(io::stdout()).map(columns));
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

/// Colors text, or leaves it plain. The text must already be escaped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Palette {
    /// Whether to color at all.
    pub on: bool,
}

impl Palette {
    /// Leaves all text plain.
    pub const PLAIN: Self = Self { on: false };

    /// Success.
    pub fn success(self, text: &str) -> String {
        self.color(text, Color::Green)
    }

    /// Failure.
    pub fn error(self, text: &str) -> String {
        self.color(text, Color::Red)
    }

    /// What deserves a look.
    pub fn warning(self, text: &str) -> String {
        self.color(text, Color::Yellow)
    }

    /// Names: events, ids, commands.
    pub fn highlight(self, text: &str) -> String {
        self.color(text, Color::Cyan)
    }

    /// What the eye should find first.
    pub fn bold(self, text: &str) -> String {
        if self.on { text.bold().to_string() } else { text.to_owned() }
    }

    /// Details.
    pub fn dim(self, text: &str) -> String {
        if self.on { text.dimmed().to_string() } else { text.to_owned() }
    }

    /// A line of a block: a label of this width, then the text.
    pub(super) fn labelled(self, label: &str, width: usize, text: &str) -> String {
        // The label is padded before it is colored: escapes would count as width.
        format!("  {} {text}\n", self.dim(&format!("{label:<width$}")))
    }

    fn color(self, text: &str, color: Color) -> String {
        if self.on { text.color(color).to_string() } else { text.to_owned() }
    }
}

/// What a line begins with whose continuation is indented by as much.
const LABELS: [&str; 9] = ["✓ ", "✗ ", "→ ", "· ", "– ", "! ", "error: ", "help: ", "warning: "];
/// What a line of a quoted body begins with.
const BAR: &str = "│ ";

/// Breaks each line of a text that is longer than `width` columns at a word. A continuation is
/// indented to the column that the line's own text begins in; that of a quoted body has its bar, too.
/// JSON stays as it is, so that it can be copied; so does a word that is longer than a line.
pub(super) fn wrap(text: &str, width: usize) -> Cow<'_, str> {
    if text.lines().all(|line| fits(line, width)) {
        return Cow::Borrowed(text);
    }
    let mut wrapped = String::with_capacity(text.len() + text.len() / width.max(1));
    for line in text.split_inclusive('\n') {
        match fits(line, width) {
            true => wrapped.push_str(line),
            false => wrap_line(line, width, &mut wrapped),
        }
    }
    Cow::Owned(wrapped)
}

fn fits(line: &str, width: usize) -> bool {
    let visible = visible(line);
    let text = visible.trim();
    visible.trim_end().width() <= width || text.starts_with(['{', '[', '"', '}'])
}

/// The indent that is left of one that takes more than half of the columns.
const NARROW_INDENT: usize = 4;

fn wrap_line(line: &str, width: usize, wrapped: &mut String) {
    let lead = line.len() - line.trim_start_matches(' ').len();
    let line = if lead > width / 2 { &line[lead.saturating_sub(NARROW_INDENT)..] } else { line };
    let visible = visible(line);
    let indent = continuation(&visible, width);
    let start = match visible.trim_start().starts_with(BAR) {
        true => " ".repeat(indent - BAR.width()) + BAR,
        false => " ".repeat(indent),
    };
    let mut column = 0;
    // The last place to break at: the length of the text before it, and its column.
    let mut space = None;
    for piece in Pieces(line) {
        if is_escape(piece) || piece == "\n" {
            wrapped.push_str(piece);
            continue;
        }
        if piece == " " && column > indent {
            space = Some((wrapped.len(), column));
        }
        let is_full = column + piece.width() > width && piece != " ";
        if let Some((at, before)) = is_full.then(|| space.take()).flatten() {
            let tail = wrapped.split_off(at);
            wrapped.truncate(wrapped.trim_end_matches(' ').len());
            wrapped.push('\n');
            wrapped.push_str(&start);
            wrapped.push_str(tail.trim_start_matches(' '));
            column = indent + column - before - 1;
        }
        wrapped.push_str(piece);
        column += piece.width();
    }
}

/// The column that a continuation begins in: that of the last column of a table in the first part
/// of the line, else of the text behind a label.
fn continuation(line: &str, width: usize) -> usize {
    let columns: Vec<_> = line.trim_end().chars().collect();
    let lead = columns.iter().take_while(|c| **c == ' ').count();
    let starts = |n: &usize| columns[*n] != ' ' && columns[*n - 1] == ' ' && columns[*n - 2] == ' ';
    let table = (lead + 3..columns.len().min(width * 3 / 5)).rfind(starts);
    let text = line.trim_start();
    if text.starts_with(BAR) {
        return lead + BAR.width();
    }
    let label = LABELS.iter().find(|label| text.starts_with(**label));
    table.unwrap_or_else(|| lead + label.map_or(0, |label| label.chars().count()))
}

/// A line as it looks, without what colors it.
fn visible(line: &str) -> String {
    Pieces(line).filter(|piece| !is_escape(piece)).collect()
}

fn is_escape(piece: &str) -> bool {
    piece.starts_with('\u{1b}')
}

/// The characters of a line, each escape sequence being one.
struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let first = self.0.chars().next()?;
        let escape = first == '\u{1b}';
        let end = escape.then(|| self.0.find('m')).flatten().map_or(first.len_utf8(), |m| m + 1);
        let (piece, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(piece)
    }
}

/// A line on stderr that shows what goes on, until it is dropped; nothing where that is not a terminal.
pub struct Spinner(Option<ProgressBar>);

impl Spinner {
    /// A line in this template of indicatif's, with its first message.
    pub fn new(template: &str, message: &'static str, output: &Output) -> Self {
        Self(output.stderr_is_tty().then(|| {
            let style = ProgressStyle::with_template(template);
            let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
            let bar = ProgressBar::new_spinner().with_style(style).with_message(message);
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        }))
    }

    /// Changes the message, which is only made if it is shown.
    pub fn set(&self, message: impl FnOnce() -> String) {
        if let Some(bar) = &self.0 {
            bar.set_message(message());
        }
    }

    /// Writes something else while the line is away.
    pub fn suspend(&self, write: impl FnOnce()) {
        suspend(self.0.as_ref(), write);
    }

    /// A writer to stderr that keeps clear of the line.
    pub fn stderr(&self) -> impl FnMut(&[u8]) + Send + 'static {
        let bar = self.0.clone();
        move |bytes| {
            suspend(bar.as_ref(), || {
                // There is nowhere to report that stderr fails.
                let _ = io::stderr().lock().write_all(bytes);
            });
        }
    }
}

fn suspend(bar: Option<&ProgressBar>, write: impl FnOnce()) {
    match bar {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.iter().for_each(ProgressBar::finish_and_clear);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_under_their_text() {
        assert_eq!(wrap("short\n", 10), "short\n");
        assert_eq!(wrap("one two three\n", 8), "one two\nthree\n");
        assert_eq!(wrap("  → one two three\n", 12), "  → one two\n    three\n");
        assert_eq!(wrap("error: neither header\n", 14), "error: neither\n       header\n");
        assert_eq!(
            wrap("  ✓ id       one two three four\n", 30),
            "  ✓ id       one two three\n             four\n"
        );
        assert_eq!(wrap("a-word-that-is-long x\n", 8), "a-word-that-is-long\nx\n");
        assert_eq!(wrap("              one two three\n", 16), "    one two\n    three\n");
    }

    #[test]
    fn colors_have_no_width_and_data_stays_whole() {
        assert_eq!(wrap("\u{1b}[31mone\u{1b}[0m two\n", 7), "\u{1b}[31mone\u{1b}[0m two\n");
        assert_eq!(
            wrap("\u{1b}[31mone\u{1b}[0m two three\n", 8),
            "\u{1b}[31mone\u{1b}[0m two\nthree\n"
        );
        assert_eq!(wrap("クラス 予約 です\n", 12), "クラス 予約\nです\n");
        assert_eq!(
            wrap("    \u{1b}[2m│\u{1b}[0m one two three\n", 14),
            "    \u{1b}[2m│\u{1b}[0m one two\n    │ three\n"
        );
        let json = "{\"a\": \"one two three\"}\n";
        assert_eq!(wrap(json, 8), json);
    }
}
