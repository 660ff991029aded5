//! Reads a script of responses in TOML. Pure: the text is passed in.

use std::ops::RangeInclusive;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Deserializer, de};

use super::{Reply, Response, ResponsePlan, ResponseRule};

/// The longest delay: a year.
const MAX_DELAY: Duration = Duration::from_secs(365 * 24 * 60 * 60);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    response: Vec<ScriptEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptEntry {
    event: Option<String>,
    request: Option<Numbers>,
    attempt: Option<Numbers>,
    status: Option<ScriptStatus>,
    body: Option<String>,
    #[serde(default)]
    headers: ScriptHeaders,
    #[serde(default, deserialize_with = "delay")]
    delay: (Duration, Duration),
    #[serde(default, deserialize_with = "drip")]
    drip: Option<Duration>,
    #[serde(default)]
    drop: bool,
}

/// Reads a script: a list of `[[response]]`. The first that matches a request decides.
///
/// # Errors
/// When the text is not such a list; the error has line and column.
pub fn parse_script(text: &str) -> Result<Vec<ResponseRule>, toml_edit::de::Error> {
    let script: Script = toml_edit::de::from_str(text)?;
    Ok(script.response.into_iter().map(ResponseRule::from).collect())
}

/// Reads `500ms`, or `1s..3s` for a time between the two.
///
/// # Errors
/// What is expected, in words.
pub fn parse_delay(text: &str) -> Result<(Duration, Duration), String> {
    let one = |text: &str| match humantime::parse_duration(text.trim()) {
        Ok(delay) if delay <= MAX_DELAY => Ok(delay),
        Ok(_) | Err(humantime::DurationError::NumberOverflow) => {
            Err("expected at most 365d".to_owned())
        }
        Err(_) => Err("expected a time such as 6s or 500ms, or two as in 1s..3s".to_owned()),
    };
    let (least, most) = match text.split_once("..") {
        Some((least, most)) => (one(least)?, one(most)?),
        None => (one(text)?, one(text)?),
    };
    if least > most {
        return Err(format!("{text} ends before it starts"));
    }
    Ok((least, most))
}

impl From<ScriptEntry> for ResponseRule {
    fn from(entry: ScriptEntry) -> Self {
        let status = entry.status.map_or(StatusCode::OK, |status| status.0);
        let body = entry.body.unwrap_or_else(|| default_text(status));
        let mut response = Response::text(status, body);
        for (name, value) in entry.headers.0 {
            response = response.header(name, value);
        }
        response.drip = entry.drip;
        let reply = if entry.drop { Reply::Drop } else { Reply::Respond(response) };
        Self {
            event: entry.event,
            request: entry.request.map(|numbers| numbers.0),
            attempt: entry.attempt.map(|numbers| numbers.0),
            plan: ResponsePlan { reply, delay: entry.delay },
        }
    }
}

/// The body of a response that has none of its own.
pub fn default_text(status: StatusCode) -> String {
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
        enum NumberOrText {
            Number(u64),
            Text(String),
        }
        let text = match NumberOrText::deserialize(deserializer)? {
            NumberOrText::Number(number) => number.to_string(),
            NumberOrText::Text(text) => text,
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

struct ScriptStatus(StatusCode);

impl<'de> Deserialize<'de> for ScriptStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u16::deserialize(deserializer)?;
        parse_status(number).map(Self).map_err(de::Error::custom)
    }
}

/// Checks the status of a final response.
///
/// # Errors
/// What is expected, in words.
pub fn parse_status(number: u16) -> Result<StatusCode, String> {
    let status = StatusCode::from_u16(number).ok().filter(|_| (200..=599).contains(&number));
    status.ok_or_else(|| format!("{number} is not the status of a response: 200 to 599"))
}

#[derive(Default)]
struct ScriptHeaders(Vec<(HeaderName, HeaderValue)>);

impl<'de> Deserialize<'de> for ScriptHeaders {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = std::collections::BTreeMap::<String, String>::deserialize(deserializer)?;
        let fields = table.into_iter().map(|(name, value)| {
            let bad =
                || de::Error::custom(format!("{name:?} with {value:?} is not a valid header"));
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
            [[response]]
            event = "Test"
            request = "2..4"
            attempt = 1
            status = 429
            headers = { Retry-After = "2" }
            delay = "1s..3s"
            drip = "10s"

            [[response]]
            drop = true
            "#,
        )
        .unwrap();
        let rule = &rules[0];
        assert_eq!((rule.request.clone(), rule.attempt.clone()), (Some(2..=4), Some(1..=1)));
        assert_eq!(rule.plan.delay, (Duration::from_secs(1), Duration::from_secs(3)));
        let Reply::Respond(response) = &rule.plan.reply else { panic!("{rule:?}") };
        assert_eq!(
            (response.status.as_u16(), &response.body[..]),
            (429, &b"Too Many Requests"[..])
        );
        assert_eq!(response.drip, Some(Duration::from_secs(10)));
        assert_eq!(rules[1].plan.reply, Reply::Drop);
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, word) in [
            ("[[response]]\nstatus = 42", "42 is not the status"),
            ("[[response]]\nrequest = 0", "from 1"),
            ("[[response]]\nrequest = \"4..2\"", "from 1"),
            ("[[response]]\ndelay = \"soon\"", "such as 6s"),
            ("[[response]]\ndelay = \"1s..18446744073709551615s\"", "at most 365d"),
            ("[[response]]\ndelay = \"3s..1s\"", "before it starts"),
            ("[[response]]\nstauts = 200", "stauts"),
            ("status = 200", "status"),
            ("[[response]]\nheaders = { \"a b\" = \"\" }", "not a valid header"),
        ] {
            let error = parse_script(text).unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
