//! Which answer a request gets. Pure: the one who asks knows which request it is, and chance
//! is drawn from a seed, so that a run can be repeated.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::{Answer, Reply};

/// An answer and how it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What is said in the end.
    pub reply: Reply,
    /// How long to wait before it, at least and at most.
    pub delay: (Duration, Duration),
}

impl From<Answer> for Plan {
    /// At once.
    fn from(answer: Answer) -> Self {
        Self { reply: Reply::Answer(answer), delay: (Duration::ZERO, Duration::ZERO) }
    }
}

/// Which of all the requests it is that wants an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    /// Counted from 1 over the whole run.
    pub n: u64,
    /// Counted from 1 over the requests with the same id.
    pub of_its_id: u32,
    /// The event, where the body names one.
    pub event: Option<&'a str>,
}

/// A plan for some of the calls: those that fit everything that is given here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Their event.
    pub event: Option<String>,
    /// Their number in the run.
    pub request: Option<RangeInclusive<u64>>,
    /// Their number among those with the same id.
    pub call: Option<RangeInclusive<u64>>,
    /// What they get.
    pub plan: Plan,
}

/// The rules of answering.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The first rule that fits decides, before everything else.
    pub script: Vec<Rule>,
    /// How many calls of each request id are to fail before one succeeds.
    pub fail_first: u32,
    /// Which part of the other calls is to fail: 0 to 1.
    pub fail_rate: f64,
    /// What a call that is to fail gets.
    pub failing: Plan,
    /// What all others get.
    pub usual: Plan,
    /// Where chance comes from.
    pub seed: u64,
}

/// Why a call gets its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// A rule of the script fits.
    Script,
    /// It is to fail.
    Failing,
    /// Nothing else is said.
    Usual,
}

impl Policy {
    /// Always the same.
    pub fn always(plan: Plan) -> Self {
        Self {
            script: Vec::new(),
            fail_first: 0,
            fail_rate: 0.0,
            failing: plan.clone(),
            usual: plan,
            seed: 0,
        }
    }

    /// The plan for a call, and why it is this one.
    pub fn plan(&self, call: &Call<'_>) -> (&Plan, Because) {
        if let Some(rule) = self.script.iter().find(|rule| rule.fits(call)) {
            return (&rule.plan, Because::Script);
        }
        let by_chance = self.fail_rate > 0.0 && self.chance(call.n, 0) < self.fail_rate;
        if call.of_its_id <= self.fail_first || by_chance {
            (&self.failing, Because::Failing)
        } else {
            (&self.usual, Because::Usual)
        }
    }

    /// How long a call waits for its answer.
    pub fn delay(&self, plan: &Plan, n: u64) -> Duration {
        let (least, most) = plan.delay;
        match most.checked_sub(least) {
            Some(span) if !span.is_zero() => least + span.mul_f64(self.chance(n, 1)),
            _ => least,
        }
    }

    /// A number from 0 to 1, always the same for a seed, a call and a purpose: the order in
    /// which calls are served does not matter.
    fn chance(&self, n: u64, purpose: u64) -> f64 {
        let bits = mix(mix(self.seed ^ purpose.wrapping_shl(63)).wrapping_add(n));
        // A double holds 53 bits exactly.
        #[allow(clippy::cast_precision_loss)]
        let drawn = (bits >> 11) as f64;
        drawn / 9_007_199_254_740_992.0
    }
}

impl Rule {
    fn fits(&self, call: &Call<'_>) -> bool {
        self.event.as_deref().is_none_or(|event| call.event == Some(event))
            && self.request.as_ref().is_none_or(|range| range.contains(&call.n))
            && self.call.as_ref().is_none_or(|range| range.contains(&u64::from(call.of_its_id)))
    }
}

/// Spreads a number over all 64 bits; the constants are those of splitmix64.
fn mix(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(policy: &Policy, calls: impl Iterator<Item = (u64, u32)>) -> Vec<Because> {
        calls.map(|(n, of_its_id)| policy.plan(&Call { n, of_its_id, event: None }).1).collect()
    }

    #[test]
    fn the_script_goes_before_failures_and_failures_before_the_rest() {
        let plan = Plan::from(Answer::ok());
        let rule = Rule { event: None, request: Some(2..=2), call: None, plan: plan.clone() };
        let policy = Policy { script: vec![rule], fail_first: 1, ..Policy::always(plan) };
        assert_eq!(
            answers(&policy, [(1, 1), (2, 1), (3, 1), (4, 2)].into_iter()),
            [Because::Failing, Because::Script, Because::Failing, Because::Usual]
        );
    }

    #[test]
    fn chance_keeps_to_its_rate_and_to_its_seed() {
        let policy = |seed| Policy { fail_rate: 0.2, seed, ..Policy::always(Answer::ok().into()) };
        let run = |seed| answers(&policy(seed), (1..=10_000).map(|n| (n, 1)));
        let failures = run(7).iter().filter(|why| **why == Because::Failing).count();
        assert!((1800..2200).contains(&failures), "{failures}");
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn a_delay_lies_within_its_bounds() {
        let (least, most) = (Duration::from_secs(1), Duration::from_secs(3));
        let plan = Plan { delay: (least, most), ..Plan::from(Answer::ok()) };
        let policy = Policy::always(plan);
        let delays: Vec<_> = (1..100).map(|n| policy.delay(&policy.usual, n)).collect();
        assert!(delays.iter().all(|delay| (least..=most).contains(delay)));
        assert!(delays.iter().max() > delays.iter().min());
    }
}
