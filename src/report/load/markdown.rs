//! A run that is over, for a comment or a page.

use super::numbers::{PERCENTILES, latency, per_second, percent, span};
use super::{LoadEnd, LoadReport, failures};
use crate::report::escape::escape_cell;
use crate::report::grouped;

impl LoadReport<'_> {
    /// Heading, verdict and tables.
    pub fn markdown(&self, end: &LoadEnd<'_>) -> String {
        let (progress, tally) = (end.progress, &end.progress.tally);
        let mark = if end.passed { "✅" } else { "❌" };
        let mut text = format!("### pgwh send {}\n\n", escape_cell(&self.title_text()));
        text += &format!(
            "{mark} **{} of {} requests would be marked failed ({})**\n\n",
            grouped(tally.failed()),
            grouped(tally.calls),
            percent(tally.failed_share())
        );
        text += "| requests | rate | over | in time |";
        text += &PERCENTILES.map(|(name, ..)| format!(" {name} |")).concat();
        text += " max |\n|";
        text += &" ---: |".repeat(5 + PERCENTILES.len());
        text += &format!(
            "\n| {} | {} | {} | {} |",
            grouped(tally.calls),
            per_second(tally.calls, progress.elapsed),
            span(progress.elapsed),
            percent(tally.in_time_share())
        );
        let times = PERCENTILES.map(|(_, percent)| tally.latency.value_at_percentile(percent));
        for time in times.into_iter().chain([tally.latency.max()]) {
            // Where nothing was answered there are no times, least of all short ones.
            let shown = if tally.latency.is_empty() { "–".to_owned() } else { latency(time) };
            text += &format!(" {shown} |");
        }
        text.push('\n');
        if tally.failed() > 0 {
            text += "\n| failed | how | example |\n| ---: | --- | --- |\n";
            for (kind, failure) in failures::ranked(tally) {
                let example = failure.example.as_ref().map(failures::evidence).unwrap_or_default();
                text += &format!(
                    "| {} | {} | {} |\n",
                    grouped(failure.count),
                    failures::words(kind),
                    escape_cell(&example)
                );
            }
        }
        text + "\n"
    }
}
