//! What `verify` found. A report grows capture by capture, as a file may hold millions of them;
//! what it keeps until its end is bounded.

mod formats;
mod human;

pub use human::{anonymized, finding_list, finding_page};

use crate::report::{Palette, ReportFormat, escape};
use crate::text::{count, grouped};
use crate::verify::{CaptureLine, Finding, NamedSecret, Severity, SignatureVerdict, Totals};

/// Said once in every report for people, if there is a valid capture.
const REMINDER: &str = "A valid signature proves that the sender knew the secret for this request \
    id. It does not cover the body, the time or the URL: process each id only once, and ask \
    PGM's API where it matters.";

/// A capture with its location, as it is reported.
#[derive(Debug, Clone, Copy)]
pub struct ReportedCapture<'a> {
    /// The file.
    pub file: &'a str,
    /// Its line in the file, if that is read by lines.
    pub line: Option<u64>,
    /// What is reported.
    pub capture: CaptureLine<'a>,
}

/// A file, or a part of one, that could not be read.
#[derive(Debug, Clone, Copy)]
pub struct UnreadPart<'a> {
    /// The file.
    pub file: &'a str,
    /// Line and column, from 1, if it is a part of the file.
    pub place: Option<(u64, usize)>,
    /// Why.
    pub message: &'a str,
}

/// One form of report. Each method returns the text that can be written by now.
pub trait VerifyReport {
    /// Called once for each capture, in order: whether it is to be reported. It is clean when it is
    /// valid and nothing about it deserves a look.
    fn wants(&mut self, clean: bool) -> bool;

    /// Reports a capture that is wanted.
    fn capture(&mut self, reported: &ReportedCapture<'_>) -> String;

    /// Reports what could not be read.
    fn unread(&mut self, unread: &UnreadPart<'_>) -> String;

    /// Reports the summary. Nothing follows.
    fn finish(&mut self, summary: &Summary) -> String;
}

/// An empty report of this format. Only one for people is colored, and shows the signatures that an
/// invalid capture could have with the secrets `expected`, or all captures when it is `verbose`.
pub fn verify_report<'s>(
    format: ReportFormat,
    palette: Palette,
    verbose: bool,
    expected: &'s [NamedSecret],
) -> Box<dyn VerifyReport + 's> {
    match format {
        ReportFormat::Human => Box::new(human::VerifyHuman::new(palette, verbose, expected)),
        ReportFormat::Json => Box::new(formats::VerifyJson),
        ReportFormat::Junit => Box::new(formats::VerifyJunit::default()),
        ReportFormat::Github => Box::new(formats::VerifyGithub::default()),
        ReportFormat::Markdown => Box::new(formats::VerifyMarkdown::default()),
    }
}

/// Where a capture is, in one text: `requests.har: log.entries[3].request`.
pub fn source(file: &str, place: &str) -> String {
    if place.is_empty() { file.to_owned() } else { format!("{file}: {place}") }
}

impl ReportedCapture<'_> {
    /// Whether it is valid and nothing about it deserves a look.
    fn is_clean(&self) -> bool {
        is_clean(self.capture.verdict, self.capture.findings)
    }
}

/// Whether a capture is valid and nothing about it deserves a look.
pub fn is_clean(verdict: SignatureVerdict, findings: &[Finding]) -> bool {
    verdict == SignatureVerdict::Valid && remarkable(findings).next().is_none()
}

impl UnreadPart<'_> {
    fn source(&self) -> String {
        let place = self.place.map(|(line, column)| format!("line {line}, column {column}"));
        source(self.file, &place.unwrap_or_default())
    }
}

/// What deserves a look: everything but mere information.
fn remarkable(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|finding| finding.severity > Severity::Info)
}

/// The summary of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// How many captures had which verdict.
    pub totals: Totals,
    /// How many captures were the same request again.
    pub retries: u64,
    /// How many files, or parts of files, could not be read.
    pub unread: u64,
}

impl Summary {
    /// Whether every capture is proven.
    pub fn is_good(&self) -> bool {
        self.totals.all_valid() && self.unread == 0
    }

