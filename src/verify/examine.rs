//! The verdict on one capture, by itself: its headers prove who sent it, its body is PGM's envelope,
//! of a known event, with a sound date.

use std::borrow::Cow;
use std::fmt;
use std::hash::{BuildHasher, RandomState};

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{
    Examination, Finding, FindingKind, HeaderVerdict, KeySignature, NamedSecret, RequestKey,
    SignatureVerdict, findings,
};
use crate::capture::{Capture, JsonText, NUMBER_KEY, parse_json};
use crate::pgm::{self, is_pgm_header};
use crate::text::{lossy, nearest, shown_name};

/// Judges captures one by one. It has no state, so many threads can use it.
#[derive(Debug, Clone)]
pub struct Examiner<'s> {
    accepted: &'s [NamedSecret],
    now: DateTime<Utc>,
    keys: RandomState,
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

/// Other headers of one request that a diagnosis sees, and bytes of their names.
const MAX_HEADERS: usize = 1000;
const MAX_NAME: usize = 200;

fn other_headers(capture: &Capture<'_>) -> Vec<(String, String)> {
    let is_other = |name: &str| name.len() <= MAX_NAME && !is_pgm_header(name);
    let others = capture.headers.iter().filter(|(name, _)| is_other(name)).take(MAX_HEADERS);
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
        findings.push(missing_body(capture));
        return BodySummary { event: None, hash: None };
    };
    if !body.exact {
        findings.push(Finding::new(&findings::BODY_NOT_EXACT));
    }
    let whole = lossy(&body.bytes);
    let text = whole.strip_prefix('\u{feff}').unwrap_or(&whole);
    let written_again;
    let parsed = match ParsedBody::of(text, keys) {
        Ok(parsed) => parsed,
        // JSON that serde_json refuses, such as half a surrogate pair, is read by our own reader.
        Err(_) => match parse_json(text) {
            Ok(value) => {
                written_again = value.to_string();
                ParsedBody::of(&written_again, keys).unwrap_or_default()
            }
            Err(_) => {
                findings.push(Finding::new(&findings::BODY_NOT_JSON));
                return BodySummary { event: None, hash: Some(keys.hash_one(&body.bytes)) };
            }
        },
    };
    if matches!(whole, Cow::Owned(_)) {
        let message =
            "The body is JSON, but not in UTF-8: it was sent or saved in another encoding.";
        findings.push(Finding::new(&findings::BODY_NOT_JSON).with_message(message));
    }
    if parsed.is_object {
        judge(&parsed, capture.received_at, now, findings);
    } else {
        findings.push(Finding::new(&findings::BODY_NOT_ENVELOPE));
    }
    let event = parsed.event.and_then(|event| event.text);
    let event = event.map(|event| shown_name(&event).into_owned());
    BodySummary { event, hash: Some(parsed.hash) }
}

/// Whether there was none, as far as the file tells, or one that it does not show.
fn missing_body(capture: &Capture<'_>) -> Finding {
    let length = capture.values("content-length").find_map(|value| value.parse::<u64>().ok());
    let is_chunked = || capture.values("transfer-encoding").next().is_some();
    match length.filter(|length| *length > 0) {
        Some(length) if capture.body.is_none() => Finding::new(&findings::BODY_LEFT_OUT)
            .with_message(format!(
                "The request had a body of {length} bytes (Content-Length), which could not be \
                 read from this file."
            )),
        None if capture.body_left_out || length.is_none() && is_chunked() => {
            Finding::new(&findings::BODY_LEFT_OUT)
        }
        _ => Finding::new(&findings::BODY_MISSING),
    }
}

/// A body, as far as it matters here: a tree of it would cost more than all else in a capture.
#[derive(Debug, Default)]
struct ParsedBody<'a> {
    /// A keyed hash of the value, whatever the order of its members and the spelling of its
    /// numbers: a tool that writes parsed JSON again must not look like someone who changed it.
    hash: u64,
    is_object: bool,
    event: Option<HashedValue<'a>>,
    triggered_date: Option<HashedValue<'a>>,
    data: Option<HashedValue<'a>>,
}

