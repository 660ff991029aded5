//! The verdict on one capture, by itself: its headers prove who sent it, its body is PGM's envelope,
//! of a known event, with a sound date.

use std::hash::{BuildHasher, RandomState};

use chrono::{DateTime, TimeDelta, Utc};

use super::findings::{self, Finding, FindingKind, SignatureVerdict};
use super::headers::{HeaderVerdict, NamedSecret};
use super::request_index::{KeySignature, RequestKey};
use crate::capture::{Capture, Value, parse_json};
use crate::pgm::{self, REQUEST_ID_HEADER, SIGNATURE_HEADER};
use crate::text::{nearest, shown_name};

/// Judges captures one by one. It has no state, so many threads can use it.
#[derive(Debug, Clone)]
pub struct Examiner<'s> {
    accepted: &'s [NamedSecret],
    now: DateTime<Utc>,
    keys: RandomState,
}

/// What one capture says by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Examination {
    /// The verdict.
    pub verdict: SignatureVerdict,
    /// Which of the accepted secrets the signature fits, for a valid one.
    pub secret: Option<usize>,
    /// The request id, if there is just one.
    pub request_id: Option<String>,
    /// The signature, if there is just one.
    pub signature: Option<String>,
    /// The other headers of an invalid capture: the signer may have used one of them as the id.
    pub other_headers: Vec<(String, String)>,
    /// The event's name, if the body has one.
    pub event: Option<String>,
    /// For the index of requests; absent when the id is missing, ambiguous or
    /// redacted.
    pub(super) key: Option<RequestKey>,
    /// What was found, except what only other captures show and the cause of an invalid
    /// signature. Empty for a clean capture.
    pub findings: Vec<Finding>,
}

impl<'s> Examiner<'s> {
    /// An examiner that accepts these secrets. `now` is used as the time of receipt of captures
    /// that have none.
    pub fn new(accepted: &'s [NamedSecret], now: DateTime<Utc>) -> Self {
        Self { accepted, now, keys: RandomState::new() }
    }

    /// Judges a capture.
    pub fn examine(&self, capture: &Capture<'_>) -> Examination {
        let mut findings = Vec::new();
        let headers = HeaderVerdict::of(capture, self.accepted, &mut findings);
        let body = read_body(capture, self.now, &self.keys, &mut findings);
        Examination {
            verdict: headers.verdict,
            secret: headers.secret,
            request_id: headers.request_id.map(str::to_owned),
            signature: headers.signature.map(str::to_owned),
            other_headers: match headers.verdict {
                SignatureVerdict::Invalid => other_headers(capture),
                _ => Vec::new(),
            },
            key: self.key(&headers, body.hash),
            event: body.event,
            findings,
        }
    }

    /// What the request is known by. A signature that is missing, doubled or masked does not
    /// count: two captures with `***` do not have the same one.
    fn key(&self, headers: &HeaderVerdict<'_>, body: Option<u64>) -> Option<RequestKey> {
        let id = headers.request_id.filter(|_| headers.is_identified)?;
        let signature = match (headers.verdict, headers.secret) {
            (SignatureVerdict::Valid, Some(secret)) => Some(KeySignature::Valid(secret)),
            (SignatureVerdict::Invalid, _) => headers.signature.map(KeySignature::Other),
            _ => None,
        };
        Some(RequestKey::new(&self.keys, id, signature, body))
    }
}