    /// "3 captures: 2 valid, 1 invalid".
    fn verdicts(&self) -> String {
        let totals = &self.totals;
        let captures = count(totals.captures, "capture");
        if totals.all_valid() {
            let all = if totals.captures == 1 { "valid" } else { "all valid" };
            // What could not be read may be anything.
            let scope = if self.unread > 0 { " that could be read" } else { "" };
            return format!("{captures}{scope}, {all}");
        }
        let counts = SignatureVerdict::ALL.map(|verdict| (totals.of(verdict), verdict));
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<_> =
            counts.map(|(count, verdict)| format!("{} {verdict}", grouped(*count))).collect();
        format!("{captures}: {}", counts.join(", "))
    }

    /// What else was counted, a sentence each.
    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.retries > 0 {
            let requests = count(self.totals.distinct_requests, "distinct request");
            let retries = match self.retries {
                1 => "1 capture is a retry".to_owned(),
                many => format!("{} captures are retries", grouped(many)),
            };
            remarks.push(format!("{retries}; {requests} in all."));
        }
        match self.totals.skipped {
            0 => {}
            1 => remarks.push("Skipped 1 other request, which is not PGM's.".to_owned()),
            many => {
                let many = grouped(many);
                remarks.push(format!("Skipped {many} other requests, which are not PGM's."));
            }
        }
        match self.unread {
            0 => {}
            1 => remarks.push("1 part could not be read, and was not verified.".to_owned()),
            many => {
                let many = grouped(many);
                remarks.push(format!("{many} parts could not be read, and were not verified."));
            }
        }
        remarks
    }
}

/// Of the clean captures, of the others, and of what could not be read, this many are listed: a page
/// of a million rows helps nobody, and would have to be held in memory.
const MAX_LISTED: u64 = 500;

/// Counts what is listed and what is left out.
#[derive(Debug, Default)]
struct Listing {
    clean: u64,
    others: u64,
    unread: u64,
}

impl Listing {
    /// Whether the next capture is listed.
    fn takes(&mut self, clean: bool) -> bool {
        let count = if clean { &mut self.clean } else { &mut self.others };
        *count += 1;
        *count <= MAX_LISTED
    }

    /// Whether the next part that could not be read is listed.
    fn takes_unread(&mut self) -> bool {
        self.unread += 1;
        self.unread <= MAX_LISTED
    }

    /// Which captures were left out, in words, if any were.
    fn left_out(&self) -> Option<String> {
        let beyond = |count: u64| count.saturating_sub(MAX_LISTED);
        let (clean, others) = (beyond(self.clean), beyond(self.others));
        let text = match (clean, others) {
            (0, 0) => return None,
            (clean, 0) => format!("{} that are valid", count(clean, "further capture")),
            (0, others) => format!("{} to look at", count(others, "further capture")),
            (clean, others) => {
                format!("{}, {others} of them to look at", count(clean + others, "further capture"))
            }
        };
        Some(format!("Not listed: {text}. --format json lists all."))
    }
}

/// Bytes of a megabyte, as disks and progress bars count.
const MEGA: u64 = 1_000_000;

/// A line in place of the last one: `captures.ndjson: 42 % of 677 MB, 640,000 captures`. The
/// length of a pipe is not known.
pub fn progress(file: &str, read: u64, length: Option<u64>, captures: u64) -> String {
    let how_far = match length.filter(|length| *length >= read && *length > 0) {
        Some(length) => {
            let percent = u128::from(read) * 100 / u128::from(length);
            format!("{percent} % of {} MB", length / MEGA)
        }
        None => format!("{} MB", read / MEGA),
    };
    format!("\r\u{1b}[K{}: {how_far}, {} captures", escape(file), grouped(captures))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_read_like_sentences() {
        let words = |captures, valid, invalid| {
            let totals = Totals { captures, valid, invalid, ..Totals::default() };
            Summary { totals, ..Summary::default() }.verdicts()
        };
        assert_eq!(words(1, 1, 0), "1 capture, valid");
        assert_eq!(words(1000, 1000, 0), "1,000 captures, all valid");
        assert_eq!(words(3, 2, 1), "3 captures: 2 valid, 1 invalid");
        assert_eq!(grouped(12), "12");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn says_how_far_it_is_as_far_as_it_can_be_known() {
        let line = |length| progress("a\u{1b}", 420 * MEGA, length, 1500);
        assert_eq!(line(Some(1000 * MEGA)), "\r\u{1b}[Ka\\u{1b}: 42 % of 1000 MB, 1,500 captures");
        assert_eq!(line(None), "\r\u{1b}[Ka\\u{1b}: 420 MB, 1,500 captures");
        assert_eq!(line(Some(5)), line(None));
    }
}
