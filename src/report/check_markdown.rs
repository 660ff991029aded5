//! A check as a table in Markdown.

use super::escape::escape_cell;
use crate::check::{Check, Fitness, Level, Report, Word};
use crate::text::shown_url;

/// Heading, verdict and table.
pub fn check_markdown(report: &Report) -> String {
    let mut text = format!("### pgwh check-target {}\n\n", escape_cell(&shown_url(&report.url)));
    text += &match &report.fitness {
        Fitness::Fit => format!("✅ **{}**\n\n", report.summary()),
        Fitness::Unfit => format!("❌ **{}**\n\n", report.summary()),
        Fitness::Unreachable { reason, hint } => format!(
            "❌ **{}**: {}\n\n{}\n\n",
            report.summary(),
            escape_cell(reason),
            escape_cell(hint)
        ),
    };
    text += "| | check | level | evidence |\n| --- | --- | --- | --- |\n";
    text + &report.checks.iter().map(row).collect::<String>() + "\n"
}

fn row(check: &Check) -> String {
    let judgement = &check.judgement;
    let mark = match (judgement.word, check.level) {
        (Word::Pass, _) => "✅",
        (Word::Fail, Level::Must) => "❌",
        (Word::Warn, Level::Note) => "ℹ️",
        (Word::Fail | Word::Warn, _) => "⚠️",
        (Word::Skip, _) => "➖",
    };
    let hint = judgement.hint.as_deref().map(|hint| format!("<br>→ {}", escape_cell(hint)));
    format!(
        "| {mark} | `{}` | {} | {}{} |\n",
        check.id,
        check.level.as_str(),
        escape_cell(&judgement.evidence),
        hint.unwrap_or_default()
    )
}
