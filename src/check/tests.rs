//! Responses for the tests of judgements; and whole runs against an in-memory target that records how
//! many requests it had at once.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;

use super::{
    CheckConfig, CheckReport, CheckStatus, ConnectionMode, ProbeRequest, ProbeResponse,
    ProbeTarget, Readiness, first_request, run,
};
use crate::delivery::{Attempt, AttemptOutcome, Clock, Response, Timings};
use crate::pgm::{RequestId, Secret};

pub(super) fn config() -> CheckConfig {
    CheckConfig::new(
        "http://localhost:3000/pgm".parse().unwrap(),
        Secret::new("s").unwrap(),
        "2026-03-01T17:42:09Z".parse().unwrap(),
    )
}

/// A whole response after 10 ms.
pub(super) fn responded(status: u16) -> ProbeResponse {
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

pub(super) fn timed_out() -> ProbeResponse {
    ProbeResponse { attempt: Some(attempt(AttemptOutcome::TimedOut, None)), ..responded(200) }
}

pub(super) fn after(response: ProbeResponse, ms: u64) -> ProbeResponse {
    let attempt = response.attempt.map(|a| Attempt { elapsed: Duration::from_millis(ms), ..a });
    ProbeResponse { attempt, ..response }
}

pub(super) fn with_header(response: ProbeResponse, name: &str, value: &str) -> ProbeResponse {
    changed(response, |response| response.headers.push((name.into(), value.into())))
}

pub(super) fn with_text(response: ProbeResponse, text: &str) -> ProbeResponse {
    changed(response, |response| response.text = text.into())
}

pub(super) fn cut_off(response: ProbeResponse, text: &str, bytes: u64) -> ProbeResponse {
    changed(with_text(response, text), |response| {
        (response.truncated, response.bytes) = (true, bytes)
    })
}

pub(super) fn with_version(response: ProbeResponse, version: &str) -> ProbeResponse {
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

/// Responds to every request with this status after this time, without really waiting.
struct FakeTarget {
    status: u16,
    ms: u64,
    in_flight: Cell<usize>,
    /// How many were in flight when each request began, itself included.
    together: RefCell<Vec<usize>>,
}

impl FakeTarget {
    fn new(status: u16, ms: u64) -> Self {
        Self { status, ms, in_flight: Cell::new(0), together: RefCell::default() }
    }

    /// The most requests that were in flight at once.
    fn peak(&self) -> usize {
        self.together.borrow().iter().copied().max().unwrap_or_default()
    }
}

impl ProbeTarget for FakeTarget {
    async fn send(&self, request: &ProbeRequest, _: DateTime<Utc>) -> ProbeResponse {
        self.in_flight.set(self.in_flight.get() + 1);
        self.together.borrow_mut().push(self.in_flight.get());
        // Lets every request that can begin do so before this one ends.
        let mut turns = 3;
        std::future::poll_fn(|context| {
            turns -= 1;
            context.waker().wake_by_ref();
            if turns == 0 { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
        self.in_flight.set(self.in_flight.get() - 1);
        let response = after(responded(self.status), self.ms);
        let attempt = response.attempt.filter(|_| request.mode != ConnectionMode::CloseEarly);
        let (label, mode) = (request.label.clone(), request.mode);
        ProbeResponse { label, mode, attempt, ..responded(200) }
    }
}

struct FakeClock;

impl Clock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    async fn sleep(&self, _: Duration) {}
}

fn check(target: &FakeTarget, config: &CheckConfig) -> CheckReport {
    let mut n = 0;
    let mut ids = || {
        n += 1;
        RequestId::new(n.to_string()).unwrap()
    };
    let work = async {
        let request = first_request(config, &mut ids);
        let response = target.send(&request, FakeClock.now()).await;
        let first = (request, response);
        run(target, &FakeClock, config, &mut ids, Some(first), &mut |_| ()).await
    };
    // Nothing really waits, so polling it to the end takes no time.
    let mut work = Box::pin(work);
    loop {
        if let Some(report) = work.as_mut().now_or_never() {
            return report;
        }
    }
}

fn only(ids: &[&str]) -> CheckConfig {
    CheckConfig { only: ids.iter().map(|&id| id.to_owned()).collect(), ..config() }
}

#[test]
fn timed_requests_are_alone() {
    let target = FakeTarget::new(200, 10);
    check(&target, &only(&["within-5s"]));
    assert_eq!(*target.together.borrow(), [1; 5]);
}

#[test]
fn a_target_gets_as_many_requests_at_once_as_it_can_take() {
    let names: Vec<_> = crate::pgm::event_names().collect();
    let events = || names.iter().map(|&name| (name.to_owned(), serde_json::Value::Null)).collect();
    let serial = &["every-event"][..];
    let parallel = &["every-event", "four-at-once"];
    for (ms, ids, peak) in [
        (10, serial, 14),
        (600, serial, 4),
        (1000, serial, 2),
        (2400, serial, 1),
        (600, parallel, 14),
        (1000, parallel, 14),
        (4600, parallel, 14),
    ] {
        let target = FakeTarget::new(200, ms);
        let report = check(&target, &CheckConfig { events: events(), ..only(ids) });
        assert_eq!(
            (target.peak(), &report.readiness),
            (peak, &Readiness::Ready),
            "{ms} ms, {ids:?}"
        );
    }
}

#[test]
fn four_at_once_comes_before_the_others_and_the_burst_after_them() {
    let target = FakeTarget::new(200, 2000);
    check(&target, &CheckConfig { burst: Some(50), ..only(&["four-at-once", "burst", "unicode"]) });
    let together = target.together.borrow();
    assert_eq!(together[..9], [1, 1, 2, 3, 4, 1, 2, 1, 2]);
    assert_eq!(target.peak(), 50);
}

#[test]
fn nothing_is_sent_on_top_of_a_failure() {
    let target = FakeTarget::new(500, 10);
    let report = check(&target, &CheckConfig { burst: Some(50), ..config() });
    assert_eq!(target.together.borrow().len(), 1);
    assert_eq!((report.count(CheckStatus::Fail), &report.readiness), (1, &Readiness::NotReady));
}

#[test]
fn a_target_that_is_always_late_gets_two_requests() {
    let target = FakeTarget::new(200, 7000);
    let report = check(&target, &config());
    assert_eq!(target.together.borrow().len(), 2);
    assert_eq!((report.count(CheckStatus::Fail), &report.readiness), (1, &Readiness::NotReady));
}
