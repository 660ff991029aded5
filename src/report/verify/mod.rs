//! What `verify` found. A report grows capture by capture, as a file may hold millions of them;
//! what it keeps until its end is bounded.

mod explain;
mod github;
mod human;
mod json;
mod junit;
mod listing;
mod markdown;
mod progress;
mod summary;

pub use explain::{finding_lines_json, finding_list, finding_page};
pub use github::VerifyGithub;
pub use human::VerifyHuman;
pub use json::VerifyJson;
pub use junit::VerifyJunit;
pub use markdown::VerifyMarkdown;
pub use progress::progress;
pub use summary::Summary;

use crate::verify::{CaptureLine, Finding, Severity, SignatureVerdict};

/// Said once in every report for people, if there is a valid capture.
const REMINDER: &str = "A valid signature proves that the sender knew the secret for this request \
    id. It does not cover the body, the time or the URL: let each id take effect once, and ask \
    PGM's API where it matters.";

/// A capture with its place, as a report tells of it.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The file.
    pub file: &'a str,
    /// Its line in the file, if that is read by lines.
    pub line: Option<u64>,
    /// What is to be said.
    pub capture: CaptureLine<'a>,
}

/// A file, or a part of one, that could not be read.
#[derive(Debug, Clone, Copy)]
pub struct Unread<'a> {
    /// The file.
    pub file: &'a str,
    /// Line and column, from 1, if it is a part of the file.
    pub place: Option<(u64, usize)>,
    /// Why.
    pub message: &'a str,
}

/// One form of report. Each method gives the text that can be written by now.
pub trait VerifyReport {
    /// Asked once for each capture, in order, whether it is to be told. It is clean when it is
    /// valid and nothing about it deserves a look.
    fn wants(&mut self, clean: bool) -> bool;

    /// Tells a capture that is wanted.
    fn capture(&mut self, told: &Told<'_>) -> String;

    /// Tells what could not be read.
    fn unread(&mut self, unread: &Unread<'_>) -> String;

    /// Tells the sum of it. Nothing follows.
    fn finish(&mut self, summary: &Summary) -> String;
}

/// Where a capture stands, in one text: `requests.har: log.entries[3].request`.
pub fn source(file: &str, place: &str) -> String {
    if place.is_empty() { file.to_owned() } else { format!("{file}: {place}") }
}

impl Told<'_> {
    /// Whether it is valid and nothing about it deserves a look.
    pub fn is_clean(&self) -> bool {
        is_clean(self.capture.verdict, self.capture.findings)
    }
}

/// Whether a capture is valid and nothing about it deserves a look.
pub fn is_clean(verdict: SignatureVerdict, findings: &[Finding]) -> bool {
    verdict == SignatureVerdict::Valid && remarkable(findings).next().is_none()
}

impl Unread<'_> {
    fn source(&self) -> String {
        let place = self.place.map(|(line, column)| format!("line {line}, column {column}"));
        source(self.file, &place.unwrap_or_default())
    }
}

/// What deserves a look: everything but mere information.
fn remarkable(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|finding| finding.severity > Severity::Info)
}
