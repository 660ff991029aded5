//! Verdicts as annotations of GitHub Actions.

use super::listing::Listing;
use super::{REMINDER, Summary, Told, Unread, VerifyReport, remarkable};
use crate::report::escape::annotation;
use crate::verify::{Finding, SignatureVerdict};

const TITLE: &str = "pgwh verify";

/// One annotation for each capture that deserves a look, and one for the sum.
#[derive(Debug, Default)]
pub struct VerifyGithub {
    listing: Listing,
    unread: Listing,
}

impl VerifyReport for VerifyGithub {
    fn wants(&mut self, clean: bool) -> bool {
        !clean && self.listing.takes(clean)
    }

    fn capture(&mut self, told: &Told<'_>) -> String {
        let capture = &told.capture;
        let kind = if capture.verdict == SignatureVerdict::Valid { "warning" } else { "error" };
        let words = |finding: &Finding| format!("\n{}\n→ {}", finding.message, finding.help);
        let findings: String = remarkable(capture.findings).map(words).collect();
        let text = format!("{}: {}{findings}", capture.source, capture.verdict);
        annotation(kind, TITLE, Some((told.file, told.line)), &text)
    }

    fn unread(&mut self, unread: &Unread<'_>) -> String {
        if !self.unread.takes(false) {
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
