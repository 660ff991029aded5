//! What arrives at `listen`, for people: one line a request, and below it only what is
//! remarkable.

use std::collections::BTreeSet;

use super::request::json_block;
use super::{Palette, escape, escape_block};
use crate::delivery::{format_duration, status_line};
use crate::pgm;
use crate::receiver::{Forwarded, Refusal, RequestEvent, RequestOutcome};
use crate::text::{shortened, shown_url};
use crate::verify::{Finding, Severity, SignatureVerdict};

/// Columns before a line that belongs to the request above it.
const INDENT: &str = "         ";
/// Characters of a text from outside in one line.
const MAX_TEXT: usize = 100;
/// Lines of a body; the file of `--save` has all of it.
const MAX_BODY_LINES: usize = 200;

/// Renders what happens.
#[derive(Debug)]
pub struct ListenReport {
    palette: Palette,
    /// The findings whose help was shown.
    helped: BTreeSet<&'static str>,
}

impl ListenReport {
    /// A report that has shown nothing yet.
    pub fn new(palette: Palette) -> Self {
        Self { palette, helped: BTreeSet::new() }
    }

    /// A request and what became of it.
    pub fn request(&mut self, event: &RequestEvent) -> String {
        let paint = self.palette;
        let report = &event.report;
        let mut text = format!(
            "{} {} {} {:>6} {} {}{}\n",
            paint.dim(&event.received_at.format("%H:%M:%S").to_string()),
            self.verdict(event),
            self.outcome(event),
            format_duration(event.elapsed),
            paint.bold(&short(report.event.as_deref().unwrap_or("(no event)"))),
            paint.highlight(&short(report.request_id.as_deref().unwrap_or("(no id)"))),
            self.remark(event),
        );
        if let Some(error) = &event.save_error {
            text += &self.line(&paint.error(&format!("not saved: {}", escape(&error.to_string()))));
        }
        let is_remarkable = |finding: &&Finding| finding.severity > Severity::Info;
        for finding in report.findings.iter().filter(is_remarkable) {
            text += &self.finding(finding);
        }
        if let Some(headers) = &event.headers {
            let head = format!("> POST {} from {}", escape(&event.path), escape(&event.peer));
            text += &self.line(&paint.dim(&head));
            let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
            text += &self.content(">", headers, event.body.as_deref().unwrap_or_default());
        }
        for forwarded in &event.forwarded {
            text += &self.line(&self.forwarded(forwarded));
            if let (Some(_), Ok(response)) = (&event.headers, &forwarded.outcome) {
                let headers = response.headers.iter();
                let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
                text += &self.content("<", headers, response.first_characters().as_bytes());
            }
        }
        text
    }

    /// Something that was refused.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        let paint = self.palette;
        let status = refusal.reason.status().map_or("---".to_owned(), |status| status.to_string());
        let target = refusal.target.as_ref().map(|(method, path)| format!("{method} {path}"));
        format!(
            "{} {} {} {}: {} {}\n",
            paint.dim(&refusal.at.format("%H:%M:%S").to_string()),
            paint.warning(&format!("{:<8}", "refused")),
            paint.error(&status),
            refusal.reason,
            short(target.as_deref().unwrap_or("a connection")),
            paint.dim(&format!("from {}", refusal.peer)),
        )
    }

    /// Requests whose lines were left out.
    pub fn lost(&self, count: u64) -> String {
        let text = format!("… {count} more, too fast to be shown; all of them are counted");
        self.line(&self.palette.dim(&text))
    }

    fn verdict(&self, event: &RequestEvent) -> String {
        let word = match (event.report.verdict, event.repeat) {
            (Some(SignatureVerdict::Valid) | None, n @ 2..) => format!("repeat {n}"),
            (Some(verdict), _) => verdict.to_string(),
            (None, _) => "received".to_owned(),
        };
        let word = format!("{word:<8}");
        match (event.report.verdict, event.repeat) {
            (Some(SignatureVerdict::Valid), 0..=1) => self.palette.success(&word),
            (Some(SignatureVerdict::Invalid), _) => self.palette.error(&word),
            (None, 0..=1) => word,
            _ => self.palette.warning(&word),
        }
    }

    fn outcome(&self, event: &RequestEvent) -> String {
        match event.outcome {
            RequestOutcome::Responded(status) if event.outcome.is_late(event.elapsed) => {
                self.palette.error(&status.to_string())
            }
            RequestOutcome::Responded(status) => self.status(status, &status.to_string()),
            RequestOutcome::Dropped | RequestOutcome::ClientGone => self.palette.error("---"),
        }
    }

    fn status(&self, status: u16, text: &str) -> String {
        if pgm::is_success(status) { self.palette.success(text) } else { self.palette.error(text) }
    }

    fn remark(&self, event: &RequestEvent) -> String {
        let mut remark = String::new();
        if let Some(name) = &event.report.secret {
            remark += &format!(" ({})", short(name));
        }
        remark += match event.outcome {
            RequestOutcome::Responded(_) if event.outcome.is_late(event.elapsed) => {
                " too late: PGM allows 5 s"
            }
            RequestOutcome::Responded(_) => "",
            RequestOutcome::Dropped => " dropped on purpose",
            RequestOutcome::ClientGone => " the client went away",
        };
        self.palette.dim(&remark)
    }

    fn forwarded(&self, forwarded: &Forwarded) -> String {
        let url = escape(&shown_url(&forwarded.url));
        let time = format_duration(forwarded.elapsed);
        match &forwarded.outcome {
            Ok(response) => {
                let status = response.status.as_u16();
                format!("→ {url} {} in {time}", self.status(status, &status_line(status)))
            }
            Err(error) => {
                let error = self.palette.error(&escape(&error.to_string()));
                format!("→ {url} {error}, after {time}")
            }
        }
    }

    /// Headers, each behind a mark of its direction, and the body behind them.
    fn content<'h>(
        &self,
        mark: &str,
        headers: impl Iterator<Item = (&'h str, &'h [u8])>,
        body: &[u8],
    ) -> String {
        let mut text = String::new();
        for (name, value) in headers {
            let value = escape(&String::from_utf8_lossy(value));
            let header = format!("{mark} {}: {value}", escape(name));
            text += &self.line(&self.palette.dim(&header));
        }
        for line in body_lines(body, self.palette) {
            text += &self.line(&format!("{} {line}", self.palette.dim("│")));
        }
        text
    }

    /// What was found; and its help, once in a run.
    fn finding(&mut self, finding: &Finding) -> String {
        let mark = match finding.severity {
            Severity::Error => self.palette.error("✗"),
            _ => self.palette.warning("!"),
        };
        let mut text = self.line(&format!("{mark} {}", escape(&finding.message)));
        if self.helped.insert(finding.id) {
            let help = format!("{} {}", self.palette.dim("→"), escape(&finding.help));
            text += &self.line(&help);
        }
        text
    }

    fn line(&self, text: &str) -> String {
        format!("{INDENT}{text}\n")
    }
}

