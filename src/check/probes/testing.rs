//! Responses for the tests of judgements.

use std::time::Duration;

use super::super::{CheckConfig, ConnectionMode, ProbeResponse};
use crate::delivery::{Attempt, AttemptOutcome, Response, Timings};
use crate::pgm::Secret;

pub(in crate::check) fn config() -> CheckConfig {
    CheckConfig::new(
        "http://localhost:3000/pgm".parse().unwrap(),
        Secret::new("s").unwrap(),
        "2026-03-01T17:42:09Z".parse().unwrap(),
    )
}

/// A whole response after 10 ms.
pub(in crate::check) fn responded(status: u16) -> ProbeResponse {
    let response = Response {
        status,
        version: "HTTP/1.1".to_owned(),
        headers: Vec::new(),
        text: String::new(),
        bytes: 0,
        truncated: false,
    };
    ProbeResponse {
        label: "request".to_owned(),
        mode: ConnectionMode::New,
        attempt: Some(attempt(AttemptOutcome::Responded, Some(response))),
        peer: None,
        reused: false,
    }
}

pub(in crate::check) fn timed_out() -> ProbeResponse {
    ProbeResponse { attempt: Some(attempt(AttemptOutcome::TimedOut, None)), ..responded(200) }
}

pub(in crate::check) fn after(response: ProbeResponse, ms: u64) -> ProbeResponse {
    let attempt = response.attempt.map(|a| Attempt { elapsed: Duration::from_millis(ms), ..a });
    ProbeResponse { attempt, ..response }
}

pub(in crate::check) fn with_header(
    response: ProbeResponse,
    name: &str,
    value: &str,
) -> ProbeResponse {
    changed(response, |response| response.headers.push((name.into(), value.into())))
}

pub(in crate::check) fn with_text(response: ProbeResponse, text: &str) -> ProbeResponse {
    changed(response, |response| response.text = text.into())
}

pub(in crate::check) fn cut_off(response: ProbeResponse, text: &str, bytes: u64) -> ProbeResponse {
    changed(with_text(response, text), |response| {
        (response.truncated, response.bytes) = (true, bytes)
    })
}

pub(in crate::check) fn with_version(response: ProbeResponse, version: &str) -> ProbeResponse {
    changed(response, |response| response.version = version.into())
}

fn changed(mut response: ProbeResponse, change: impl FnOnce(&mut Response)) -> ProbeResponse {
    change(response.attempt.as_mut().unwrap().response.as_mut().unwrap());
    response
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
