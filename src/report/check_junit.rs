//! A check as JUnit XML: a suite a target, a case a check.

use std::time::Duration;

use super::junit::{Case, Suite, document};
use crate::check::{Check, Fitness, Level, Report, Word};
use crate::text::shown_url;

/// The whole document, a suite for each target. A check that decides the verdict and failed is a
/// failure; advice that is not followed is told as skipped, so that it is seen and turns nothing
/// red.
pub fn check_junit(reports: &[Report]) -> String {
    document(reports.iter().map(suite))
}

fn suite(report: &Report) -> Suite {
    let mut suite = Suite::new(&format!("pgwh check-target {}", shown_url(&report.url)));
    report.checks.iter().for_each(|check| add(&mut suite, check, report));
    if let Fitness::Unreachable { reason, hint } = &report.fitness {
        suite.add(
            "check-target",
            "reachable",
            Duration::ZERO,
            Case::Error("unreachable", reason, hint),
        );
    }
    suite
}

fn add(suite: &mut Suite, check: &Check, report: &Report) {
    let judgement = &check.judgement;
    let hint = judgement.hint.as_deref().unwrap_or_default();
    let evidence = &judgement.evidence;
    let advice = format!("advice: {evidence}\n{hint}");
    let both = format!("{evidence}\n{hint}");
    let case = match judgement.word {
        Word::Skip => Case::Skipped(evidence),
        Word::Fail if report.decides(check) => Case::Failed(check.level.as_str(), evidence, hint),
        Word::Fail if check.level == Level::Should => Case::Skipped(&advice),
        _ => Case::Passed(both.trim_end()),
    };
    let class = format!("check-target.{}", check.level.as_str());
    suite.add(&class, check.id, check.elapsed, case);
}
