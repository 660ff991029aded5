//! Which answer a request gets. Pure: the one who asks knows which request it is.

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

/// The rules of answering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What is said when no rule says otherwise.
    pub usual: Plan,
    /// What is said when a call is to fail.
    pub failing: Plan,
    /// How many calls of each request id are to fail before one succeeds.
    pub fail_first: u32,
}

impl Policy {
    /// Always the same.
    pub fn always(plan: Plan) -> Self {
        Self { failing: plan.clone(), usual: plan, fail_first: 0 }
    }

    /// The plan for a call.
    pub fn plan(&self, call: &Call<'_>) -> &Plan {
        if call.of_its_id <= self.fail_first { &self.failing } else { &self.usual }
    }
}
