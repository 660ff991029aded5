//! Which response a request gets: by a script in TOML, for a share of failures, or the default.
//! Failures and delays are drawn from a seed, so that a run can be repeated. Pure: the script's text
//! is passed in.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Deserializer, de};

use super::{Reply, Response};

/// A response and when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponsePlan {
    /// What the client gets.
    pub reply: Reply,
    /// How long to wait before it, at least and at most.
    pub delay: (Duration, Duration),
}

impl From<Response> for ResponsePlan {
    /// Without a delay.
    fn from(response: Response) -> Self {
        Self { reply: Reply::Respond(response), delay: (Duration::ZERO, Duration::ZERO) }
    }
}

/// A plan for the requests that match everything that is set here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseRule {
    /// Their event.
    pub event: Option<String>,
    /// Their number in the run.
    request: Option<RangeInclusive<u64>>,
    /// Their number among those with the same id.
    attempt: Option<RangeInclusive<u64>>,
    /// What they get.
    plan: ResponsePlan,
}

/// How responses are chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponsePolicy {
    /// The first rule that matches decides, before everything else.
    pub script: Vec<ResponseRule>,
    /// How many attempts of each request id fail before one succeeds.
    pub fail_first: u32,
    /// The share of the other requests that fails: 0 to 1.
    pub fail_rate: f64,
    /// What a request gets that is to fail.
    pub failure: ResponsePlan,
    /// What all others get.
    pub default: ResponsePlan,
    /// Failures and delays are drawn from this number.
    pub seed: u64,
}

/// Where a plan comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanSource {
    /// A rule of the script matches.
    Script,
    /// The request is to fail.
    Failure,
    /// Nothing else applies.
    Default,
}

impl ResponsePolicy {
    /// Always the same.
    pub fn always(plan: ResponsePlan) -> Self {
        Self {
            script: Vec::new(),
            fail_first: 0,
            fail_rate: 0.0,
            failure: plan.clone(),
            default: plan,
            seed: 0,
        }
    }

    /// The plan for request number `n` of the run, which is number `attempt` of those with its id,
    /// and where the plan comes from. Both count from 1. `event` is what the body names.
    pub fn choose(&self, n: u64, attempt: u32, event: Option<&str>) -> (&ResponsePlan, PlanSource) {
        if let Some(rule) = self.script.iter().find(|rule| rule.matches(n, attempt, event)) {
            return (&rule.plan, PlanSource::Script);
        }
        let drawn = self.fail_rate > 0.0 && self.draws(n).f64() < self.fail_rate;
        if attempt <= self.fail_first || drawn {
            (&self.failure, PlanSource::Failure)
        } else {
            (&self.default, PlanSource::Default)
        }
    }

    /// How long request number `n` waits for its response.
    pub fn delay(&self, plan: &ResponsePlan, n: u64) -> Duration {
        let (least, most) = plan.delay;
        if least >= most {
            return least;
        }
        let mut draws = self.draws(n);
        // The first draw decides whether it fails.
        draws.f64();
        least + (most - least).mul_f64(draws.f64())
    }

    /// Random numbers that depend only on the seed and the request, not on the order in which
    /// requests are served.
    fn draws(&self, n: u64) -> fastrand::Rng {
        fastrand::Rng::with_seed(fastrand::Rng::with_seed(self.seed).u64(..) ^ n)
    }
}

impl ResponseRule {
    fn matches(&self, n: u64, attempt: u32, event: Option<&str>) -> bool {
        self.event.as_deref().is_none_or(|own| event == Some(own))
            && self.request.as_ref().is_none_or(|range| range.contains(&n))
            && self.attempt.as_ref().is_none_or(|range| range.contains(&attempt.into()))
    }
}

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
        let table = BTreeMap::<String, String>::deserialize(deserializer)?;
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

    fn sources(
        policy: &ResponsePolicy,
        requests: impl Iterator<Item = (u64, u32)>,
    ) -> Vec<PlanSource> {
        requests.map(|(n, attempt)| policy.choose(n, attempt, None).1).collect()
    }

    #[test]
    fn the_script_goes_before_failures_and_failures_before_the_default() {
        let plan = ResponsePlan::from(Response::ok());
        let rule =
            ResponseRule { event: None, request: Some(2..=2), attempt: None, plan: plan.clone() };
        let policy =
            ResponsePolicy { script: vec![rule], fail_first: 1, ..ResponsePolicy::always(plan) };
        assert_eq!(
            sources(&policy, [(1, 1), (2, 1), (3, 1), (4, 2)].into_iter()),
            [PlanSource::Failure, PlanSource::Script, PlanSource::Failure, PlanSource::Default]
        );
    }

    #[test]
    fn failures_follow_their_rate_and_their_seed() {
        let policy = |seed| ResponsePolicy {
            fail_rate: 0.2,
            seed,
            ..ResponsePolicy::always(Response::ok().into())
        };
        let run = |seed| sources(&policy(seed), (1..=10_000).map(|n| (n, 1)));
        let failures = run(7).iter().filter(|source| **source == PlanSource::Failure).count();
        assert!((1800..2200).contains(&failures), "{failures}");
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn a_delay_stays_within_its_bounds() {
        let (least, most) = (Duration::from_secs(1), Duration::from_secs(3));
        let plan = ResponsePlan { delay: (least, most), ..ResponsePlan::from(Response::ok()) };
        let policy = ResponsePolicy::always(plan);
        let delays: Vec<_> = (1..100).map(|n| policy.delay(&policy.default, n)).collect();
        assert!(delays.iter().all(|delay| (least..=most).contains(delay)));
        assert!(delays.iter().max() > delays.iter().min());
    }

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
