//! What a story is doing, in a line on the terminal.

use std::cell::Cell;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::delivery::format_duration;
use crate::report::{Output, escape};
use crate::story::{PlayEvent, Step, Story};
use crate::text::grouped;

/// A line that is redrawn; nothing where stderr is not a terminal.
pub(super) struct PlayProgress {
    bar: Option<ProgressBar>,
    steps: usize,
    /// Steps that have begun, and requests of the current one that have ended.
    begun: Cell<usize>,
    ended: Cell<u64>,
}

impl PlayProgress {
    pub(super) fn new(story: &Story, output: &Output) -> Self {
        let bar = output.stderr_is_tty().then(|| {
            let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
            let bar = ProgressBar::new_spinner().with_style(style);
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self { bar, steps: story.steps.len(), begun: Cell::new(0), ended: Cell::new(0) }
    }

    pub(super) fn show(&self, event: &PlayEvent<'_>) {
        match event {
            PlayEvent::Waiting(step, pause) => {
                self.begun.set(self.begun.get() + 1);
                self.ended.set(0);
                let pause = match pause.is_zero() {
                    true => String::new(),
                    false => format!(", {} after the one before", format_duration(*pause)),
                };
                self.set(step, &pause);
            }
            PlayEvent::Ended(step, _) => {
                self.ended.set(self.ended.get() + 1);
                let ended = grouped(self.ended.get());
                let total = grouped(step.count.into());
                self.set(step, &format!(": {ended} of {total} requests"));
            }
            PlayEvent::Done(_) => {}
        }
    }

    fn set(&self, step: &Step, state: &str) {
        if let Some(bar) = &self.bar {
            let (n, total) = (self.begun.get(), self.steps);
            bar.set_message(format!("step {n} of {total}, {}{state}", escape(step.label())));
        }
    }

    /// Writes something else while the line is away.
    pub(super) fn suspend(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Drop for PlayProgress {
    fn drop(&mut self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }
}
