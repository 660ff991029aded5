//! Chooses the response to a request. Pure: failures and delays are drawn from a seed, so that a
//! run can be repeated.

use std::ops::RangeInclusive;
use std::time::Duration;

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
