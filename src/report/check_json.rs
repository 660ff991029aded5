//! A check for programs, as `schemas/check.schema.json` describes it.

use serde::Serialize;

use super::json::elapsed_ms;
use super::json::json_line;
use crate::check::{Check, Fitness, Level, PROBES, Report, Word};
use crate::text::shown_url;

#[derive(Serialize)]
struct ReportJson<'a> {
    r#type: &'static str,
    target: String,
    verdict: &'static str,
    reason: Option<&'a str>,
    checks: Vec<CheckJson<'a>>,
    summary: SummaryJson,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckJson<'a> {
    id: &'a str,
    level: &'a str,
    verdict: &'a str,
    evidence: &'a str,
    hint: Option<&'a str>,
    source: String,
    elapsed_ms: f64,
}

#[derive(Serialize)]
struct SummaryJson {
    text: String,
    strict: bool,
    pass: usize,
    fail: usize,
    warn: usize,
    skip: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProbeJson<'a> {
    r#type: &'static str,
    id: &'a str,
    level: &'a str,
    source: String,
    passes_when: &'a str,
    explanation: &'a str,
}

/// One line of JSON, line feed included.
pub fn check_json(report: &Report) -> String {
    let json = ReportJson {
        r#type: "check",
        target: shown_url(&report.url),
        verdict: verdict_word(&report.fitness),
        reason: match &report.fitness {
            Fitness::Unreachable { reason, .. } => Some(reason),
            _ => None,
        },
        checks: report.checks.iter().map(CheckJson::from).collect(),
        summary: SummaryJson {
            text: report.summary(),
            strict: report.strict,
            pass: report.count(Word::Pass),
            fail: report.count(Word::Fail),
            warn: report.count(Word::Warn),
            skip: report.count(Word::Skip),
        },
    };
    json_line(&json)
}

/// The list of probes, one line of JSON each; of one alone if its id is given.
pub fn probe_list_json(id: Option<&str>) -> String {
    let wanted = PROBES.iter().filter(|probe| id.is_none_or(|id| id == probe.id));
    wanted
        .map(|probe| {
            let json = ProbeJson {
                r#type: "probe",
                id: probe.id,
                level: Level::as_str(probe.level),
                source: probe.source.to_string(),
                passes_when: probe.passes_when,
                explanation: probe.explanation,
            };
            json_line(&json)
        })
        .collect()
}

pub(super) fn verdict_word(fitness: &Fitness) -> &'static str {
    match fitness {
        Fitness::Fit => "fit",
        Fitness::Unfit => "unfit",
        Fitness::Unreachable { .. } => "unreachable",
    }
}

impl<'a> From<&'a Check> for CheckJson<'a> {
    fn from(check: &'a Check) -> Self {
        Self {
            id: check.id,
            level: check.level.as_str(),
            verdict: check.judgement.word.text(),
            evidence: &check.judgement.evidence,
            hint: check.judgement.hint.as_deref(),
            source: check.source.to_string(),
            elapsed_ms: elapsed_ms(check.elapsed),
        }
    }
}
