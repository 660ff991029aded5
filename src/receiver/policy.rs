//! Which response a request gets: by a script in TOML, for a share of failures, or the default.
//! Failures and delays are drawn from a seed, so that a run can be repeated. Pure: the script's text
//! is passed in.

use std::ops::RangeInclusive;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use toml_edit::{Item, Table};

use super::{Reply, Response};
use crate::toml_file::{KnownTable, TomlFileError, TomlText};

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

const KEYS: [&str; 9] =
    ["event", "request", "attempt", "status", "body", "headers", "delay", "drip", "drop"];

/// Reads a script: a list of `[[response]]`. The first that matches a request decides.
///
/// # Errors
/// When the text is not such a list; the error has line and column.
pub fn parse_script(file: TomlText<'_>) -> Result<Vec<ResponseRule>, TomlFileError> {
    let document = file.document()?;
    let root = file.known("a script", document.as_table(), None, &["response"])?;
    let list = root.get("response").cloned().map(Item::into_array_of_tables);
    let Some(Ok(list)) = list else {
        let span = root.get("response").and_then(Item::span);
        let error = file.error(span, "a script is a list of responses");
        return Err(error.help("begin each with [[response]], in two brackets"));
    };
    let rule = |table: &Table| rule(&file.known("[[response]]", table, table.span(), &KEYS)?);
    list.iter().map(rule).collect()
}

fn rule(fields: &KnownTable<'_>) -> Result<ResponseRule, TomlFileError> {
    let text = |key| fields.get(key).map(|item| fields.text(key, item)).transpose();
    let delay = |key| fields.get(key).map(|item| fields.parsed(key, item, parse_delay)).transpose();
    let status = match fields.get("status") {
        Some(item) => {
            let number = item.as_integer().ok_or("status is a number, such as 503".to_owned());
            number.and_then(parse_status).map_err(|error| fields.error(item, error))?
        }
        None => StatusCode::OK,
    };
    let body = text("body")?.map_or_else(|| default_text(status), str::to_owned);
    let mut response = Response::text(status, body);
    for (name, value) in headers(fields)? {
        response = response.header(name, value);
    }
    response.drip = delay("drip")?.map(|(time, _)| time);
    let reply = if fields.flag("drop")? { Reply::Drop } else { Reply::Respond(response) };
    Ok(ResponseRule {
        event: text("event")?.map(str::to_owned),
        request: numbers(fields, "request")?,
        attempt: numbers(fields, "attempt")?,
        plan: ResponsePlan { reply, delay: delay("delay")?.unwrap_or_default() },
    })
}

fn headers(fields: &KnownTable<'_>) -> Result<Vec<(HeaderName, HeaderValue)>, TomlFileError> {
    let Some(item) = fields.get("headers") else { return Ok(Vec::new()) };
    let Some(table) = item.as_table_like() else {
        let error = fields.error(item, "headers holds names and values");
        return Err(error.help("as in headers = { Retry-After = \"2\" }"));
    };
    let header = |(name, item): (&str, &Item)| {
        let value = fields.text(name, item)?;
        let bad = || format!("{name:?} with {value:?} is not a valid header");
        let header = HeaderName::from_bytes(name.as_bytes()).ok();
        let header = header.zip(HeaderValue::from_str(value).ok());
        header.ok_or_else(|| fields.error(item, bad()))
    };
    table.iter().map(header).collect()
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

/// The body of a response that has none of its own.
pub fn default_text(status: StatusCode) -> String {
    match status {
        StatusCode::OK => "Ok".to_owned(),
        other => other.canonical_reason().unwrap_or_default().to_owned(),
    }
}

/// `3`, `"3"`, `"2..4"` or `"2.."`.
fn numbers(
    fields: &KnownTable<'_>,
    key: &str,
) -> Result<Option<RangeInclusive<u64>>, TomlFileError> {
    let Some(item) = fields.get(key) else { return Ok(None) };
    let text = item.as_str().map(str::to_owned);
    let text = text.or_else(|| item.as_integer().map(|number| number.to_string()));
    text.and_then(|text| range(&text)).map(Some).ok_or_else(|| {
        let text = "is a number from 1, as in 3, or several, as in \"2..4\"";
        fields.error(item, format!("{key} {text}"))
    })
}

fn range(text: &str) -> Option<RangeInclusive<u64>> {
    let (first, last) = match text.split_once("..") {
        Some((first, "")) => (first.parse().ok()?, u64::MAX),
        Some((first, last)) => (first.parse().ok()?, last.parse().ok()?),
        None => (text.parse().ok()?, text.parse().ok()?),
    };
    (0 < first && first <= last).then_some(first..=last)
}

/// Checks the status of a final response.
///
/// # Errors
/// What is expected, in words.
pub fn parse_status(number: i64) -> Result<StatusCode, String> {
    let status = u16::try_from(number).ok().filter(|number| (200..=599).contains(number));
    let status = status.and_then(|number| StatusCode::from_u16(number).ok());
    status.ok_or_else(|| format!("{number} is not the status of a response: 200 to 599"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

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

    fn script(text: &str) -> Result<Vec<ResponseRule>, TomlFileError> {
        parse_script(TomlText { path: Path::new("script.toml"), text })
    }

    #[test]
    fn reads_every_key() {
        let text = r#"
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
            "#;
        let rules = script(text).unwrap();
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
            ("response = 1", "script.toml:1:12: a script is a list of responses"),
            ("", "a script is a list of responses"),
            ("[[response]]\nstatus = \"x\"", "script.toml:2:10: status is a number"),
            ("[[response]]\nevent = 5", "script.toml:2:9: event is a text in quotes"),
            ("[[response]]\nrequest = true", "request is a number from 1"),
            ("[[response]]\nheaders = 5", "headers holds names and values"),
            ("[[response]]\nheaders = { a = 5 }", "a is a text in quotes"),
            ("[[response]]\ndrop = \"yes\"", "drop is true or false"),
            ("[[response]]\nheaders = { \"a b\" = \"\" }", "not a valid header"),
        ] {
            let error = script(text).unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