fn other_headers(capture: &Capture<'_>) -> Vec<(String, String)> {
    let pgm = |name: &str| {
        [REQUEST_ID_HEADER, SIGNATURE_HEADER].iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    let others = capture.headers.iter().filter(|(name, _)| !pgm(name));
    others.map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

/// How much later than its receipt an event may claim to be: the clocks of two machines differ
/// (our choice).
const FUTURE: TimeDelta = TimeDelta::minutes(2);
/// How much older than its receipt an event may be: PGM calls within a few seconds
/// (documented), and receivers queue (our choice).
const OLD: TimeDelta = TimeDelta::minutes(10);
/// How much of a strange name a finding shows, in characters.
const SHOWN: usize = 60;

/// What a body says.
struct BodySummary {
    /// The event's name, when the body has one.
    event: Option<String>,
    /// Hash of the body's value, for the index; `None` without a body.
    hash: Option<u64>,
}

/// Reads the body of a capture, and adds what is wrong with it to `findings`.
fn read_body(
    capture: &Capture<'_>,
    now: DateTime<Utc>,
    keys: &RandomState,
    findings: &mut Vec<Finding>,
) -> BodySummary {
    let Some(body) = capture.body.as_ref().filter(|body| !body.bytes.is_empty()) else {
        findings.push(Finding::new(&findings::BODY_MISSING));
        return BodySummary { event: None, hash: None };
    };
    if !body.exact {
        findings.push(Finding::new(&findings::BODY_NOT_EXACT));
    }
    let text = std::str::from_utf8(&body.bytes).unwrap_or_default();
    let Ok(value) = parse_json(text.strip_prefix('\u{feff}').unwrap_or(text)) else {
        findings.push(Finding::new(&findings::BODY_NOT_JSON));
        return BodySummary { event: None, hash: Some(keys.hash_one(&body.bytes)) };
    };
    if value.is_object() {
        judge(&value, capture.received_at, now, findings);
    } else {
        findings.push(Finding::new(&findings::BODY_NOT_ENVELOPE));
    }
    let event = value.get("event").and_then(Value::as_str);
    let event = event.map(|event| shown_name(event).into_owned());
    BodySummary { event, hash: Some(value.hash(keys)) }
}

fn judge(
    body: &Value<'_>,
    received_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    findings: &mut Vec<Finding>,
) {
    if let Some(wrong) = wrong_members(body) {
        findings.push(Finding::new(&findings::BODY_NOT_ENVELOPE).with("members", wrong));
    }
    let event = body.get("event").and_then(Value::as_str);
    if let Some(event) = event
        && !pgm::is_known(event)
    {
        findings.push(unknown_event(event));
    }
    if let Some(date) = body.get("triggeredDate").and_then(Value::as_str) {
        findings.extend(judge_date(date, event == Some("Test"), received_at, now));
    }
}

/// Which of the three members are missing or of the wrong kind, in words.
fn wrong_members(body: &Value<'_>) -> Option<String> {
    let is_text = |value: &Value<'_>| value.as_str().is_some();
    let rules: [(_, fn(&Value<'_>) -> bool, _); 3] = [
        ("event", is_text, "a text"),
        ("triggeredDate", is_text, "a text"),
        ("data", |value| value.is_object(), "an object"),
    ];
    let wrong = rules.into_iter().filter_map(|(name, is_right, kind)| match body.get(name) {
        None => Some(format!("{name} is missing")),
        Some(value) if !is_right(value) => Some(format!("{name} is not {kind}")),
        Some(_) => None,
    });
    let wrong: Vec<_> = wrong.collect();
    (!wrong.is_empty()).then(|| wrong.join(", "))
}

fn unknown_event(event: &str) -> Finding {
    let shown: String = event.chars().take(SHOWN).collect();
    let finding = Finding::new(&findings::UNKNOWN_EVENT);
    let finding = match nearest(&shown, &pgm::event_names().collect::<Vec<_>>()) {
        Some(near) => finding
            .with_message(format!(
                "{shown:?} is not an event that PGM documents; did you mean {near}?"
            ))
            .with("didYouMean", near),
        None => finding.with_message(format!("{shown:?} is not an event that PGM documents.")),
    };
    finding.with("event", shown)
}

fn judge_date(
    text: &str,
    test: bool,
    received_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<Finding> {
    let date = match DateTime::parse_from_rfc3339(text) {
        Ok(date) if date.offset().local_minus_utc() == 0 && text.contains('T') => date.to_utc(),
        _ => return Some(malformed(text)),
    };
    let delay = received_at.unwrap_or(now) - date;
    if delay < -FUTURE {
        let since = if received_at.is_some() { "the request was received" } else { "now" };
        return Some(distance(&findings::DATE_FUTURE, -delay, &format!("after {since}")));
    }
    let old = delay > OLD && received_at.is_some() && !test;
    old.then(|| distance(&findings::DATE_OLD, delay, "before the request was received"))
}

fn malformed(text: &str) -> Finding {
    let shown: String = text.chars().take(SHOWN).collect();
    Finding::new(&findings::DATE_MALFORMED)
        .with_message(format!("triggeredDate is {shown:?}, not an ISO 8601 date and time in UTC."))
}

fn distance(kind: &'static FindingKind, by: TimeDelta, side: &str) -> Finding {
    let message = format!("triggeredDate is {} {side}.", in_words(by));
    Finding::new(kind).with_message(message).with("seconds", by.num_seconds().to_string())
}

/// A duration in its largest unit: people need to see hours or years, not the exact number.
fn in_words(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds();
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let (length, unit) =
        units.into_iter().find(|(length, _)| seconds >= 2 * length).unwrap_or((1, "second"));
    let count = seconds / length;
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
