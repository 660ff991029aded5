//! A run that goes on: a few lines that replace each other on a terminal, or a line now and then.

use std::time::Duration;

use super::numbers::{latency, per_second, span};
use super::{LoadReport, failures};
use crate::load::{End, Progress};
use crate::report::{escape, grouped};

/// The progress bar's length, in characters.
const BAR: usize = 30;

/// What takes so many lines off the terminal that end where the cursor stands.
pub fn wipe_lines(lines: usize) -> String {
    if lines == 0 { String::new() } else { format!("\u{1b}[{lines}A\r\u{1b}[J") }
}

impl LoadReport<'_> {
    /// The live view. `since` is the time since it was last shown, and the calls that have ended
    /// in it. No line is wider than the terminal, or it could not be wiped away.
    pub fn live(
        &self,
        progress: &Progress,
        since: (Duration, u64),
        width: Option<usize>,
    ) -> String {
        let tally = &progress.tally;
        let mut lines = vec![self.title_text(), self.bar(progress)];
        lines.push(format!(
            "  {} requests · {} · {} in flight",
            grouped(tally.calls),
            per_second(since.1, since.0),
            progress.in_flight
        ));
        if !tally.latency.is_empty() {
            lines.push(format!("  {}", self.latency_so_far(progress)));
        }
        if tally.failed() > 0 {
            let kinds = failures::inline(tally);
            lines.push(format!("  {} failed: {kinds}", grouped(tally.failed())));
        }
        let fit = |line: String| {
            let kept: String =
                line.chars().take(width.map_or(usize::MAX, |width| width - 1)).collect();
            format!("{kept}\n")
        };
        lines.into_iter().map(fit).collect()
    }

    /// The same on one line.
    pub fn live_line(&self, progress: &Progress, since: (Duration, u64)) -> String {
        let tally = &progress.tally;
        let mut parts = vec![
            format!("{} requests", grouped(tally.calls)),
            per_second(since.1, since.0),
            format!("{} in flight", progress.in_flight),
        ];
        if !tally.latency.is_empty() {
            parts.push(self.latency_so_far(progress));
        }
        if tally.failed() > 0 {
            let kinds = failures::inline(tally);
            parts.push(format!("{} failed ({kinds})", grouped(tally.failed())));
        }
        format!("{}: {}\n", span(progress.elapsed), parts.join(" · "))
    }

    /// What is sent, and where to.
    pub(super) fn title_text(&self) -> String {
        let weights = self.events.len() > 1;
        let event = |(name, weight): &(&str, u32)| match weights {
            true => format!("{}={weight}", escape(name)),
            false => escape(name),
        };
        let events: Vec<_> = self.events.iter().map(event).collect();
        let webhook = self.webhook.map(|name| format!("{}, ", escape(name))).unwrap_or_default();
        let url = escape(&crate::report::shown_url(self.url));
        format!("{} → {webhook}{url}", events.join(" "))
    }

    fn latency_so_far(&self, progress: &Progress) -> String {
        let times = &progress.tally.latency;
        format!(
            "p50 {} · p99 {} · max {}",
            latency(times.value_at_percentile(50.0)),
            latency(times.value_at_percentile(99.0)),
            latency(times.max())
        )
    }

    fn bar(&self, progress: &Progress) -> String {
        let done = self.done(progress).clamp(0.0, 1.0);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss
        )]
        let full = (done * BAR as f64) as usize;
        let of = match self.plan.end {
            End::Count(count) => format!("{} requests", grouped(count)),
            End::Duration(duration) => span(duration),
        };
        format!(
            "  {}{} {:>3.0} % of {of}, {}",
            "█".repeat(full),
            "░".repeat(BAR - full),
            (done * 100.0).floor(),
            span(progress.elapsed)
        )
    }

    #[allow(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
    fn done(&self, progress: &Progress) -> f64 {
        let firsts = progress.tally.calls - progress.tally.repeats;
        match self.plan.end {
            End::Count(count) => firsts as f64 / count as f64,
            End::Duration(duration) => progress.elapsed.as_secs_f64() / duration.as_secs_f64(),
        }
    }
}
