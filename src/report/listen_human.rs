//! What comes to `listen`, for people: one line a request, and below it only what is
//! remarkable.

use std::collections::BTreeSet;
use std::time::Duration;

use super::listen_body::shown_body;
use super::words::{format_duration, shown_url, status_line};
use super::wrap::wrap;
use super::{Palette, escape};
use crate::pgm;
use crate::receiver::{Account, Given, Passed, Refusal};
use crate::verify::{Finding, Severity, Verdict};

/// Columns before the text of a line that belongs to the request above it.
const INDENT: &str = "         ";
/// Columns for the words of a finding: with the indent, what a terminal has.
const WIDTH: usize = 68;
/// How much of a text from outside one line shows, in characters.
const SHOWN: usize = 100;

/// Renders what happens.
#[derive(Debug)]
pub struct ListenReport {
    palette: Palette,
    /// The findings whose advice was given.
    advised: BTreeSet<&'static str>,
}

impl ListenReport {
    /// A report that has said nothing yet.
    pub fn new(palette: Palette) -> Self {
        Self { palette, advised: BTreeSet::new() }
    }

    /// A request and what became of it.
    pub fn request(&mut self, account: &Account) -> String {
        let paint = self.palette;
        let mut text = format!(
            "{} {} {} {} {} {}{}\n",
            paint.faint(&account.received_at.format("%H:%M:%S").to_string()),
            self.verdict(account),
            self.given(account.given),
            short_time(account.elapsed),
            paint.strong(&shown(account.event.as_deref().unwrap_or("(no event)"))),
            paint.name(&shown(account.request_id.as_deref().unwrap_or("(no id)"))),
            self.remark(account),
        );
        for passed in &account.passed {
            text += &self.line(&self.passed(passed));
        }
        if let Some(why) = &account.not_saved {
            text += &self.line(&paint.bad(&format!("not saved: {}", escape(&why.to_string()))));
        }
        let remarkable = |finding: &&Finding| finding.severity > Severity::Info;
        for finding in account.findings.iter().filter(remarkable) {
            text += &self.finding(finding);
        }
        if let Some(headers) = &account.headers {
            text += &self.whole(account, headers);
        }
        text
    }

    /// A call that was turned away.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        let paint = self.palette;
        let status = refusal.reason.status().map_or("---".to_owned(), |status| status.to_string());
        let target = refusal.target.as_ref().map(|(method, path)| format!("{method} {path}"));
        format!(
            "{} {} {} {}: {} {}\n",
            paint.faint(&refusal.at.format("%H:%M:%S").to_string()),
            paint.doubtful(&format!("{:<8}", "refused")),
            paint.bad(&status),
            refusal.reason,
            shown(target.as_deref().unwrap_or("a call")),
            paint.faint(&format!("from {}", refusal.remote)),
        )
    }

    /// Requests whose lines were left out.
    pub fn lost(&self, count: u64) -> String {
        let text = format!("… {count} more, too fast to be shown; all of them are counted");
        self.line(&self.palette.faint(&text))
    }

    fn verdict(&self, account: &Account) -> String {
        let word = match (account.verdict, account.repeat) {
            (Some(Verdict::Valid) | None, n @ 2..) => format!("repeat {n}"),
            (Some(verdict), _) => verdict.to_string(),
            (None, _) => "received".to_owned(),
        };
        let word = format!("{word:<8}");
        match (account.verdict, account.repeat) {
            (Some(Verdict::Valid), 0..=1) => self.palette.good(&word),
            (Some(Verdict::Invalid), _) => self.palette.bad(&word),
            (None, 0..=1) => word,
            _ => self.palette.doubtful(&word),
        }
    }

    fn given(&self, given: Given) -> String {
        match given {
            Given::Status(status) if pgm::is_success(status) => {
                self.palette.good(&status.to_string())
            }
            Given::Status(status) => self.palette.bad(&status.to_string()),
            Given::Dropped | Given::CallerGone => self.palette.bad("---"),
        }
    }

    fn remark(&self, account: &Account) -> String {
        let mut remark = String::new();
        if let Some(name) = &account.secret {
            remark += &format!(" ({})", shown(name));
        }
        remark += match account.given {
            Given::Status(_) => "",
            Given::Dropped => " dropped on purpose",
            Given::CallerGone => " the caller hung up",
        };
        self.palette.faint(&remark)
    }

    fn passed(&self, passed: &Passed) -> String {
        let paint = self.palette;
        let url = escape(&shown_url(&passed.url));
        let time = format_duration(passed.elapsed);
        match &passed.outcome {
            Ok(status) if passed.succeeded() => {
                format!("→ {url} {} in {time}", paint.good(&status_line(*status)))
            }
            Ok(status) => format!("→ {url} {} in {time}", paint.bad(&status_line(*status))),
            Err(why) => {
                format!("→ {url} {}, after {time}", paint.bad(&escape(&why.to_string())))
            }
        }
    }

    /// What was found; and what to do about it, once in a run.
    fn finding(&mut self, finding: &Finding) -> String {
        let mark = match finding.severity {
            Severity::Error => self.palette.bad("✗"),
            _ => self.palette.doubtful("!"),
        };
        let mut text = String::new();
        for (index, line) in wrap(&escape(&finding.message), WIDTH).iter().enumerate() {
            text += &self.line(&format!("{} {line}", if index == 0 { &mark } else { " " }));
        }
        if self.advised.insert(finding.id) {
            for line in wrap(&escape(&finding.help), WIDTH) {
                text += &self.line(&self.palette.faint(&format!("  {line}")));
            }
        }
        text
    }

    fn whole(&self, account: &Account, headers: &[(String, String)]) -> String {
        let paint = self.palette;
        let head = format!("POST {} from {}", escape(&account.path), escape(&account.remote));
        let mut text = self.line(&paint.faint(&head));
        for (name, value) in headers {
            let header = format!("{}: {}", escape(name), escape(value));
            text += &self.line(&paint.faint(&header));
        }
        for line in shown_body(&account.body) {
            text += &self.line(&format!("{} {line}", paint.faint("│")));
        }
        text
    }

    fn line(&self, text: &str) -> String {
        format!("{INDENT}{text}\n")
    }
}

/// One line of foreign text, of bounded length.
fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => escape(&text[..end]) + "…",
        None => escape(text),
    }
}

/// The time in a column of its own.
fn short_time(elapsed: Duration) -> String {
    format!("{:>6}", format_duration(elapsed))
}
