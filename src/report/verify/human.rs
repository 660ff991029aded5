//! Verdicts for people: a few captures one by one, of many only what deserves a look.

use std::collections::{BTreeMap, HashSet};

use serde_json::json;

use super::formats::finding_lines;
use super::{REMINDER, ReportedCapture, Summary, UnreadPart, VerifyReport, remarkable};
use crate::pgm::Signature;
use crate::report::{OutputFormat, Palette, escape, json_line};
use crate::text::{count, grouped, shown_name};
use crate::verify::{Finding, FindingKind, NamedSecret, Severity, SignatureVerdict};

/// Up to this many captures are few.
const MAX_FEW: u64 = 20;
/// This many bad ones are shown in full; the rest is counted by cause.
const MAX_SHOWN: u64 = 20;

/// The report, as it grows.
#[derive(Debug, Default)]
pub(super) struct VerifyHuman<'s> {
    palette: Palette,
    /// Whether to show all captures.
    verbose: bool,
    /// The secrets whose signature is to be shown for an invalid capture: on a terminal only.
    expected: &'s [NamedSecret],
    seen: u64,
    /// The blocks of the first few captures, until it is known whether they stay few; and
    /// whether each is clean.
    held: Vec<(bool, String)>,
    /// How many blocks of bad captures were shown.
    shown: u64,
    /// The findings whose help was given: it is the same every time.
    helped: HashSet<&'static str>,
    /// What is bad, but not shown.
    tally: BTreeMap<(&'static str, &'static str), u64>,
}

impl<'s> VerifyHuman<'s> {
    /// A report that has shown nothing yet.
    pub(super) fn new(palette: Palette, verbose: bool, expected: &'s [NamedSecret]) -> Self {
        Self { palette, verbose, expected, ..Self::default() }
    }

    fn is_many(&self) -> bool {
        self.seen > MAX_FEW
    }

    /// What was held back and turns out to be shown.
    fn release(&mut self) -> String {
        let many = self.is_many();
        let held = std::mem::take(&mut self.held).into_iter();
        held.filter(|(clean, _)| !many || !clean).map(|(_, block)| block).collect()
    }

    fn block(&mut self, reported: &ReportedCapture<'_>) -> String {
        let (paint, capture) = (self.palette, &reported.capture);
        let (mark, verdict) = match capture.verdict {
            SignatureVerdict::Valid => (paint.success("✓"), paint.success("valid")),
            other => (paint.error("✗"), paint.error(other.as_str())),
        };
        let secret = capture.secret.map(|name| format!(" ({})", escape(name)));
        let event = capture.event.map_or_else(|| "(no event)".to_owned(), escape);
        let id = capture.request_id.map(|id| escape(&shown_name(id)));
        let id = id.unwrap_or_else(|| "(no request id)".to_owned());
        let mut text = format!(
            "{mark} {}: {verdict}{}  {event}  {}\n",
            escape(capture.source),
            secret.unwrap_or_default(),
            paint.highlight(&id)
        );
        for finding in capture.findings {
            text += &self.finding(finding);
        }
        if capture.verdict == SignatureVerdict::Invalid {
            text += &self.expectation(reported);
        }
        text
    }

    fn finding(&mut self, finding: &Finding) -> String {
        let paint = self.palette;
        let id = match finding.severity {
            Severity::Error => paint.error(finding.id),
            Severity::Warning => paint.warning(finding.id),
            Severity::Info => paint.dim(finding.id),
        };
        let mut text = format!("    {id}: {}\n", escape(&finding.message));
        let weighty = self.verbose || finding.severity > Severity::Info;
        if weighty && self.helped.insert(finding.id) {
            text += &format!("      {} {}\n", paint.dim("→"), escape(&finding.help));
        }
        text
    }

    /// The signature that each accepted secret gives for the id of the capture.
    fn expectation(&self, reported: &ReportedCapture<'_>) -> String {
        let Some(id) = reported.capture.request_id else { return String::new() };
        let several = self.expected.len() > 1;
        let line = |named: &NamedSecret| {
            let signature = Signature::over(id.as_bytes(), &named.secret);
            let name = if several { format!(" ({})", escape(&named.name)) } else { String::new() };
            format!("    expected{name}: {signature}\n")
        };
        self.expected.iter().map(line).collect()
    }

    fn count(&mut self, reported: &ReportedCapture<'_>) {
        let id = remarkable(reported.capture.findings).next().map_or("", |finding| finding.id);
        *self.tally.entry((reported.capture.verdict.as_str(), id)).or_default() += 1;
    }

