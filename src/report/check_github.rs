//! A check as annotations of GitHub Actions.

use super::escape::annotation;
use crate::check::{Check, Fitness, Level, Report, Word};

const TITLE: &str = "pgwh check-target";

/// One annotation for each check that deserves one, and one for the verdict.
pub fn check_github(report: &Report) -> String {
    let mut text: String =
        report.checks.iter().filter_map(|check| of_check(check, report)).collect();
    let summary = report.summary();
    text += &match &report.fitness {
        Fitness::Fit => annotation("notice", TITLE, None, &summary),
        Fitness::Unfit => annotation("error", TITLE, None, &summary),
        Fitness::Unreachable { reason, hint } => {
            annotation("error", TITLE, None, &format!("{summary}: {reason}\n{hint}"))
        }
    };
    text
}

fn of_check(check: &Check, report: &Report) -> Option<String> {
    let kind = match (check.judgement.word, check.level) {
        (Word::Fail, _) if report.decides(check) => "error",
        (Word::Fail, _) => "warning",
        (Word::Warn, Level::Must | Level::Should) => "warning",
        _ => return None,
    };
    let hint = check.judgement.hint.as_deref().unwrap_or_default();
    let text = format!("{}\n{hint}", check.judgement.evidence);
    Some(annotation(kind, &format!("pgwh {}", check.id), None, text.trim_end()))
}
