//! A check for people: one line for each check, in groups, failed ones with their help; and the
//! probes themselves, as a table and as the page of each.

use super::wrap::wrap;
use super::{Palette, escape, escape_block};
use crate::check::{Check, CheckReport, CheckStatus, Level, PROBES, Probe, Readiness};
use crate::text::shown_url;

/// Columns of a paragraph.
const PARAGRAPH_WIDTH: usize = 90;

/// The whole report.
pub fn check_human(report: &CheckReport, palette: Palette) -> String {
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

/// For a target that was not reached, a list of everything that is unknown says nothing.
fn is_shown(check: &Check, report: &CheckReport) -> bool {
    let reached = !matches!(report.readiness, Readiness::Unreachable { .. });
    reached || check.result.status != CheckStatus::Skip
}

fn line(check: &Check, palette: Palette) -> String {
    let result = &check.result;
    let id = padded(check.id);
    let (mark, label) = match (result.status, check.level) {
        (CheckStatus::Pass, _) => (palette.success("✓"), palette.highlight(&id)),
        (CheckStatus::Fail, Level::Must) => (palette.error("✗"), palette.error(&id)),
        (CheckStatus::Fail, _) => (palette.warning("✗"), palette.warning(&id)),
        (CheckStatus::Warn, Level::Note) => (palette.dim("·"), palette.highlight(&id)),
        (CheckStatus::Warn, _) => (palette.warning("!"), palette.warning(&id)),
        (CheckStatus::Skip, _) => (palette.dim("–"), palette.dim(&id)),
    };
    let evidence = escape_block(&result.evidence).replace('\n', "\n      ");
    let evidence = match result.status {
        CheckStatus::Skip => palette.dim(&format!("skipped: {evidence}")),
        _ => evidence,
    };
    let mut text = format!("  {mark} {label} {evidence}\n");
    if let Some(help) = &result.help {
        text += &format!("      {} {}\n", palette.dim("→"), escape(help));
    }
    text
}

/// Colored text has no width of its own, so an id is padded before it is colored.
fn padded(id: &str) -> String {
    let width = PROBES.iter().map(|probe| probe.id.len()).max().unwrap_or_default();
    format!("{id:<width$}")
}

fn verdict(report: &CheckReport, palette: Palette) -> String {
    let summary = report.summary();
    match &report.readiness {
        // Green would say that all is well.
        Readiness::Ready if report.lets_anybody_in() => {
            format!("\n{} {}\n", palette.warning("!"), palette.warning(&summary))
        }
        Readiness::Ready => format!("\n{} {}\n", palette.success("✓"), palette.success(&summary)),
        Readiness::NotReady | Readiness::Interrupted => {
            format!("\n{} {}\n", palette.error("✗"), palette.error(&summary))
        }
        Readiness::Unreachable { reason, help } => format!(
            "\n{} {}: {}\n  {} {}\n",
            palette.error("✗"),
            palette.error(&summary),
            escape(reason),
            palette.dim("→"),
            escape(help)
        ),
    }
}

/// One line for each probe: id, level, source, when it passes.
pub fn probe_list(palette: Palette) -> String {
    let line = |probe: &Probe| {
        format!(
            "{}  {:<6}  {:<14}  {}\n",
            palette.highlight(&padded(probe.id)),
            probe.level.as_str(),
            probe.source.as_str(),
            probe.passes_when
        )
    };
    PROBES.iter().map(line).collect()
}

/// Everything about one probe.
pub fn probe_page(probe: &Probe, palette: Palette) -> String {
    let (id, level, source) = (probe.id, probe.level.as_str(), probe.source.as_str());
    let passes = format!("when {}", probe.passes_when);
    let passes = wrap(&passes, PARAGRAPH_WIDTH - 10).replace('\n', "\n          ");
    format!(
        "{}\n  level   {level}\n  source  {source}\n  passes  {passes}\n\n{}\n\n{}\n",
        palette.highlight(id),
        wrap(probe.explanation, PARAGRAPH_WIDTH),
        palette.dim("All checks: docs/check-target.md"),
    )
}
