//! A finished run as Markdown, for a comment or a page.

use super::numbers::{PERCENTILES, latency, per_second, percent, span};
use super::{LoadReport, LoadResult, describe, describe_example, ranked};
use crate::report::escape::escape_cell;
use crate::report::grouped;

impl LoadReport<'_> {
    /// A heading, the verdict and tables.
    pub fn markdown(&self, result: &LoadResult<'_>) -> String {
        let (progress, stats) = (result.progress, &result.progress.stats);
        let mark = if result.passed { "✅" } else { "❌" };
        let mut text = format!("### pgwh send {}\n\n", escape_cell(&self.title()));
        text += &format!(
            "{mark} **{} of {} requests would be marked failed ({})**\n\n",
            grouped(stats.failed()),
            grouped(stats.requests),
            percent(stats.failed_share())
        );
        text += "| requests | rate | over | in time |";
        text += &PERCENTILES.map(|(name, ..)| format!(" {name} |")).concat();
        text += " max |\n|";
        text += &" ---: |".repeat(5 + PERCENTILES.len());
        text += &format!(
            "\n| {} | {} | {} | {} |",
            grouped(stats.requests),
            per_second(stats.requests, progress.elapsed),
            span(progress.elapsed),
            percent(stats.in_time_share())
        );
        let times = PERCENTILES.map(|(_, percent)| stats.latency.value_at_percentile(percent));
        for time in times.into_iter().chain([stats.latency.max()]) {
            // Without a response there is no latency, rather than one of 0.
            let shown = if stats.latency.is_empty() { "–".to_owned() } else { latency(time) };
            text += &format!(" {shown} |");
        }
        text.push('\n');
        if stats.failed() > 0 {
            text += "\n| failed | how | example |\n| ---: | --- | --- |\n";
            for (kind, bucket) in ranked(stats) {
                let example = bucket.example.as_ref().map(describe_example).unwrap_or_default();
                text += &format!(
                    "| {} | {} | {} |\n",
                    grouped(bucket.count),
                    describe(kind),
                    escape_cell(&example)
                );
            }
        }
        text + "\n"
    }
}
