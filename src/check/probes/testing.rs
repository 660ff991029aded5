//! Replies for the tests of judgements.

use std::time::Duration;

use super::super::{Manner, Reply, Setting};
use crate::delivery::{Attempt, AttemptOutcome, Response, Timings};
use crate::pgm::Secret;

pub(in crate::check) fn setting() -> Setting {
    Setting {
        url: "http://localhost:3000/pgm".parse().unwrap(),
        secret: Secret::new("s").unwrap(),
        headers: Vec::new(),
        now: "2026-03-01T17:42:09Z".parse().unwrap(),
        limit: Duration::from_secs(5),
        samples: 5,
        burst: None,
        events: Vec::new(),
        allow_url: false,
        require_signature: false,
        own_authority: false,
        only: Vec::new(),
        skip: Vec::new(),
        strict: false,
    }
}

/// A whole answer after 10 ms.
pub(in crate::check) fn answered(status: u16) -> Reply {
    let response = Response {
        status,
        version: "HTTP/1.1".to_owned(),
        headers: Vec::new(),
        text: String::new(),
        bytes: 0,
        truncated: false,
    };
    Reply {
        label: "call".to_owned(),
        manner: Manner::Whole,
        attempt: Some(attempt(AttemptOutcome::Responded, Some(response))),
        peer: None,
        reused: false,
    }
}

pub(in crate::check) fn timed_out() -> Reply {
    Reply { attempt: Some(attempt(AttemptOutcome::TimedOut, None)), ..answered(200) }
}

pub(in crate::check) fn after(reply: Reply, ms: u64) -> Reply {
    let attempt = reply.attempt.map(|a| Attempt { elapsed: Duration::from_millis(ms), ..a });
    Reply { attempt, ..reply }
}

pub(in crate::check) fn with_header(reply: Reply, name: &str, value: &str) -> Reply {
    changed(reply, |response| response.headers.push((name.into(), value.into())))
}

pub(in crate::check) fn with_text(reply: Reply, text: &str) -> Reply {
    changed(reply, |response| response.text = text.into())
}

pub(in crate::check) fn cut_off(reply: Reply, text: &str, bytes: u64) -> Reply {
    changed(with_text(reply, text), |response| (response.truncated, response.bytes) = (true, bytes))
}

pub(in crate::check) fn with_version(reply: Reply, version: &str) -> Reply {
    changed(reply, |response| response.version = version.into())
}

fn changed(mut reply: Reply, change: impl FnOnce(&mut Response)) -> Reply {
    change(reply.attempt.as_mut().unwrap().response.as_mut().unwrap());
    reply
}

fn attempt(outcome: AttemptOutcome, response: Option<Response>) -> Attempt {
    Attempt {
        n: 1,
        started_at: "2026-03-01T17:42:09Z".parse().unwrap(),
        outcome,
        reached: true,
        elapsed: Duration::from_millis(10),
        timings: Timings::default(),
        response,
        error: None,
    }
}