/// What is kept of a value that was hashed.
#[derive(Debug, Default)]
struct HashedValue<'a> {
    is_object: bool,
    /// The text of a string.
    text: Option<Cow<'a, str>>,
}

impl<'a> ParsedBody<'a> {
    fn of(text: &'a str, keys: &RandomState) -> Result<Self, serde_json::Error> {
        let (mut parsed, mut form) = (Self::default(), Vec::with_capacity(text.len()));
        let mut note = |name: &str, value: HashedValue<'a>| match name {
            "event" => parsed.event = Some(value),
            "triggeredDate" => parsed.triggered_date = Some(value),
            "data" => parsed.data = Some(value),
            _ => {}
        };
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let root = Canonical { form: &mut form, keys, note: Some(&mut note) };
        let seen = root.deserialize(&mut deserializer)?;
        deserializer.end()?;
        (parsed.hash, parsed.is_object) = (keys.hash_one(&form), seen.is_object);
        Ok(parsed)
    }
}

/// Appends the canonical form of a value: a tag, and what makes it differ from others of its kind.
struct Canonical<'c, 'de> {
    form: &'c mut Vec<u8>,
    keys: &'c RandomState,
    /// Told of each member of the outermost object.
    note: Option<&'c mut dyn FnMut(&str, HashedValue<'de>)>,
}

/// Ends a text or a list: no byte of UTF-8 and no tag.
const END: u8 = 0xff;

impl<'de> Canonical<'_, 'de> {
    fn inner(&mut self) -> Canonical<'_, 'de> {
        Canonical { form: self.form, keys: self.keys, note: None }
    }

    /// As JavaScript reads numbers: 33.0 is 33, and -0 is 0.
    fn number(self, number: f64) {
        self.form.push(2);
        self.form.extend((number + 0.0).to_bits().to_le_bytes());
    }

    fn text(self, text: &str) {
        self.form.push(3);
        self.form.extend_from_slice(text.as_bytes());
        self.form.push(END);
    }
}

impl<'de> DeserializeSeed<'de> for Canonical<'_, 'de> {
    type Value = HashedValue<'de>;

    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<HashedValue<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Canonical<'_, 'de> {
    type Value = HashedValue<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<HashedValue<'de>, E> {
        self.form.push(0);
        Ok(HashedValue::default())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<HashedValue<'de>, E> {
        self.form.extend([1, u8::from(value)]);
        Ok(HashedValue::default())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<HashedValue<'de>, E> {
        self.visit_f64(number as f64)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<HashedValue<'de>, E> {
        self.visit_f64(number as f64)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<HashedValue<'de>, E> {
        self.number(number);
        Ok(HashedValue::default())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<HashedValue<'de>, E> {
        self.text(text);
        Ok(HashedValue { is_object: false, text: Some(text.into()) })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<HashedValue<'de>, E> {
        self.text(text);
        Ok(HashedValue { is_object: false, text: Some(text.to_owned().into()) })
    }

    fn visit_seq<A: SeqAccess<'de>>(
        mut self,
        mut elements: A,
    ) -> Result<HashedValue<'de>, A::Error> {
        self.form.push(4);
        while elements.next_element_seed(self.inner())?.is_some() {}
        self.form.push(END);
        Ok(HashedValue::default())
    }

    fn visit_map<A: MapAccess<'de>>(
        mut self,
        mut members: A,
    ) -> Result<HashedValue<'de>, A::Error> {
        let (mut count, mut sum) = (0_u64, 0_u64);
        while let Some(JsonText(name)) = members.next_key()? {
            if count == 0 && name == NUMBER_KEY {
                let JsonText(digits) = members.next_value()?;
                match digits.parse() {
                    Ok(number) => self.number(number),
                    Err(_) => self.text(&digits),
                }
                return Ok(HashedValue::default());
            }
            let start = self.form.len();
            self.form.extend_from_slice(name.as_bytes());
            self.form.push(END);
            let seen = members.next_value_seed(self.inner())?;
            // A sum does not depend on the order.
            sum = sum.wrapping_add(self.keys.hash_one(self.form.get(start..).unwrap_or_default()));
            count += 1;
            self.form.truncate(start);
            if let Some(note) = &mut self.note {
                note(&name, seen);
            }
        }
        self.form.push(5);
        self.form.extend(count.to_le_bytes().into_iter().chain(sum.to_le_bytes()));
        Ok(HashedValue { is_object: true, text: None })
    }
}

