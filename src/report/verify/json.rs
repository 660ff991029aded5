//! Verdicts for programs, as `schemas/verify.schema.json` describes them.

use serde::Serialize;

use super::{Summary, Told, Unread, VerifyReport};
use crate::report::json::json_line;
use crate::verify::Totals;

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