/// One line of foreign text, of bounded length.
fn short(text: &str) -> String {
    escape(&shortened(text, MAX_TEXT))
}

/// The lines of a body: JSON indented and painted, other text as it is.
fn body_lines(body: &[u8], palette: Palette) -> Vec<String> {
    let text =
        json_block(body, palette).unwrap_or_else(|| escape_block(&String::from_utf8_lossy(body)));
    let mut lines: Vec<_> = text.lines().take(MAX_BODY_LINES).map(str::to_owned).collect();
    let more = text.lines().count().saturating_sub(MAX_BODY_LINES);
    if more > 0 {
        lines.push(format!("… {more} more lines"));
    }
    lines
}

const NOT_FROM_PGM: &str = "It is not from PGM, even with a valid signature, unless a proxy or a \
                            tunnel changed it.";

/// Id of a finding, its message and its help.
const TEXTS: [(&str, &str, &str); 9] = [
    (
        "headers-missing",
        "The request has neither X-PerfectGym-Request nor X-PerfectGym-Signature.",
        "If it comes from PGM, look there whether the webhook has a secret, and whether a proxy or \
         a tunnel removes headers.",
    ),
    (
        "signature-missing",
        "The request has an id but no X-PerfectGym-Signature.",
        "Give the webhook a secret in PGM, or find the proxy or tunnel that removes the header.",
    ),
    (
        "request-id-missing",
        "The request has a signature but no X-PerfectGym-Request, which it signs.",
        "Find the proxy or tunnel that removes the header: PGM sends both or neither.",
    ),
    (
        "request-id-redacted",
        "The request id is masked or cut off.",
        "Find the proxy or tunnel that masks X-PerfectGym-Request.",
    ),
    (
        "signature-redacted",
        "The signature is masked or cut off.",
        "Find the proxy or tunnel that masks X-PerfectGym-Signature: it has 32 hex digits.",
    ),
    ("body-not-json", "The body is not JSON, and PGM sends nothing else.", NOT_FROM_PGM),
    (
        "body-not-envelope",
        "The body is JSON but not PGM's envelope: an object with event, triggeredDate and data.",
        NOT_FROM_PGM,
    ),
    (
        "cause-unknown",
        "The signature does not match, and none of the known mistakes explains it.",
        "Copy the secret again with PGM's copy button and press \"Test all webhooks\". If that \
         request is valid and this one is not, this one was signed with another secret, or not by \
         PGM.",
    ),
    (
        "not-diagnosed",
        "The signature does not match, and too many requests are invalid to search for the cause \
         of each.",
        "Most often all of them have the cause that the first ones show.",
    ),
];

/// Rewords findings about a live request.
pub fn speak_of_requests(findings: &mut [Finding]) {
    for finding in findings {
        if let Some((_, message, help)) = TEXTS.iter().find(|(id, ..)| *id == finding.id) {
            finding.message = (*message).into();
            finding.help = (*help).into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_and_nothing_steers_the_terminal() {
        let lines = |body: &[u8]| body_lines(body, Palette::PLAIN);
        assert_eq!(
            lines(br#"{"b":1.50,"a":"\u001b"}"#)[1..3],
            ["  \"b\": 1.50,", "  \"a\": \"\\u001b\""]
        );
        assert_eq!(lines(b"\x1b[2J\xff\nx"), ["\\u{1b}[2J\u{fffd}", "x"]);
        assert_eq!(lines("a\n".repeat(300).as_bytes()).last().unwrap(), "… 100 more lines");
        assert!(lines(b"").is_empty());
    }

    use crate::verify::FindingKind;

    #[test]
    fn every_text_belongs_to_a_finding() {
        for (id, ..) in TEXTS {
            assert!(FindingKind::find(id).is_some(), "{id}");
        }
    }
}
