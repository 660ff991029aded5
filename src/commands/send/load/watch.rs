//! ProgressView of a run: a bar on a terminal, a line now and then in a pipe.

use std::pin::Pin;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::finish::{EndedRun, Finish};
use crate::load::{LoadProgress, Run};
use crate::report::Output;

/// How often the bar is updated.
const BAR_INTERVAL: Duration = Duration::from_millis(200);
/// How often a line is written into a pipe.
const LINE_INTERVAL: Duration = Duration::from_secs(5);

/// Waits until the run has ended, is interrupted, or has to be given up.
pub(super) async fn watch(
    mut run: Run,
    finish: &Finish<'_>,
    mut interrupted: Pin<&mut impl Future<Output = ()>>,
    output: &mut Output,
) -> EndedRun {
    let mut progress = ProgressView::new(finish, output);
    let (mut is_interrupted, mut is_given_up) = (false, false);
    loop {
        tokio::select! {
            () = run.ended() => break,
            () = &mut interrupted => {
                is_interrupted = true;
                break;
            }
            () = tokio::time::sleep(BAR_INTERVAL) => {}
        }
        let state = run.progress();
        progress.show(&state, output);
        if state.is_unreachable() {
            is_given_up = true;
            break;
        }
    }
    let state = run.stop();
    progress.clear();
    EndedRun { progress: state, is_interrupted, is_given_up }
}

/// What was shown, and when.
struct ProgressView<'a> {
    finish: &'a Finish<'a>,
    /// `None` where stderr is not a terminal.
    bar: Option<ProgressBar>,
    /// When something was last shown, and how many requests had ended by then.
    last: (Instant, u64),
}

impl<'a> ProgressView<'a> {
    fn new(finish: &'a Finish<'a>, output: &Output) -> Self {
        let bar = (output.stderr_is_tty() && !finish.args.quiet).then(|| {
            let style = ProgressStyle::with_template("{prefix}\n  {bar:40} {percent} %\n  {msg}");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
            let title = finish.report(output.stderr_palette()).progress_title();
            ProgressBar::new(1).with_style(style).with_prefix(title)
        });
        Self { finish, bar, last: (Instant::now(), 0) }
    }

    fn show(&mut self, state: &LoadProgress, output: &mut Output) {
        let elapsed = self.last.0.elapsed();
        let is_due = self.bar.is_some() || elapsed >= LINE_INTERVAL;
        if self.finish.args.quiet || !is_due {
            return;
        }
        let report = self.finish.report(output.stderr_palette());
        let line = report.progress_line(state, (elapsed, state.stats.requests - self.last.1));
        match &self.bar {
            Some(bar) => {
                let (position, end) = report.progress_position(state);
                bar.set_length(end);
                bar.set_position(position);
                bar.set_message(line);
            }
            None => output.stderr(&format!("{line}\n")),
        }
        self.last = (Instant::now(), state.stats.requests);
    }

    fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