    /// The bad captures that were only counted.
    fn tally(&self) -> String {
        if self.tally.is_empty() {
            return String::new();
        }
        let mut rows: Vec<_> = self.tally.iter().collect();
        rows.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let row = |((verdict, id), count): (&(&str, &str), &u64)| {
            format!("{:>12}  {verdict:<9}  {}\n", grouped(*count), self.palette.highlight(id))
        };
        let rows: String = rows.into_iter().map(row).collect();
        let total: u64 = self.tally.values().sum();
        format!("\n… and {} more; -v shows them all:\n{rows}", grouped(total))
    }
}

impl VerifyReport for VerifyHuman<'_> {
    fn wants(&mut self, clean: bool) -> bool {
        self.seen += 1;
        self.verbose || !clean || !self.is_many()
    }

    fn capture(&mut self, reported: &ReportedCapture<'_>) -> String {
        if self.verbose {
            return self.block(reported);
        }
        let clean = reported.is_clean();
        if !clean && self.shown == MAX_SHOWN {
            self.count(reported);
            return String::new();
        }
        self.shown += u64::from(!clean);
        let block = self.block(reported);
        self.held.push((clean, block));
        if self.is_many() { self.release() } else { String::new() }
    }

    /// Reported on stderr, whatever the format.
    fn unread(&mut self, _unread: &UnreadPart<'_>) -> String {
        String::new()
    }

    fn finish(&mut self, summary: &Summary) -> String {
        let mut text = self.release();
        if summary.totals.captures == 0 {
            return text;
        }
        text += &self.tally();
        let paint = self.palette;
        let verdicts = summary.verdicts();
        text += &match summary.is_good() {
            true => format!("\n{} {}\n", paint.success("✓"), paint.success(&verdicts)),
            false => format!("\n{} {}\n", paint.error("✗"), paint.error(&verdicts)),
        };
        for remark in summary.remarks() {
            text += &format!("  {remark}\n");
        }
        if summary.totals.valid > 0 {
            text += &format!("  {}\n", paint.dim(REMINDER));
        }
        text
    }
}

/// The result of `--anonymize`: where the copy is, and how to verify it.
pub fn anonymized(format: OutputFormat, file: &str, captures: u64, secret: &str) -> String {
    if format == OutputFormat::Json {
        return json_line(&json!({
            "type": "anonymized",
            "file": file,
            "captures": captures,
            "secret": secret,
        }));
    }
    let wrote = format!("wrote {} to {}", count(captures, "capture"), escape(file));
    let secret = shell_quoted(secret);
    format!("{wrote}\nverify with: PGWH_SECRET={secret} pgwh verify {}\n", escape(file))
}

/// A text as a shell reads it, on one line.
fn shell_quoted(text: &str) -> String {
    if !text.contains(|letter: char| letter == '\'' || !(' '..='~').contains(&letter)) {
        return format!("'{text}'");
    }
    let escaped = |letter: char| match letter {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\'' | '\\' => format!("\\{letter}"),
        letter if letter.is_alphanumeric() || (' '..='~').contains(&letter) => letter.to_string(),
        letter => format!("\\u{:04x}", u32::from(letter)),
    };
    format!("$'{}'", text.chars().map(escaped).collect::<String>())
}

/// All findings, one a line: the output of `--explain` without an id.
pub fn finding_list(format: OutputFormat, palette: Palette) -> String {
    if format == OutputFormat::Json {
        return finding_lines(FindingKind::all());
    }
    let width = FindingKind::all().map(|kind| kind.id.len()).max().unwrap_or_default();
    let row = |kind: &FindingKind| {
        let id = palette.highlight(&format!("{:<width$}", kind.id));
        format!("{id}  {:<7}  {}\n", kind.severity, kind.message)
    };
    FindingKind::all().map(row).collect()
}

/// The page of `--explain ID`.
pub fn finding_page(format: OutputFormat, kind: &'static FindingKind, palette: Palette) -> String {
    if format == OutputFormat::Json {
        return finding_lines(std::iter::once(kind));
    }
    let severity = kind.severity.to_string();
    let severity = match kind.severity {
        Severity::Error => palette.error(&severity),
        Severity::Warning => palette.warning(&severity),
        Severity::Info => palette.dim(&severity),
    };
    format!(
        "{} ({severity})\n{}\n\n{}\n\n{} {}\n\n{}\n",
        palette.highlight(kind.id),
        kind.message,
        kind.explanation,
        palette.dim("→"),
        kind.help,
        palette.dim(&format!("See also: docs/findings.md#{}", kind.id)),
    )
}