fn judge(
    body: &ParsedBody<'_>,
    received_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    findings: &mut Vec<Finding>,
) {
    let of = |member: &'_ Option<HashedValue<'_>>, kind: fn(&HashedValue<'_>) -> bool| {
        member.as_ref().map(kind)
    };
    let wrong = [
        ("event", of(&body.event, |value| value.text.is_some()), "a text"),
        ("triggeredDate", of(&body.triggered_date, |value| value.text.is_some()), "a text"),
        ("data", of(&body.data, |value| value.is_object), "an object"),
    ];
    let wrong = wrong.into_iter().filter_map(|(name, is_right, kind)| match is_right {
        None => Some(format!("{name} is missing")),
        Some(false) => Some(format!("{name} is not {kind}")),
        Some(true) => None,
    });
    let wrong: Vec<_> = wrong.collect();
    if !wrong.is_empty() {
        findings.push(Finding::new(&findings::BODY_NOT_ENVELOPE).with("members", wrong.join(", ")));
    }
    let event = body.event.as_ref().and_then(|event| event.text.as_deref());
    if let Some(event) = event.filter(|event| !pgm::is_known(event)) {
        findings.push(unknown_event(event));
    }
    if let Some(date) = body.triggered_date.as_ref().and_then(|date| date.text.as_deref()) {
        findings.extend(judge_date(date, event == Some("Test"), received_at, now));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_in_another_encoding_still_shows_its_event() {
        // Ż in Windows-1250.
        let body = b"{\"event\":\"Test\",\"triggeredDate\":\"2026-03-01T17:42:09Z\",\"data\":{\"n\":\"\xaf\"}}";
        let now = "2026-03-01T17:42:10Z".parse().unwrap();
        let capture = Capture::received([], [], now, body);
        let examination = Examiner::new(&[], now).examine(&capture);
        assert_eq!(examination.event.as_deref(), Some("Test"));
        let found = examination.findings.iter().find(|one| one.id == "body-not-json").unwrap();
        assert!(found.message.contains("not in UTF-8"), "{}", found.message);
    }

    #[test]
    fn the_hash_is_of_the_value_not_of_its_spelling() {
        let keys = RandomState::new();
        let hash = |text| ParsedBody::of(text, &keys).unwrap().hash;
        for (left, right) in [
            ("{\"a\":1,\"b\":[2,3]}", " { \"b\" : [ 2 , 3 ],\n\t\"a\" : 1.0 } "),
            ("\"\\u0142/\"", "\"ł\\/\""),
            ("100", "1e2"),
            ("-0", "0"),
        ] {
            assert_eq!(hash(left), hash(right), "{left} {right}");
        }
        let texts = [
            "1",
            "2",
            "\"1\"",
            "null",
            "\"null\"",
            "true",
            "false",
            "[]",
            "{}",
            "[[]]",
            "[{}]",
            "[1,2]",
            "[2,1]",
            "[[1],2]",
            "[[1,2]]",
            "{\"a\":1}",
            "{\"a\":2}",
            "{\"b\":1}",
            "{\"a\":{\"b\":1}}",
            "{\"a\":1,\"b\":2}",
            "{\"a\":2,\"b\":1}",
            "{\"a\":1,\"a\":1}",
        ];
        let hashes: std::collections::HashSet<_> = texts.iter().map(|text| hash(text)).collect();
        assert_eq!(hashes.len(), texts.len());
    }
}
