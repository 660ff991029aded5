//! A check for CI systems: JUnit XML, annotations of GitHub Actions, a table in Markdown.

use std::time::Duration;

use super::escape::{annotation, escape_cell};
use super::junit::{Case, Suite, document};
use crate::check::{Check, CheckReport, CheckStatus, Level, Readiness};
use crate::text::shown_url;

const TITLE: &str = "pgwh check-target";

/// The whole JUnit document, a suite for each target. A failed check that decides the verdict is a
/// failure; a recommendation that is not followed is reported as skipped, so that it is seen
/// without making the build fail.
pub fn check_junit(reports: &[CheckReport]) -> String {
    document(reports.iter().map(suite))
}

fn suite(report: &CheckReport) -> Suite {
    let mut suite = Suite::new(&format!("{TITLE} {}", shown_url(&report.url)));
    report.checks.iter().for_each(|check| add_case(&mut suite, check, report));
    let (name, case) = match &report.readiness {
        Readiness::Unreachable { reason, help } => {
            ("reachable", Case::Error("unreachable", reason, help))
        }
        Readiness::Interrupted => ("complete", Case::Error("interrupted", &report.summary(), "")),
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
pub fn check_github(report: &CheckReport) -> String {
    let annotations = report.checks.iter().filter_map(|check| check_annotation(check, report));
    let mut text: String = annotations.collect();
    let summary = report.summary();
    text += &match &report.readiness {
        Readiness::Ready if report.lets_anybody_in() => {
            annotation("warning", TITLE, None, &summary)
        }
        Readiness::Ready => annotation("notice", TITLE, None, &summary),
        Readiness::NotReady | Readiness::Interrupted => annotation("error", TITLE, None, &summary),
        Readiness::Unreachable { reason, help } => {
            annotation("error", TITLE, None, &format!("{summary}: {reason}\n{help}"))
        }
    };
    text
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
pub fn check_markdown(report: &CheckReport) -> String {
    let mut text = format!("### {TITLE} {}\n\n", escape_cell(&shown_url(&report.url)));
    let summary = report.summary();
    text += &match &report.readiness {
        Readiness::Ready if report.lets_anybody_in() => format!("⚠️ **{summary}**\n\n"),
        Readiness::Ready => format!("✅ **{summary}**\n\n"),
        Readiness::NotReady | Readiness::Interrupted => format!("❌ **{summary}**\n\n"),
        Readiness::Unreachable { reason, help } => {
            format!("❌ **{summary}**: {}\n\n{}\n\n", escape_cell(reason), escape_cell(help))
        }
    };
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
