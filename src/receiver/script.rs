//! A script of answers, in TOML. Pure: the text is passed in.

use std::ops::RangeInclusive;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Deserializer, de};

use super::{Answer, Plan, Reply, Rule};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    answer: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    event: Option<String>,
    request: Option<Numbers>,
    call: Option<Numbers>,
    status: Option<Status>,
    body: Option<String>,
    #[serde(default)]
    headers: Headers,
    #[serde(default, deserialize_with = "delay")]
    delay: (Duration, Duration),
    #[serde(default, deserialize_with = "drip")]
    drip: Option<Duration>,
    #[serde(default)]
    drop: bool,
}

/// Reads a script: a list of `[[answer]]`, the first that fits a request decides.
///
/// # Errors
/// When the text is no such list; the error tells line and column.
pub fn parse_script(text: &str) -> Result<Vec<Rule>, toml_edit::de::Error> {
    let script: Script = toml_edit::de::from_str(text)?;
    Ok(script.answer.into_iter().map(Rule::from).collect())
}

/// Reads `500ms`, or `1s..3s` for a time between the two.
///
/// # Errors
/// What was expected, in words.
pub fn parse_delay(text: &str) -> Result<(Duration, Duration), String> {
    let one = |text: &str| {
        humantime::parse_duration(text.trim())
            .map_err(|_| "expected a time such as 6s or 500ms, or two as in 1s..3s".to_owned())
    };
    let (least, most) = match text.split_once("..") {
        Some((least, most)) => (one(least)?, one(most)?),
        None => (one(text)?, one(text)?),
    };
    if least > most {
        return Err(format!("{text} ends before it begins"));
    }
    Ok((least, most))
}

impl From<Entry> for Rule {
    fn from(entry: Entry) -> Self {
        let status = entry.status.map_or(StatusCode::OK, |status| status.0);
        let body = entry.body.unwrap_or_else(|| usual_text(status));
        let mut answer = Answer::text(status, body);
        for (name, value) in entry.headers.0 {
            answer = answer.header(name, value);
        }
        answer.drip = entry.drip;
        let reply = if entry.drop { Reply::Drop } else { Reply::Answer(answer) };
        Self {
            event: entry.event,
            request: entry.request.map(|numbers| numbers.0),
            call: entry.call.map(|numbers| numbers.0),
            plan: Plan { reply, delay: entry.delay },
        }
    }
}

/// What an answer says when nobody gave it a body.
pub fn usual_text(status: StatusCode) -> String {
    match status {
        StatusCode::OK => "Ok".to_owned(),
        other => other.canonical_reason().unwrap_or_default().to_owned(),
    }
}

/// `3`, `"3"`, `"2..4"` or `"2.."`.
struct Numbers(RangeInclusive<u64>);

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            One(u64),
            Text(String),
        }
        let text = match Form::deserialize(deserializer)? {
            Form::One(number) => number.to_string(),
            Form::Text(text) => text,
        };
        numbers(&text).map(Self).ok_or_else(|| {
            de::Error::custom("expected a number from 1, as in 3, or several, as in \"2..4\"")
        })
    }
}

fn numbers(text: &str) -> Option<RangeInclusive<u64>> {
    let (first, last) = match text.split_once("..") {
        Some((first, "")) => (first.parse().ok()?, u64::MAX),
        Some((first, last)) => (first.parse().ok()?, last.parse().ok()?),
        None => (text.parse().ok()?, text.parse().ok()?),
    };
    (0 < first && first <= last).then_some(first..=last)
}

struct Status(StatusCode);

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u16::deserialize(deserializer)?;
        parse_status(number).map(Self).map_err(de::Error::custom)
    }
}

/// A status that can end an exchange.
///
/// # Errors
/// What was expected, in words.
pub fn parse_status(number: u16) -> Result<StatusCode, String> {
    let status = StatusCode::from_u16(number).ok().filter(|_| (200..=599).contains(&number));
    status.ok_or_else(|| format!("{number} is no status of an answer, which is 200 to 599"))
}

#[derive(Default)]
struct Headers(Vec<(HeaderName, HeaderValue)>);

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = std::collections::BTreeMap::<String, String>::deserialize(deserializer)?;
        let fields = table.into_iter().map(|(name, value)| {
            let bad = || de::Error::custom(format!("no header can be {name:?} with {value:?}"));
            let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
            Ok((header, HeaderValue::from_str(&value).map_err(|_| bad())?))
        });
        fields.collect::<Result<_, D::Error>>().map(Self)
    }
}

fn delay<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(Duration, Duration), D::Error> {
    parse_delay(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

fn drip<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let (time, _) = delay(deserializer)?;
    Ok(Some(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_key() {
        let rules = parse_script(
            r#"
            [[answer]]
            event = "Test"
            request = "2..4"
            call = 1
            status = 429
            headers = { Retry-After = "2" }
            delay = "1s..3s"
            drip = "10s"

            [[answer]]
            drop = true
            "#,
        )
        .unwrap();
        let rule = &rules[0];
        assert_eq!((rule.request.clone(), rule.call.clone()), (Some(2..=4), Some(1..=1)));
        assert_eq!(rule.plan.delay, (Duration::from_secs(1), Duration::from_secs(3)));
        let Reply::Answer(answer) = &rule.plan.reply else { panic!("{rule:?}") };
        assert_eq!((answer.status.as_u16(), &answer.body[..]), (429, &b"Too Many Requests"[..]));
        assert_eq!(answer.drip, Some(Duration::from_secs(10)));
        assert_eq!(rules[1].plan.reply, Reply::Drop);
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, word) in [
            ("[[answer]]\nstatus = 42", "42 is no status"),
            ("[[answer]]\nrequest = 0", "from 1"),
            ("[[answer]]\nrequest = \"4..2\"", "from 1"),
            ("[[answer]]\ndelay = \"soon\"", "such as 6s"),
            ("[[answer]]\ndelay = \"3s..1s\"", "before it begins"),
            ("[[answer]]\nstauts = 200", "stauts"),
            ("status = 200", "status"),
            ("[[answer]]\nheaders = { \"a b\" = \"\" }", "no header"),
        ] {
            let error = parse_script(text).unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
