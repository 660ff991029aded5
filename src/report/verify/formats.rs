//! Verdicts for programs: JSON as `schemas/verify.schema.json` describes it, annotations of GitHub
//! Actions, JUnit XML, and a table in Markdown.

use std::mem;
use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use super::{Listing, REMINDER, ReportedCapture, Summary, UnreadPart, VerifyReport, remarkable};
use crate::report::{Case, Suite, annotation, document, escape_cell, json_line};
use crate::verify::{Finding, FindingKind, SignatureVerdict, Totals};

/// One object a line: the captures and what could not be read, in order; last the summary.
#[derive(Debug, Default)]
pub(super) struct VerifyJson;

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

    fn capture(&mut self, reported: &ReportedCapture<'_>) -> String {
        json_line(&reported.capture)
    }

    fn unread(&mut self, unread: &UnreadPart<'_>) -> String {
        json_line(&json!({"type": "fault", "source": unread.source(), "message": unread.message}))
    }

    fn finish(&mut self, summary: &Summary) -> String {
        let faults = Some(summary.unread).filter(|count| *count > 0);
        json_line(&SummaryLine { totals: summary.totals, faults })
    }
}

/// The pages as JSON, one object a line.
pub(super) fn finding_lines(kinds: impl Iterator<Item = &'static FindingKind>) -> String {
    let page = |kind: &'static FindingKind| {
        json_line(&json!({
            "type": "kind",
            "id": kind.id,
            "severity": kind.severity,
            "message": kind.message,
            "help": kind.help,
            "explanation": kind.explanation,
        }))
    };
    kinds.map(page).collect()
}

const TITLE: &str = "pgwh verify";

/// One annotation for each capture that deserves a look, and one for the sum.
#[derive(Debug, Default)]
pub(super) struct VerifyGithub {
    listing: Listing,
}

impl VerifyReport for VerifyGithub {
    fn wants(&mut self, clean: bool) -> bool {
        !clean && self.listing.takes(clean)
    }

    fn capture(&mut self, reported: &ReportedCapture<'_>) -> String {
        let capture = &reported.capture;
        let kind = if capture.verdict == SignatureVerdict::Valid { "warning" } else { "error" };
        let words = |finding: &Finding| format!("\n{}\n→ {}", finding.message, finding.help);
        let findings: String = remarkable(capture.findings).map(words).collect();
        let text = format!("{}: {}{findings}", capture.source, capture.verdict);
        annotation(kind, TITLE, Some((reported.file, reported.line)), &text)
    }

    fn unread(&mut self, unread: &UnreadPart<'_>) -> String {
        if !self.listing.takes_unread() {
            return String::new();
        }
        let spot = (unread.file, unread.place.map(|(line, _)| line));
        let text = format!("{}: {}", unread.source(), unread.message);
        annotation("error", TITLE, Some(spot), &text)
    }

    fn finish(&mut self, summary: &Summary) -> String {
        let kind = if summary.is_good() { "notice" } else { "error" };
        let mut lines = vec![summary.verdicts()];
        lines.extend(summary.remarks());
        lines.extend(self.listing.left_out());
        if summary.totals.valid > 0 {
            lines.push(REMINDER.to_owned());
        }
        annotation(kind, TITLE, None, &lines.join("\n"))
    }
}

const CLASS: &str = "verify";

/// The document, as it grows. A capture that is not valid is a failure, what could not be read
/// an error. What else there is to say about a valid one is its output.
#[derive(Debug)]
pub(super) struct VerifyJunit {
    suite: Suite,
    listing: Listing,
}

impl Default for VerifyJunit {
    fn default() -> Self {
        Self { suite: Suite::new("pgwh verify"), listing: Listing::default() }
    }
}

impl VerifyReport for VerifyJunit {
    fn wants(&mut self, clean: bool) -> bool {
        self.listing.takes(clean)
    }

    fn capture(&mut self, reported: &ReportedCapture<'_>) -> String {
        let capture = &reported.capture;
        let text = in_words(capture.findings);
        let message = capture.findings.first().map_or("", |finding| &*finding.message);
        let case = match capture.verdict {
            SignatureVerdict::Valid if text.is_empty() => Case::Passed(capture.verdict.as_str()),
            SignatureVerdict::Valid => Case::Passed(&text),
            verdict => Case::Failed(verdict.as_str(), message, &text),
        };
        self.suite.add(&format!("{CLASS}.{}", reported.file), capture.source, Duration::ZERO, case);
        String::new()
    }

    fn unread(&mut self, unread: &UnreadPart<'_>) -> String {
        if self.listing.takes_unread() {
            let case = Case::Error("unread", unread.message, "");
            self.suite.add(CLASS, &unread.source(), Duration::ZERO, case);
        }
        String::new()
    }

    fn finish(&mut self, summary: &Summary) -> String {
        if let Some(text) = self.listing.left_out() {
            let text = format!("{text} {}.", summary.verdicts());
            self.suite.add(CLASS, "not listed", Duration::ZERO, Case::Skipped(&text));
        }
        document([mem::replace(&mut self.suite, Suite::new(""))])
    }
}

fn in_words(findings: &[Finding]) -> String {
    let words = |finding: &Finding| {
        format!("{} ({}): {}\n→ {}", finding.id, finding.severity, finding.message, finding.help)
    };
    findings.iter().map(words).collect::<Vec<_>>().join("\n")
}

/// Heading, verdict and table; the rows are kept until the end, as the sum stands above them.
#[derive(Debug, Default)]
pub(super) struct VerifyMarkdown {
    rows: String,
    listing: Listing,
}

impl VerifyReport for VerifyMarkdown {
    fn wants(&mut self, clean: bool) -> bool {
        self.listing.takes(clean)
    }

    fn capture(&mut self, reported: &ReportedCapture<'_>) -> String {
        let capture = &reported.capture;
        let mark = match capture.verdict {
            SignatureVerdict::Valid if reported.is_clean() => "✅",
            SignatureVerdict::Valid => "⚠️",
            _ => "❌",
        };
        let words = |finding: &Finding| {
            let (message, help) = (escape_cell(&finding.message), escape_cell(&finding.help));
            format!("`{}` {message}<br>→ {help}", finding.id)
        };
        let findings: Vec<_> = remarkable(capture.findings).map(words).collect();
        self.rows += &format!(
            "| {mark} | {} | {} | {} | {} |\n",
            escape_cell(capture.source),
            capture.verdict,
            escape_cell(capture.event.unwrap_or_default()),
            findings.join("<br>"),
        );
        String::new()
    }

    fn unread(&mut self, unread: &UnreadPart<'_>) -> String {
        if self.listing.takes_unread() {
            let (source, message) = (escape_cell(&unread.source()), escape_cell(unread.message));
            self.rows += &format!("| ❌ | {source} | not read | | {message} |\n");
        }
        String::new()
    }

    fn finish(&mut self, summary: &Summary) -> String {
        let mark = if summary.is_good() { "✅" } else { "❌" };
        let mut text = format!("### pgwh verify\n\n{mark} **{}**\n\n", summary.verdicts());
        for remark in summary.remarks() {
            text += &format!("{}\n\n", escape_cell(&remark));
        }
        text += "| | capture | verdict | event | findings |\n| --- | --- | --- | --- | --- |\n";
        text += &self.rows;
        if let Some(line) = self.listing.left_out() {
            text += &format!("\n{line}\n");
        }
        if summary.totals.valid > 0 {
            text += &format!("\n{REMINDER}\n");
        }
        text + "\n"
    }
}
