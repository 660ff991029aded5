//! A delivery for people, attempt by attempt as it happens, and for programs, as
//! `schemas/delivery.schema.json` describes it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{OutputFormat, Palette, elapsed_ms, escape, escape_block, json_line, moment};
use crate::delivery::{
    Attempt, AttemptOutcome, Delivery, DeliveryVerdict, Response, Timings, describe_attempt,
    format_duration, help, status_line,
};
use crate::pgm;
use crate::requests::SendJob;
use crate::text::{shown_name, shown_url};

/// Most lines of a response that are shown; PGM shows more, a terminal should not.
const MAX_LINES: usize = 12;

/// Renders one delivery.
#[derive(Debug)]
pub struct DeliveryReport<'a> {
    /// The colors.
    pub palette: Palette,
    /// Whether to show headers.
    pub verbose: bool,
    /// What is sent, and where to.
    pub job: &'a SendJob,
    /// The time limit of an attempt.
    pub timeout: Duration,
    /// Whether the signature is wrong on purpose.
    pub wrong_signature: bool,
    /// Whether header names are sent as they are, and not in lower case.
    pub keeps_header_case: bool,
}

impl DeliveryReport<'_> {
    /// What is about to be sent.
    pub fn header(&self) -> String {
        let paint = self.palette;
        let SendJob { event, webhook, url, request, .. } = self.job;
        let event = paint.bold(&escape(&shown_name(event.as_deref().unwrap_or("(no event)"))));
        let webhook = webhook.as_ref().map(|name| format!("{}, ", escape(name)));
        let webhook = webhook.unwrap_or_default();
        let mut text = format!("{event} → {webhook}{}\n", escape(&shown_url(url)));
        let id = shown_name(request.request_id().as_str());
        text += &self.line("request id", &paint.highlight(&id));
        if self.verbose {
            text += &self.line("sent", &format!("POST, {} bytes", request.body().len()));
            for (name, value) in request.headers() {
                let name = match self.keeps_header_case {
                    true => name.to_string(),
                    false => name.to_ascii_lowercase(),
                };
                let name = name.as_str();
                text += &format!("  {}\n", paint.dim(&format!("> {}", header_line(name, value))));
            }
        }
        text
    }

    /// One attempt that has ended, and the wait before the next if there is one.
    pub fn attempt(&self, attempt: &Attempt, delay: Option<Duration>) -> String {
        let paint = self.palette;
        let word = describe_attempt(attempt);
        let word = match attempt.verdict() {
            DeliveryVerdict::Delivered => paint.success(&word),
            _ => paint.error(&word),
        };
        let mut text = self.line(
            &format!("attempt {}", attempt.n),
            &format!(
                "{word} in {}{}",
                format_duration(attempt.elapsed),
                self.phases(&attempt.timings)
            ),
        );
        if let Some(error) = &attempt.error {
            text += &self.line("", &escape(error));
        }
        if let Some(response) = &attempt.response {
            text += &self.response(response);
        }
        if let Some(delay) = delay {
            let wait = format!("next attempt in {}, same id and bytes", format_duration(delay));
            text += &self.line("", &paint.dim(&wait));
        }
        text
    }

    /// The verdict, in the words of PGM's Requests list, and what to do about it; for programs, the
    /// whole delivery on one line.
    pub fn footer(&self, format: OutputFormat, delivery: &Delivery) -> String {
        match format {
            OutputFormat::Human => self.verdict(delivery),
            OutputFormat::Json => self.json(delivery),
        }
    }

    fn verdict(&self, delivery: &Delivery) -> String {
        let (mark, text) = match delivery.verdict {
            DeliveryVerdict::Delivered => (self.palette.success("✓"), self.success(delivery)),
            DeliveryVerdict::Failed => (self.palette.error("✗"), self.failed(delivery)),
            DeliveryVerdict::Unreachable => (self.palette.error("✗"), self.unreachable(delivery)),
        };
        let mut text = format!("{mark} {text}\n");
        if let Some(worst) = decisive_attempt(delivery) {
            let help = match worst.status() {
                Some(401 | 403) if self.wrong_signature => {
                    "a receiver should reject a wrong signature, as this one does".to_owned()
                }
                _ => help(worst, Some(&self.job.request)),
            };
            text += &format!("  {} {}\n", self.palette.highlight("help:"), escape(&help));
        }
        text
    }

    fn json(&self, delivery: &Delivery) -> String {
        json_line(&json!({
            "type": "delivery",
            "event": self.job.event,
            "webhook": self.job.webhook,
            "url": shown_url(&self.job.url),
            "requestId": self.job.request.request_id().as_str(),
            "verdict": delivery.verdict.as_str(),
            "attempts": delivery.attempts.iter().map(attempt_value).collect::<Vec<_>>(),
        }))
    }

    fn success(&self, delivery: &Delivery) -> String {
        let marked = format!("PGM would mark this request {}", self.palette.success("successful"));
        let last = delivery.attempts.last();
        let took = last.map(|attempt| format_duration(attempt.elapsed)).unwrap_or_default();
        let status = last.and_then(Attempt::status).map(status_line).unwrap_or_default();
        let is_delivered = |attempt: &Attempt| attempt.verdict() == DeliveryVerdict::Delivered;
        match delivery.attempts.len() {
            1 => format!("{marked}: {status} in {took}."),
            2 if delivery.attempts.iter().all(is_delivered) => {
                format!("{marked}: both attempts got a 2xx in time.")
            }
            n if delivery.attempts.iter().all(is_delivered) => {
                format!("{marked}: all {n} attempts got a 2xx in time.")
            }
            n => format!("{marked}: {status} in {took}, at attempt {n}."),
        }
    }

    fn failed(&self, delivery: &Delivery) -> String {
        let verdict = self.palette.error("failed");
        if let Some(text) = self.short_timeout_note(delivery) {
            return text;
        }
        let total = delivery.attempts.len();
        let bad =
            delivery.attempts.iter().filter(|a| a.verdict() != DeliveryVerdict::Delivered).count();
        let cause = decisive_attempt(delivery).map(cause).unwrap_or_default();
        let marked = format!("PGM would mark this request {verdict}: {cause}");
        match (bad, total) {
            (_, 1) => format!("{marked}."),
            (bad, total) if bad == total => format!("{marked}, the last of {total} attempts."),
            (bad, total) => {
                format!("PGM would mark {bad} of these {total} attempts {verdict}: {cause}.")
            }
        }
    }

    /// What a limit shorter than PGM's own shows: nothing about PGM.
    fn short_timeout_note(&self, delivery: &Delivery) -> Option<String> {
        let cut_short = decisive_attempt(delivery)?.outcome == AttemptOutcome::TimedOut;
        (cut_short && self.timeout < pgm::TIMEOUT).then(|| {
            format!(
                "{}: no whole response within {}; PGM allows {}.",
                self.palette.error("Failed"),
                format_duration(self.timeout),
                format_duration(pgm::TIMEOUT)
            )
        })
    }

    fn unreachable(&self, delivery: &Delivery) -> String {
        let cause = decisive_attempt(delivery).map(cause).unwrap_or_default();
        format!("The target is {}: {cause}.", self.palette.error("unreachable"))
    }

    fn response(&self, response: &Response) -> String {
        let mut text = String::new();
        if self.verbose {
            let head = format!("< {} {}", response.version, status_line(response.status));
            text += &self.line("", &self.palette.dim(&head));
            for (name, value) in &response.headers {
                let line = format!("< {}", header_line(name, value));
                text += &self.line("", &self.palette.dim(&line));
            }
        }
        let block = escape_block(&response.text);
        let lines: Vec<_> = block.trim_end().lines().collect();
        for line in lines.iter().take(MAX_LINES) {
            text += &self.line("", &format!("{} {line}", self.palette.dim("│")));
        }
        if lines.len() > MAX_LINES {
            let more = format!("… {} more lines", lines.len() - MAX_LINES);
            text += &self.line("", &self.palette.dim(&more));
        }
        if let Some(note) = truncation_note(response) {
            text += &self.line("", &self.palette.dim(&note));
        }
        text
    }

    fn phases(&self, timings: &Timings) -> String {
        let phase = |(name, time)| format!("{name} {}", format_duration(time));
        let shown: Vec<_> = timings.phases().map(phase).collect();
        if shown.is_empty() {
            return String::new();
        }
        self.palette.dim(&format!("   {}", shown.join(" · ")))
    }

    fn line(&self, label: &str, text: &str) -> String {
        self.palette.labelled(label, 11, text)
    }
}

