//! Verdicts for programs, as `schemas/verify.schema.json` describes them.

use serde::Serialize;

use super::{Summary, Told, Unread, VerifyReport};
use crate::report::escape::json_line;
use crate::verify::{Kind, Severity, Totals};

/// One object a line: the captures and what could not be read, in order; last the summary.
#[derive(Debug, Default)]
pub struct VerifyJson;

#[derive(Serialize)]
#[serde(tag = "type", rename = "fault")]
struct FaultLine<'a> {
    source: String,
    message: &'a str,
}

#[derive(Serialize)]
struct SummaryLine {
    #[serde(flatten)]
    totals: Totals,
    #[serde(skip_serializing_if = "Option::is_none")]
    faults: Option<u64>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "kind")]
struct KindLine {
    id: &'static str,
    severity: Severity,
    message: &'static str,
    hint: &'static str,
    explanation: &'static str,
}

impl VerifyReport for VerifyJson {
    fn wants(&mut self, _clean: bool) -> bool {
        true
    }

    fn capture(&mut self, told: &Told<'_>) -> String {
        json_line(&told.capture)
    }

    fn unread(&mut self, unread: &Unread<'_>) -> String {
        json_line(&FaultLine { source: unread.source(), message: unread.message })
    }

    fn finish(&mut self, summary: &Summary) -> String {
        let faults = Some(summary.unread).filter(|count| *count > 0);
        json_line(&SummaryLine { totals: summary.totals, faults })
    }
}

/// The pages of `--explain`, one line each.
pub fn kind_lines_json(kinds: impl Iterator<Item = &'static Kind>) -> String {
    let kind_line = |kind: &'static Kind| {
        let Kind { id, severity, message, hint, explanation } = *kind;
        json_line(&KindLine { id, severity, message, hint, explanation })
    };
    kinds.map(kind_line).collect()
}
