//! The first line and the summary of `listen`, and its JSON lines, as `schemas/listen.schema.json`
//! describes them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Case, Palette, Suite, body_member, document, elapsed_ms, escape, json_line, moment};
use crate::delivery::format_duration;
use crate::receiver::{
    Forwarded, ListenStats, Refusal, RequestEvent, RequestOutcome, headers_by_name,
};
use crate::text::count;

/// How a receiver is set up.
#[derive(Debug, Default)]
pub struct ReadyLine {
    /// Where it listens.
    pub url: String,
    /// The URL of the page, with its key.
    pub page: Option<String>,
    /// The names of the secrets that it accepts: their webhooks, or empty.
    pub secrets: Vec<String>,
    /// The file of captures.
    pub save: Option<String>,
    /// The folder of payloads.
    pub save_fixtures: Option<String>,
    /// Where requests are forwarded to.
    pub forward_to: Vec<String>,
    /// How responses differ from the usual 200.
    pub responses: Option<String>,
    /// What `--seed` repeats this run, if anything in it is random.
    pub seed: Option<u64>,
    /// The file with the authority to trust.
    pub tls_ca: Option<String>,
}

impl ReadyLine {
    /// For people: a line that it is ready, and one for each thing that was asked for.
    pub fn human(&self, paint: Palette) -> String {
        let mut text = format!(
            "{} Listening on {} (times are UTC, Ctrl-C to stop)\n",
            paint.success("Ready!"),
            paint.highlight(&self.url)
        );
        let mut line = |label: &str, value: &str| {
            text += &format!("  {} {}\n", paint.dim(&format!("{label:<10}")), escape(value));
        };
        match self.secrets.len() {
            0 => line("verifying", "nothing: there is no secret (--secret-file, PGWH_SECRET)"),
            _ if self.secrets.iter().all(String::is_empty) => line("verifying", "signatures"),
            _ => line("verifying", &format!("signatures of {}", self.secrets.join(", "))),
        }
        let lines = [
            ("page", &self.page),
            ("saving to", &self.save),
            ("payloads", &self.save_fixtures),
            ("responses", &self.responses),
            ("authority", &self.tls_ca),
        ];
        for (label, value) in lines {
            value.iter().for_each(|value| line(label, value));
        }
        for url in &self.forward_to {
            line("forwarding", url);
        }
        if let Some(seed) = self.seed {
            line("random", &format!("--seed {seed} repeats it"));
        }
        text
    }

    /// For programs: one line.
    pub fn json(&self) -> String {
        let object = json!({
            "type": "ready",
            "url": self.url,
            "page": self.page,
            "checking": !self.secrets.is_empty(),
            "secrets": self.secrets.iter().filter(|name| !name.is_empty()).collect::<Vec<_>>(),
            "save": self.save,
            "saveFixtures": self.save_fixtures,
            "forwardTo": self.forward_to,
            "seed": self.seed,
            "tlsCa": self.tls_ca,
        });
        format!("{object}\n")
    }
}

/// What `--expect` waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// How many valid requests.
    pub count: u64,
    /// With one of these events; with any when it is empty.
    pub events: Vec<String>,
    /// With these values in their data, as `PATH=VALUE`.
    pub data: Vec<String>,
    /// The time that was up before they arrived; `None` when it was not.
    pub time_up: Option<Duration>,
}

impl Expected {
    /// Whether they arrived.
    pub fn is_met(&self, stats: &ListenStats) -> bool {
        stats.matching >= self.count
    }

    /// `2 valid requests with Test or UserModified and userId=7`
    fn describe(&self) -> String {
        let events = Some(self.events.join(" or ")).filter(|events| !events.is_empty());
        let conditions: Vec<_> = events.into_iter().chain(self.data.iter().cloned()).collect();
        let requests = count(self.count, "valid request");
        match conditions.as_slice() {
            [] => requests,
            conditions => format!("{requests} with {}", conditions.join(" and ")),
        }
    }

    fn sentence(&self, stats: &ListenStats) -> String {
        let arrived = match (self.is_met(stats), self.time_up) {
            (true, _) => "arrived".to_owned(),
            (false, Some(time)) => {
                format!("did not arrive within {}: {} did", format_duration(time), stats.matching)
            }
            (false, None) => format!("did not arrive: {} did", stats.matching),
        };
        format!("The expected {} {arrived}.", escape(&self.describe()))
    }
}

