//! A check as JUnit XML: a suite of one case a check.

use std::time::Duration;

use super::words::shown_url;
use super::xml::escape_xml;
use crate::check::{Check, Fitness, Level, Report, Word};

/// The whole document. A check that decides the verdict and failed is a failure; advice that is
/// not followed is told as skipped, so that it is seen and turns nothing red.
pub fn check_junit(report: &Report) -> String {
    let mut cases: String = report.checks.iter().map(|check| case(check, report)).collect();
    let mut errors = 0;
    if let Fitness::Unreachable { reason, hint } = &report.fitness {
        errors = 1;
        cases += &format!(
            "    <testcase classname=\"check-target\" name=\"reachable\" time=\"0.000\">\n      \
             <error type=\"unreachable\" message=\"{}\">{}</error>\n    </testcase>\n",
            escape_xml(reason),
            escape_xml(hint)
        );
    }
    let failures = report.checks.iter().filter(|check| is_failure(check, report)).count();
    let skipped = report.checks.iter().filter(|check| skipped(check, report).is_some()).count();
    let counts = format!(
        "tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"{}\"",
        report.checks.len() + errors,
        seconds(report.checks.iter().map(|check| check.elapsed).sum()),
    );
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  \
         <testsuite name=\"pgwh check-target {}\" {counts}>\n{cases}  </testsuite>\n</testsuites>\n",
        escape_xml(&shown_url(&report.url))
    )
}

fn case(check: &Check, report: &Report) -> String {
    let judgement = &check.judgement;
    let evidence = escape_xml(&judgement.evidence);
    let hint = escape_xml(judgement.hint.as_deref().unwrap_or_default());
    let outcome = if is_failure(check, report) {
        format!("<failure type=\"{}\" message=\"{evidence}\">{hint}</failure>", check.level.word())
    } else if let Some(message) = skipped(check, report) {
        format!("<skipped message=\"{}\"/>", escape_xml(&message))
    } else {
        let hint = if hint.is_empty() { hint } else { format!("&#10;{hint}") };
        format!("<system-out>{evidence}{hint}</system-out>")
    };
    format!(
        "    <testcase classname=\"check-target.{}\" name=\"{}\" time=\"{}\">\n      {outcome}\n    \
         </testcase>\n",
        check.level.word(),
        check.id,
        seconds(check.elapsed)
    )
}

fn is_failure(check: &Check, report: &Report) -> bool {
    check.judgement.word == Word::Fail && report.decides(check)
}

fn skipped(check: &Check, report: &Report) -> Option<String> {
    let judgement = &check.judgement;
    match judgement.word {
        Word::Skip => Some(judgement.evidence.clone()),
        Word::Fail if !report.decides(check) && check.level == Level::Should => {
            let hint = judgement.hint.as_deref().unwrap_or_default();
            Some(format!("advice: {}\n{hint}", judgement.evidence))
        }
        _ => None,
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}
