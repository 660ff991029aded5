//! A check as JUnit XML: a suite a target, a case a check.

use std::time::Duration;

use super::junit::{Case, Closed, Suite, document};
use super::words::shown_url;
use crate::check::{Check, Fitness, Level, Report, Word};

/// The whole document, a suite for each target. A check that decides the verdict and failed is a
/// failure; advice that is not followed is told as skipped, so that it is seen and turns nothing
/// red.
pub fn check_junit(reports: &[Report]) -> String {
    document(&reports.iter().map(suite).collect::<Vec<_>>())
}

fn suite(report: &Report) -> Closed {
    let mut suite = Suite::default();
    report.checks.iter().for_each(|check| add(&mut suite, check, report));
    if let Fitness::Unreachable { reason, hint } = &report.fitness {
        suite.add("check-target", "reachable", 0.0, Case::Error("unreachable", reason, hint));
    }
    let time: Duration = report.checks.iter().map(|check| check.elapsed).sum();
    let name = format!("pgwh check-target {}", shown_url(&report.url));
    suite.close(&name, time.as_secs_f64())
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
    suite.add(&class, check.id, check.elapsed.as_secs_f64(), case);
}