/// How many of several webhooks accepted the event.
pub fn round_summary(verdicts: &[DeliveryVerdict], palette: Palette) -> String {
    let total = verdicts.len();
    let good = verdicts.iter().filter(|verdict| **verdict == DeliveryVerdict::Delivered).count();
    let mark = if good == total { palette.success("✓") } else { palette.error("✗") };
    format!("{mark} {good} of {total} webhooks successful\n")
}

fn header_line(name: &str, value: &str) -> String {
    format!("{}: {}", escape(name), escape(value))
}

/// The attempt that the verdict is about when it is not good: the last that did not succeed,
/// among those that were reached if any was.
fn decisive_attempt(delivery: &Delivery) -> Option<&Attempt> {
    let has_verdict = |attempt: &&Attempt| attempt.verdict() == delivery.verdict;
    match delivery.verdict {
        DeliveryVerdict::Delivered => None,
        _ => delivery.attempts.iter().rev().find(has_verdict),
    }
}

fn cause(attempt: &Attempt) -> String {
    match (attempt.outcome, attempt.status()) {
        (AttemptOutcome::Responded, Some(status)) if attempt.is_late() => format!(
            "the target responded {}, but only after {}; PGM allows {}",
            status_line(status),
            format_duration(attempt.elapsed),
            format_duration(pgm::TIMEOUT)
        ),
        (AttemptOutcome::Responded, Some(status)) => {
            let who = if attempt.reached { "target" } else { "proxy" };
            format!("the {who} responded {}, not a 2xx", status_line(status))
        }
        (AttemptOutcome::TimedOut, _) => format!(
            "{} after {}",
            if attempt.reached { "no whole response" } else { "no connection" },
            format_duration(attempt.elapsed)
        ),
        _ => match &attempt.error {
            Some(error) => format!("{}: {}", describe_attempt(attempt), escape(error)),
            None => describe_attempt(attempt),
        },
    }
}

/// What is said of a response whose text was cut.
pub fn truncation_note(response: &Response) -> Option<String> {
    response.truncated.then(|| {
        format!(
            "{} bytes in all; PGM keeps the first {} characters",
            response.bytes,
            pgm::RESPONSE_CHARS
        )
    })
}

/// An attempt as it stands in a delivery.
pub fn attempt_value(attempt: &Attempt) -> Value {
    let Timings { dns, connect, tls, wait, body } = attempt.timings;
    json!({
        "n": attempt.n,
        "startedAt": moment(attempt.started_at),
        "outcome": attempt.outcome.as_str(),
        "status": attempt.status(),
        "late": attempt.is_late(),
        "elapsedMs": elapsed_ms(attempt.elapsed),
        "timings": {
            "dnsMs": dns.map(elapsed_ms),
            "connectMs": connect.map(elapsed_ms),
            "tlsMs": tls.map(elapsed_ms),
            "waitMs": wait.map(elapsed_ms),
            "bodyMs": body.map(elapsed_ms),
        },
        "response": attempt.response.as_ref().map(|response| json!({
            "text": response.text,
            "bytes": response.bytes,
            "truncated": response.truncated,
        })),
        "error": attempt.error,
    })
}
