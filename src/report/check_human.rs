//! A check for people: one line a check, in groups; failing ones with how to mend them.

use super::{Palette, escape, escape_block};
use crate::check::{Check, Fitness, Level, PROBES, Report, Word};
use crate::text::shown_url;

/// The whole report.
pub fn check_human(report: &Report, palette: Palette) -> String {
    let mut text = format!("{}\n", palette.strong(&escape(&shown_url(&report.url))));
    for level in [Level::Must, Level::Should, Level::Note] {
        let shown = |check: &&Check| check.level == level && is_shown(check, report);
        let checks: Vec<_> = report.checks.iter().filter(shown).collect();
        if checks.is_empty() {
            continue;
        }
        text += &format!("\n{}\n", palette.faint(level.as_str()));
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
        (Word::Pass, _) => (palette.good("✓"), palette.name(&padded(check.id))),
        (Word::Fail, Level::Must) => (palette.bad("✗"), palette.bad(&padded(check.id))),
        (Word::Fail, _) => (palette.doubtful("✗"), palette.doubtful(&padded(check.id))),
        (Word::Warn, Level::Note) => (palette.faint("·"), palette.name(&padded(check.id))),
        (Word::Warn, _) => (palette.doubtful("!"), palette.doubtful(&padded(check.id))),
        (Word::Skip, _) => (palette.faint("–"), palette.faint(&padded(check.id))),
    };
    let evidence = escape_block(&judgement.evidence).replace('\n', "\n      ");
    let evidence = match judgement.word {
        Word::Skip => palette.faint(&format!("skipped: {evidence}")),
        _ => evidence,
    };
    let mut text = format!("  {mark} {label} {evidence}\n");
    if let Some(hint) = &judgement.hint {
        text += &format!("      {} {}\n", palette.faint("→"), escape(hint));
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
        Fitness::Fit => format!("\n{} {}\n", palette.good("✓"), palette.good(&report.summary())),
        Fitness::Unfit => format!("\n{} {}\n", palette.bad("✗"), palette.bad(&report.summary())),
        Fitness::Unreachable { reason, hint } => format!(
            "\n{} {}: {}\n  {} {}\n",
            palette.bad("✗"),
            palette.bad(&report.summary()),
            escape(reason),
            palette.faint("→"),
            escape(hint)
        ),
    }
}
