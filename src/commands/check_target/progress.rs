//! What a check is doing, in a line on the terminal.

use std::cell::Cell;
use std::io::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::check::{CheckProgress, PROBES};
use crate::report::Output;
use crate::text::count;

/// Most probes that are named.
const MAX_NAMES: usize = 3;

/// A line that is redrawn; nothing where stderr is not a terminal.
pub(super) struct ProgressLine {
    bar: Option<ProgressBar>,
    checks: Cell<u64>,
}

impl ProgressLine {
    pub(super) fn new(output: &Output) -> Self {
        let bar = output.stderr_is_tty().then(|| {
            let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
            let bar = ProgressBar::new_spinner().with_style(style);
            bar.set_message("waiting for the first response");
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self { bar, checks: Cell::default() }
    }

    pub(super) fn show(&self, event: &CheckProgress<'_>) {
        match event {
            CheckProgress::Checked(_) => self.checks.set(self.checks.get() + 1),
            CheckProgress::Running(ids) if !ids.is_empty() => {
                let mut names = ids[..ids.len().min(MAX_NAMES)].join(", ");
                if ids.len() > MAX_NAMES {
                    names += &format!(" and {} more", ids.len() - MAX_NAMES);
                }
                let made = format!("{} of {} made", self.checks.get(), count_all());
                self.bar.iter().for_each(|bar| bar.set_message(format!("{names}; {made}")));
            }
            CheckProgress::Running(_) => {}
        }
    }

    /// Removes the line.
    pub(super) fn clear(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }

    /// A writer to stderr that keeps clear of the line.
    pub(super) fn stderr(&self) -> impl FnMut(&[u8]) + Send + 'static {
        let bar = self.bar.clone();
        move |bytes| {
            let write = || {
                // Nobody can be told when stderr fails.
                let _ = std::io::stderr().lock().write_all(bytes);
            };
            match &bar {
                Some(bar) => bar.suspend(write),
                None => write(),
            }
        }
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.clear();
    }
}

fn count_all() -> String {
    count(PROBES.len() as u64, "check")
}
