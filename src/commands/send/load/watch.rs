//! Looking on: a live view for a terminal, a line now and then for a pipe.

use std::pin::Pin;
use std::time::{Duration, Instant};

use super::finish::{Finish, RunResult};
use crate::load::{Progress, Run};
use crate::report::{Output, wipe_lines};

/// How often the run is looked at.
const GLANCE: Duration = Duration::from_millis(200);
/// How often a line is written where nobody looks.
const LINE: Duration = Duration::from_secs(5);

/// What is shown, and how far it was shown before.
struct View<'a> {
    finish: &'a Finish<'a>,
    /// Lines of the live view that stand on the terminal.
    lines: usize,
    /// When something was last shown, and how many calls had ended by then.
    last: (Instant, u64),
    is_live: bool,
    is_silent: bool,
}

/// Looks on until the run has ended, or is to end.
pub(super) async fn watch(
    mut run: Run,
    finish: &Finish<'_>,
    mut interrupted: Pin<&mut impl Future<Output = ()>>,
    output: &mut Output,
) -> RunResult {
    let mut view = View::new(finish, output);
    let (mut is_interrupted, mut is_hopeless) = (false, false);
    loop {
        tokio::select! {
            () = run.ended() => break,
            () = &mut interrupted => {
                is_interrupted = true;
                break;
            }
            () = tokio::time::sleep(GLANCE) => {}
        }
        let progress = run.progress();
        view.show(&progress, output);
        is_hopeless = progress.is_hopeless();
        if is_hopeless {
            break;
        }
    }
    let progress = run.stop();
    view.wipe(output);
    RunResult { progress, is_interrupted, is_hopeless }
}

impl<'a> View<'a> {
    fn new(finish: &'a Finish<'a>, output: &Output) -> Self {
        Self {
            finish,
            lines: 0,
            last: (Instant::now(), 0),
            is_live: output.is_noticed(),
            is_silent: finish.args.quiet,
        }
    }

    fn is_due(&self) -> bool {
        self.is_live || self.last.0.elapsed() >= LINE
    }

    fn show(&mut self, progress: &Progress, output: &mut Output) {
        if self.is_silent || !self.is_due() {
            return;
        }
        let report = self.finish.report(output.note_palette());
        let since = (self.last.0.elapsed(), progress.tally.calls - self.last.1);
        let text = match self.is_live {
            true => report.live(progress, since, output.note_width()),
            false => report.live_line(progress, since),
        };
        if self.is_live {
            output.note(&wipe_lines(self.lines));
            self.lines = text.lines().count();
        }
        output.note(&text);
        self.last = (Instant::now(), progress.tally.calls);
    }

    fn wipe(&mut self, output: &mut Output) {
        output.note(&wipe_lines(std::mem::take(&mut self.lines)));
    }
}
