//! What `check-target` found: for people, as JSON (`schemas/check.schema.json`), and for CI systems
//! as JUnit XML, annotations and Markdown. And the probes themselves.

use std::time::Duration;

use serde_json::json;

use super::output::wrap;
use super::{
    Case, Palette, ReportFormat, Suite, annotation, document, elapsed_ms, escape, escape_block,
    escape_cell, json_line,
};
use crate::check::{Check, CheckReport, CheckStatus, Level, PROBES, Probe, Readiness};
use crate::text::{count, shown_url, tally};

/// From this many on, checks that are skipped for the same reason share one line.
const MIN_FOLDED: u64 = 3;

/// Columns of a paragraph.
const PARAGRAPH_WIDTH: usize = 90;

/// The reports of all targets.
pub fn check_report(format: ReportFormat, reports: &[CheckReport], palette: Palette) -> String {
    let each =
        |render: &dyn Fn(&CheckReport) -> String| reports.iter().map(render).collect::<Vec<_>>();
    match format {
        ReportFormat::Human => each(&|report| check_human(report, palette)).join("\n"),
        ReportFormat::Json => each(&check_json).concat(),
        ReportFormat::Junit => document(reports.iter().map(check_junit)),
        ReportFormat::Github => each(&check_github).concat(),
        ReportFormat::Markdown => each(&check_markdown).join("\n"),
    }
}

/// The webhook, if it is one of pgwh.toml, and the URL.
fn target(report: &CheckReport) -> String {
    let url = shown_url(&report.url);
    match &report.webhook {
        Some(name) => format!("{name} → {url}"),
        None => url,
    }
}

/// The whole report of a target.
fn check_human(report: &CheckReport, palette: Palette) -> String {
    let mut text = format!("{}\n", palette.bold(&escape(&target(report))));
    let folded = folded_skips(report);
    for level in [Level::Must, Level::Should, Level::Note] {
        let shown = |check: &&Check| check.level == level && is_shown(check, report, &folded);
        let checks: Vec<_> = report.checks.iter().filter(shown).collect();
        if checks.is_empty() {
            continue;
        }
        text += &format!("\n{}\n", palette.dim(level.as_str()));
        checks.iter().for_each(|check| text += &line(check, palette));
    }
    if !folded.is_empty() {
        text.push('\n');
    }
    for (reason, skipped) in &folded {
        let line = format!("– {} skipped: {}", count(*skipped, "check"), escape(reason));
        text += &format!("  {}\n", palette.dim(&line));
    }
    text + &verdict(report, palette)
}

/// The reasons for which many checks were skipped, and for how many: a line for each check would hide
/// the one that failed. None for a target that was not reached, as the verdict says so.
fn folded_skips(report: &CheckReport) -> Vec<(&str, u64)> {
    if matches!(report.readiness, Readiness::Unreachable { .. }) {
        return Vec::new();
    }
    let skipped = report.checks.iter().filter(|check| check.result.status == CheckStatus::Skip);
    let mut reasons = tally(skipped.map(|check| check.result.evidence.as_str()));
    reasons.retain(|(_, checks)| *checks >= MIN_FOLDED);
    reasons
}

