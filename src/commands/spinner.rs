//! A line on stderr that shows what goes on; nothing where that is not a terminal.

use std::io::{self, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::report::Output;

/// Shows its line until it is dropped.
pub(super) struct Spinner(Option<ProgressBar>);

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