/// What arrived in a whole run, for people.
pub fn listen_summary(stats: &ListenStats, expected: Option<&Expected>, paint: Palette) -> String {
    // A terminal shows Ctrl-C as `^C`: start on a line of its own.
    let mut text = "\n".to_owned();
    if let Some(expected) = expected {
        let mark = if expected.is_met(stats) { paint.success("✓") } else { paint.error("✗") };
        text += &format!("{mark} {}\n", expected.sentence(stats));
    }
    let verdicts = [
        ("valid", stats.valid),
        ("invalid", stats.invalid),
        ("unsigned", stats.unsigned),
        ("unclear", stats.unclear),
        ("unchecked", stats.unchecked),
    ];
    let verdicts: Vec<_> = verdicts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    let repeats = if stats.repeats == 1 { "repeat" } else { "repeats" };
    let more = [(repeats, stats.repeats), ("not saved", stats.save_errors)];
    let more = more.iter().filter(|(_, n)| *n > 0).map(|(word, n)| format!("; {n} {word}"));
    let colon = if verdicts.is_empty() { "" } else { ": " };
    text += &format!(
        "{}{colon}{}{}\n",
        count(stats.requests, "request"),
        verdicts.join(", "),
        more.collect::<String>()
    );
    let width = stats.by_event.keys().map(|name| escape(name).chars().count()).max();
    for (name, count) in &stats.by_event {
        text += &format!("  {:<width$}  {count}\n", escape(name), width = width.unwrap_or(0));
    }
    for (reason, count) in &stats.refused {
        text += &format!("  {}  {count}\n", paint.warning(&format!("refused: {reason}")));
    }
    text
}

/// What was expected and what arrived, as JUnit XML.
pub fn listen_junit(stats: &ListenStats, expected: &Expected, elapsed: Duration) -> String {
    let arrived = listen_summary(stats, None, Palette::PLAIN);
    let sentence = expected.sentence(stats);
    let case = if expected.is_met(stats) {
        Case::Passed(arrived.trim())
    } else {
        Case::Failed("expected", &sentence, arrived.trim())
    };
    let mut suite = Suite::new("pgwh listen");
    suite.add("listen.expect", &expected.describe(), elapsed, case);
    document([suite])
}

/// A request and what became of it: one line.
pub fn listen_request_json(event: &RequestEvent) -> String {
    let report = &event.report;
    let mut object = json!({
        "type": "request",
        "n": event.n,
        "receivedAt": moment(event.received_at),
        "remote": event.peer,
        "path": event.path,
        "requestId": report.request_id,
        "event": report.event,
        "verdict": report.verdict.map_or("unchecked", |verdict| verdict.as_str()),
        "secret": report.secret,
        "repeat": event.repeat,
        "findings": report.findings,
        "response": response(event.outcome),
        "elapsedMs": elapsed_ms(event.elapsed),
        "forwarded": event.forwarded.iter().map(Forwarded::to_json).collect::<Vec<_>>(),
        "saveError": event.save_error.as_ref().map(ToString::to_string),
        "bytes": event.body_size,
    });
    if let (Some(headers), Value::Object(object)) = (&event.headers, &mut object) {
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        object.insert("headers".to_owned(), headers_by_name(headers));
        let (key, body) = body_member(event.body.as_deref().unwrap_or_default());
        object.insert(key.to_owned(), Value::from(body));
    }
    json_line(&object)
}

/// Something that was refused: one line.
pub fn listen_refusal_json(refusal: &Refusal) -> String {
    let (method, path) = refusal.target.clone().unzip();
    let object = json!({
        "type": "refused",
        "at": moment(refusal.at),
        "remote": refusal.peer.to_string(),
        "method": method,
        "path": path,
        "status": refusal.reason.status(),
        "reason": refusal.reason.to_string(),
    });
    json_line(&object)
}

/// What arrived in a whole run: one line.
pub fn listen_summary_json(stats: &ListenStats, expected: Option<&Expected>) -> String {
    let refused: BTreeMap<_, _> =
        stats.refused.iter().map(|(reason, count)| (reason.to_string(), count)).collect();
    let expected = expected.map(|expected| {
        json!({
            "count": expected.count,
            "events": expected.events,
            "data": expected.data,
            "received": stats.matching,
            "met": expected.is_met(stats),
        })
    });
    let object = json!({
        "type": "summary",
        "requests": stats.requests,
        "valid": stats.valid,
        "invalid": stats.invalid,
        "unsigned": stats.unsigned,
        "unclear": stats.unclear,
        "unchecked": stats.unchecked,
        "repeats": stats.repeats,
        "saveErrors": stats.save_errors,
        "byEvent": stats.by_event,
        "refused": refused,
        "expected": expected,
    });
    json_line(&object)
}

fn response(outcome: RequestOutcome) -> Value {
    let (outcome, status) = match outcome {
        RequestOutcome::Responded(status) => ("responded", Some(status)),
        RequestOutcome::Dropped => ("dropped", None),
        RequestOutcome::ClientGone => ("client-gone", None),
    };
    json!({ "outcome": outcome, "status": status })
}
