//! A check for programs, as `schemas/check.schema.json` describes it.

use serde::Serialize;

use super::json::{elapsed_ms, json_line};
use crate::check::{Check, CheckReport, CheckStatus, PROBES, Readiness};
use crate::text::shown_url;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportJson<'a> {
    r#type: &'static str,
    target: String,
    verdict: &'static str,
    reason: Option<&'a str>,
    lets_anybody_in: bool,
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
    help: Option<&'a str>,
    source: &'a str,
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
    source: &'a str,
    passes_when: &'a str,
    explanation: &'a str,
}

/// One line of JSON, line feed included.
pub fn check_json(report: &CheckReport) -> String {
    json_line(&ReportJson {
        r#type: "check",
        target: shown_url(&report.url),
        verdict: match report.readiness {
            Readiness::Ready => "ready",
            Readiness::NotReady => "not-ready",
            Readiness::Unreachable { .. } => "unreachable",
            Readiness::Interrupted => "interrupted",
        },
        reason: match &report.readiness {
            Readiness::Unreachable { reason, .. } => Some(reason),
            _ => None,
        },
        lets_anybody_in: report.lets_anybody_in(),
        checks: report.checks.iter().map(CheckJson::from).collect(),
        summary: SummaryJson {
            text: report.summary(),
            strict: report.strict,
            pass: report.count(CheckStatus::Pass),
            fail: report.count(CheckStatus::Fail),
            warn: report.count(CheckStatus::Warn),
            skip: report.count(CheckStatus::Skip),
        },
    })
}

/// The probes, one line of JSON each; only one if its id is given.
pub fn probe_list_json(id: Option<&str>) -> String {
    let wanted = PROBES.iter().filter(|probe| id.is_none_or(|id| id == probe.id));
    wanted
        .map(|probe| {
            json_line(&ProbeJson {
                r#type: "probe",
                id: probe.id,
                level: probe.level.as_str(),
                source: probe.source.as_str(),
                passes_when: probe.passes_when,
                explanation: probe.explanation,
            })
        })
        .collect()
}

impl<'a> From<&'a Check> for CheckJson<'a> {
    fn from(check: &'a Check) -> Self {
        Self {
            id: check.id,
            level: check.level.as_str(),
            verdict: check.result.status.as_str(),
            evidence: &check.result.evidence,
            help: check.result.help.as_deref(),
            source: check.source.as_str(),
            elapsed_ms: elapsed_ms(check.elapsed),
        }
    }
}
