//! What the receiver responds, and how that is chosen: from a script, a share of failures, or the
//! default. Failures and delays are drawn from a seed, so that a run can be repeated.

use std::convert::Infallible;
use std::ops::RangeInclusive;
use std::time::Duration;

use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::StatusCode;
use hyper::body::{Bytes, Frame};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};

/// The body of a response as hyper sends it.
pub(super) type ResponseBody = UnsyncBoxBody<Bytes, Infallible>;

/// The shortest pause between two pieces of a slow body: timers are not much finer.
const MIN_PAUSE: Duration = Duration::from_millis(5);

/// Characters of a response that PGM keeps and shows.
const MAX_SHOWN_RESPONSE: usize = 1000;

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It gets this response.
    Respond(Response),
    /// The connection is closed without a response.
    Drop,
}

/// A response that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers; length and date are added to them.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Bytes,
    /// Spread the body over this time.
    pub drip: Option<Duration>,
}

impl Response {
    /// A status with a plain text.
    pub fn text(status: StatusCode, text: impl Into<Bytes>) -> Self {
        let plain = (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        Self { status, headers: vec![plain], body: text.into(), drip: None }
    }

    /// 200 and `Ok`: what PGM's help page suggests.
    pub fn ok() -> Self {
        Self::text(StatusCode::OK, "Ok")
    }

    /// Sets a header, in place of one of that name.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value));
        self
    }

    /// The start of the body as text: as much as PGM keeps of a response.
    pub fn first_characters(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(MAX_SHOWN_RESPONSE).collect()
    }

    pub(super) fn into_hyper(self) -> hyper::Response<ResponseBody> {
        let length = self.body.len();
        let body = match self.drip {
            Some(time) => drip(self.body, time),
            None => Full::new(self.body).boxed_unsync(),
        };
        let mut response = hyper::Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if self.drip.is_some() && self.status != StatusCode::NO_CONTENT {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        response
    }
}

/// A body that is sent byte by byte over this time, or in larger pieces where the pauses would be
/// too short.
fn drip(body: Bytes, time: Duration) -> ResponseBody {
    let most = usize::try_from(time.as_millis() / MIN_PAUSE.as_millis()).unwrap_or(usize::MAX);
    let count = body.len().clamp(1, most.max(1));
    let pause = time / u32::try_from(count).unwrap_or(u32::MAX);
    let size = body.len().div_ceil(count);
    let pieces = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok(Frame::data(piece)), rest))
    });
    StreamBody::new(pieces).boxed_unsync()
}

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

/// What responses are chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestInfo<'a> {
    /// 1-based count of requests in the run.
    pub n: u64,
    /// 1-based count of requests with the same id.
    pub attempt: u32,
    /// The event, if the body names one.
    pub event: Option<&'a str>,
}

/// A plan for the requests that match everything that is set here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseRule {
    /// Their event.
    pub event: Option<String>,
    /// Their number in the run.
    pub request: Option<RangeInclusive<u64>>,
    /// Their number among those with the same id.
    pub attempt: Option<RangeInclusive<u64>>,
    /// What they get.
    pub plan: ResponsePlan,
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

    /// The plan for a request, and where it comes from.
    pub fn choose(&self, request: &RequestInfo<'_>) -> (&ResponsePlan, PlanSource) {
        if let Some(rule) = self.script.iter().find(|rule| rule.matches(request)) {
            return (&rule.plan, PlanSource::Script);
        }
        let drawn = self.fail_rate > 0.0 && self.draws(request.n).f64() < self.fail_rate;
        if request.attempt <= self.fail_first || drawn {
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
    fn matches(&self, request: &RequestInfo<'_>) -> bool {
        let attempt = u64::from(request.attempt);
        self.event.as_deref().is_none_or(|event| request.event == Some(event))
            && self.request.as_ref().is_none_or(|range| range.contains(&request.n))
            && self.attempt.as_ref().is_none_or(|range| range.contains(&attempt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(
        policy: &ResponsePolicy,
        requests: impl Iterator<Item = (u64, u32)>,
    ) -> Vec<PlanSource> {
        let info = |(n, attempt)| RequestInfo { n, attempt, event: None };
        requests.map(|request| policy.choose(&info(request)).1).collect()
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
}
