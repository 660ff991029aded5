//! Verdicts as a table in Markdown.

use super::listing::Listing;
use super::{REMINDER, Summary, Told, Unread, VerifyReport, remarkable};
use crate::report::escape::escape_cell;
use crate::verify::{Finding, SignatureVerdict};

/// Heading, verdict and table; the rows are kept until the end, as the sum stands above them.
#[derive(Debug, Default)]
pub struct VerifyMarkdown {
    rows: String,
    listing: Listing,
    unread: Listing,
}

impl VerifyReport for VerifyMarkdown {
    fn wants(&mut self, clean: bool) -> bool {
        self.listing.takes(clean)
    }

    fn capture(&mut self, told: &Told<'_>) -> String {
        let capture = &told.capture;
        let mark = match capture.verdict {
            SignatureVerdict::Valid if told.is_clean() => "✅",
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

    fn unread(&mut self, unread: &Unread<'_>) -> String {
        if self.unread.takes(false) {
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
