//! A check for people: one line a check, in groups; failing ones with how to mend them.

use super::{Palette, escape, escape_block};
use crate::check::{Check, Fitness, Level, PROBES, Report, Word};
use crate::text::shown_url;

/// The whole report.
pub fn check_human(report: &Report, palette: Palette) -> String {
    let mut text = format!("{}\n", palette.bold(&escape(&shown_url(&report.url))));
    for level in [Level::Must, Level::Should, Level::Note] {
        let shown = |check: &&Check| check.level == level && is_shown(check, report);
        let checks: Vec<_> = report.checks.iter().filter(shown).collect();
        if checks.is_empty() {
            continue;
        }
        text += &format!("\n{}\n", palette.dim(level.as_str()));
        checks.iter().for_each(|check| text += &line(check, palette));
    }
    text + &verdict(report, palette)
}

/// Of a target that was not reached, a list of everything that could not be found out says
/// nothing.
fn is_shown(check: &Check, report: &Report) -> bool {
    let reached = !matches!(report.fitness, Fitness::Unreachable { .. });
    reached || check.judgement.word != Word::Skip
}

fn line(check: &Check, palette: Palette) -> String {
    let judgement = &check.judgement;
    let (mark, label) = match (judgement.word, check.level) {
        (Word::Pass, _) => (palette.success("✓"), palette.highlight(&padded(check.id))),
        (Word::Fail, Level::Must) => (palette.error("✗"), palette.error(&padded(check.id))),
        (Word::Fail, _) => (palette.warning("✗"), palette.warning(&padded(check.id))),
        (Word::Warn, Level::Note) => (palette.dim("·"), palette.highlight(&padded(check.id))),
        (Word::Warn, _) => (palette.warning("!"), palette.warning(&padded(check.id))),
        (Word::Skip, _) => (palette.dim("–"), palette.dim(&padded(check.id))),
    };
    let evidence = escape_block(&judgement.evidence).replace('\n', "\n      ");
    let evidence = match judgement.word {
        Word::Skip => palette.dim(&format!("skipped: {evidence}")),
        _ => evidence,
    };
    let mut text = format!("  {mark} {label} {evidence}\n");
    if let Some(hint) = &judgement.hint {
        text += &format!("      {} {}\n", palette.dim("→"), escape(hint));
    }
    text
}

/// Painted text has no width of its own, so an id is padded before it is painted.
pub(super) fn padded(id: &str) -> String {
    let width = PROBES.iter().map(|probe| probe.id.len()).max().unwrap_or_default();
    format!("{id:<width$}")
}

fn verdict(report: &Report, palette: Palette) -> String {
    match &report.fitness {
        Fitness::Fit => {
            format!("\n{} {}\n", palette.success("✓"), palette.success(&report.summary()))
        }
        Fitness::Unfit => {
            format!("\n{} {}\n", palette.error("✗"), palette.error(&report.summary()))
        }
        Fitness::Unreachable { reason, hint } => format!(
            "\n{} {}: {}\n  {} {}\n",
            palette.error("✗"),
            palette.error(&report.summary()),
            escape(reason),
            palette.dim("→"),
            escape(hint)
        ),
    }
}
