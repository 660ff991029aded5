//! Verdicts as JUnit XML: a suite of one case a capture.

use std::mem;
use std::time::Duration;

use super::listing::Listing;
use super::{Summary, Told, Unread, VerifyReport};
use crate::report::junit::{Case, Suite, document};
use crate::verify::{Finding, SignatureVerdict};

const CLASS: &str = "verify";

/// The document, as it grows. A capture that is not valid is a failure, what could not be read
/// an error. What else there is to say about a valid one is its output.
#[derive(Debug)]
pub struct VerifyJunit {
    suite: Suite,
    listing: Listing,
    unread: Listing,
}

impl Default for VerifyJunit {
    fn default() -> Self {
        let (listing, unread) = (Listing::default(), Listing::default());
        Self { suite: Suite::new("pgwh verify"), listing, unread }
    }
}

impl VerifyReport for VerifyJunit {
    fn wants(&mut self, clean: bool) -> bool {
        self.listing.takes(clean)
    }

    fn capture(&mut self, told: &Told<'_>) -> String {
        let capture = &told.capture;
        let text = in_words(capture.findings);
        let message = capture.findings.first().map_or("", |finding| &*finding.message);
        let case = match capture.verdict {
            SignatureVerdict::Valid if text.is_empty() => Case::Passed(capture.verdict.as_str()),
            SignatureVerdict::Valid => Case::Passed(&text),
            verdict => Case::Failed(verdict.as_str(), message, &text),
        };
        self.suite.add(&format!("{CLASS}.{}", told.file), capture.source, Duration::ZERO, case);
        String::new()
    }

    fn unread(&mut self, unread: &Unread<'_>) -> String {
        if self.unread.takes(false) {
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