/// For a target that was not reached, a list of everything that is unknown says nothing.
fn is_shown(check: &Check, report: &CheckReport, folded: &[(&str, u64)]) -> bool {
    let reached = !matches!(report.readiness, Readiness::Unreachable { .. });
    let is_folded = folded.iter().any(|(reason, _)| *reason == check.result.evidence);
    check.result.status != CheckStatus::Skip || reached && !is_folded
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
    let mut text = format!("  {mark} {label}  {evidence}\n");
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

/// How good a verdict is.
enum Tone {
    Good,
    Doubtful,
    Bad,
}

fn tone(report: &CheckReport) -> Tone {
    match report.readiness {
        // A good one would say that all is well.
        Readiness::Ready if report.lets_anybody_in() => Tone::Doubtful,
        Readiness::Ready => Tone::Good,
        Readiness::NotReady
        | Readiness::Interrupted
        | Readiness::Unchecked
        | Readiness::Unreachable { .. } => Tone::Bad,
    }
}

/// Why a target was not reached, and what to do about it.
fn unreachable(report: &CheckReport) -> Option<(&str, &str)> {
    match &report.readiness {
        Readiness::Unreachable { reason, help } => Some((reason, help)),
        _ => None,
    }
}

fn verdict(report: &CheckReport, palette: Palette) -> String {
    let summary = report.summary();
    let (mark, summary) = match tone(report) {
        Tone::Good => (palette.success("✓"), palette.success(&summary)),
        Tone::Doubtful => (palette.warning("!"), palette.warning(&summary)),
        Tone::Bad => (palette.error("✗"), palette.error(&summary)),
    };
    let why = unreachable(report).map(|(reason, help)| {
        format!(": {}\n  {} {}", escape(reason), palette.dim("→"), escape(help))
    });
    format!("\n{mark} {summary}{}\n", why.unwrap_or_default())
}

/// One line of JSON, line feed included.
fn check_json(report: &CheckReport) -> String {
    let verdict = match report.readiness {
        Readiness::Ready => "ready",
        Readiness::NotReady => "not-ready",
        Readiness::Unreachable { .. } => "unreachable",
        Readiness::Interrupted => "interrupted",
        Readiness::Unchecked => "unchecked",
    };
    let check = |check: &Check| {
        json!({
            "id": check.id,
            "level": check.level.as_str(),
            "verdict": check.result.status.as_str(),
            "evidence": check.result.evidence,
            "help": check.result.help,
            "source": check.source.as_str(),
            "elapsedMs": elapsed_ms(check.elapsed),
        })
    };
    json_line(&json!({
        "type": "check",
        "webhook": report.webhook,
        "target": shown_url(&report.url),
        "verdict": verdict,
        "reason": unreachable(report).map(|(reason, _)| reason),
        "letsAnybodyIn": report.lets_anybody_in(),
        "checks": report.checks.iter().map(check).collect::<Vec<_>>(),
        "summary": {
            "text": report.summary(),
            "strict": report.strict,
            "pass": report.count(CheckStatus::Pass),
            "fail": report.count(CheckStatus::Fail),
            "warn": report.count(CheckStatus::Warn),
            "skip": report.count(CheckStatus::Skip),
        },
    }))
}

const TITLE: &str = "pgwh check-target";

/// A target's suite in the JUnit document. A failed check that decides the verdict is a
/// failure; a recommendation that is not followed is reported as skipped, so that it is seen
/// without making the build fail.
fn check_junit(report: &CheckReport) -> Suite {
    let mut suite = Suite::new(&format!("{TITLE} {}", target(report)));
    report.checks.iter().for_each(|check| add_case(&mut suite, check, report));
    let (name, case) = match &report.readiness {
        Readiness::Unreachable { reason, help } => {
            ("reachable", Case::Error("unreachable", reason, help))
        }
        Readiness::Interrupted => ("complete", Case::Error("interrupted", &report.summary(), "")),
        Readiness::Unchecked => ("complete", Case::Error("unchecked", &report.summary(), "")),
        Readiness::Ready | Readiness::NotReady => return suite,
    };
    suite.add("check-target", name, Duration::ZERO, case);
    suite
}

fn add_case(suite: &mut Suite, check: &Check, report: &CheckReport) {
    let evidence = &check.result.evidence;
    let help = check.result.help.as_deref().unwrap_or_default();
    let recommendation = format!("recommendation: {evidence}\n{help}");
    let both = format!("{evidence}\n{help}");
    let case = match check.result.status {
        CheckStatus::Skip => Case::Skipped(evidence),
        CheckStatus::Fail if report.decides(check) => {
            Case::Failed(check.level.as_str(), evidence, help)
        }
        CheckStatus::Fail if check.level == Level::Should => Case::Skipped(&recommendation),
        _ => Case::Passed(both.trim_end()),
    };
    let class = format!("check-target.{}", check.level.as_str());
    suite.add(&class, check.id, check.elapsed, case);
}

/// One GitHub annotation for each check that deserves one, and one for the verdict.
fn check_github(report: &CheckReport) -> String {
    let annotations = report.checks.iter().filter_map(|check| check_annotation(check, report));
    let text: String = annotations.collect();
    let kind = match tone(report) {
        Tone::Good => "notice",
        Tone::Doubtful => "warning",
        Tone::Bad => "error",
    };
    let why = unreachable(report).map(|(reason, help)| format!(": {reason}\n{help}"));
    let title = match &report.webhook {
        Some(name) => format!("{TITLE} {name}"),
        None => TITLE.to_owned(),
    };
    text + &annotation(kind, &title, None, &(report.summary() + &why.unwrap_or_default()))
}

fn check_annotation(check: &Check, report: &CheckReport) -> Option<String> {
    let kind = match (check.result.status, check.level) {
        (CheckStatus::Fail, _) if report.decides(check) => "error",
        (CheckStatus::Fail, _) => "warning",
        (CheckStatus::Warn, Level::Must | Level::Should) => "warning",
        _ => return None,
    };
    let help = check.result.help.as_deref().unwrap_or_default();
    let text = format!("{}\n{help}", check.result.evidence);
    Some(annotation(kind, &format!("pgwh {}", check.id), None, text.trim_end()))
}

/// Heading, verdict and table in Markdown.
fn check_markdown(report: &CheckReport) -> String {
    let mut text = format!("### {TITLE} {}\n\n", escape_cell(&target(report)));
    let mark = match tone(report) {
        Tone::Good => "✅",
        Tone::Doubtful => "⚠️",
        Tone::Bad => "❌",
    };
    let why = unreachable(report)
        .map(|(reason, help)| format!(": {}\n\n{}", escape_cell(reason), escape_cell(help)));
    text += &format!("{mark} **{}**{}\n\n", report.summary(), why.unwrap_or_default());
    text += "| | check | level | evidence |\n| --- | --- | --- | --- |\n";
    text + &report.checks.iter().map(row).collect::<String>() + "\n"
}

fn row(check: &Check) -> String {
    let result = &check.result;
    let mark = match (result.status, check.level) {
        (CheckStatus::Pass, _) => "✅",
        (CheckStatus::Fail, Level::Must) => "❌",
        (CheckStatus::Warn, Level::Note) => "ℹ️",
        (CheckStatus::Fail | CheckStatus::Warn, _) => "⚠️",
        (CheckStatus::Skip, _) => "➖",
    };
    let help = result.help.as_deref().map(|help| format!("<br>→ {}", escape_cell(help)));
    format!(
        "| {mark} | `{}` | {} | {}{} |\n",
        check.id,
        check.level.as_str(),
        escape_cell(&result.evidence),
        help.unwrap_or_default()
    )
}

/// One line for each probe: id, level, when it passes, source.
pub fn probe_list(palette: Palette) -> String {
    let line = |probe: &Probe| {
        format!(
            "{}  {:<6}  {} {}\n",
            palette.highlight(&padded(probe.id)),
            probe.level.as_str(),
            probe.passes_when,
            palette.dim(&format!("({})", probe.source.as_str()))
        )
    };
    PROBES.iter().map(line).collect()
}

/// Everything about one probe.
pub fn probe_page(probe: &Probe, width: Option<usize>, palette: Palette) -> String {
    let width = width.unwrap_or(PARAGRAPH_WIDTH).min(PARAGRAPH_WIDTH);
    let (id, level, source) = (probe.id, probe.level.as_str(), probe.source.as_str());
    let passes = format!("when {}", probe.passes_when);
    let passes = wrap(&passes, width.saturating_sub(10)).replace('\n', "\n          ");
    format!(
        "{}\n  level   {level}\n  source  {source}\n  passes  {passes}\n\n{}\n\n{}\n",
        palette.highlight(id),
        wrap(probe.explanation, width),
        palette.dim(&format!("See also: docs/check-target.md#{id}")),
    )
}

/// The probes, one line of JSON each; only one if its id is given.
pub fn probe_list_json(id: Option<&str>) -> String {
    let wanted = PROBES.iter().filter(|probe| id.is_none_or(|id| id == probe.id));
    wanted
        .map(|probe| {
            json_line(&json!({
                "type": "probe",
                "id": probe.id,
                "level": probe.level.as_str(),
                "source": probe.source.as_str(),
                "passesWhen": probe.passes_when,
                "explanation": probe.explanation,
            }))
        })
        .collect()
}
