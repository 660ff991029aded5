//! The delivery loop with a transport and a clock of the tests' own: no network, no waiting.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use chrono::{DateTime, Utc};
use pgwh::delivery::{
    Attempt, AttemptOutcome, Backoff, Clock, Delivery, DeliveryVerdict, Response, RetryOn,
    RetryPolicy, SendMode, Timings, Transport, deliver,
};
use pgwh::pgm::{RequestId, Secret, SignedRequest};

/// Returns one scripted outcome after the other, and keeps the requests.
struct Script {
    outcomes: Vec<(AttemptOutcome, Option<u16>)>,
    sent: RefCell<Vec<SignedRequest>>,
}

impl Transport for Script {
    async fn attempt(&self, request: &SignedRequest, n: u32, at: DateTime<Utc>) -> Attempt {
        let (outcome, status) = self.outcomes[n as usize - 1];
        self.sent.borrow_mut().push(request.clone());
        Attempt {
            n,
            started_at: at,
            outcome,
            reached: !matches!(
                outcome,
                AttemptOutcome::Dns | AttemptOutcome::Refused | AttemptOutcome::Tls
            ),
            elapsed: Duration::from_millis(1),
            timings: Timings::default(),
            response: status.map(|status| Response {
                status,
                version: "HTTP/1.1".into(),
                headers: vec![],
                text: String::new(),
                bytes: 0,
                truncated: false,
            }),
            error: None,
        }
    }
}

/// A clock that moves only by being slept on.
struct FakeClock {
    now: Cell<DateTime<Utc>>,
    slept: RefCell<Vec<Duration>>,
}

impl Clock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        self.now.get()
    }

    async fn sleep(&self, duration: Duration) {
        self.now.set(self.now.get() + duration);
        self.slept.borrow_mut().push(duration);
    }
}

const OK: (AttemptOutcome, Option<u16>) = (AttemptOutcome::Responded, Some(200));
const BUSY: (AttemptOutcome, Option<u16>) = (AttemptOutcome::Responded, Some(503));
const GONE: (AttemptOutcome, Option<u16>) = (AttemptOutcome::Responded, Some(410));
const REFUSED: (AttemptOutcome, Option<u16>) = (AttemptOutcome::Refused, None);
const LATE: (AttemptOutcome, Option<u16>) = (AttemptOutcome::TimedOut, None);

fn play(plan: SendMode, outcomes: &[(AttemptOutcome, Option<u16>)]) -> (Delivery, Vec<Duration>) {
    let script = Script { outcomes: outcomes.to_vec(), sent: RefCell::default() };
    let clock = FakeClock {
        now: Cell::new("2026-03-01T12:00:00Z".parse().unwrap()),
        slept: RefCell::default(),
    };
    let secret = Secret::new("s").unwrap();
    let request = SignedRequest::new(RequestId::new("1").unwrap(), &secret, b"{}".to_vec());
    let mut told = Vec::new();
    let delivery = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(deliver(&script, &clock, &request, &plan, |attempt, _| told.push(attempt.n)));
    assert_eq!(told, (1..=delivery.attempts.len() as u32).collect::<Vec<_>>());
    assert!(script.sent.borrow().iter().all(|sent| *sent == request), "the same bytes each time");
    (delivery, clock.slept.into_inner())
}

fn retry(retries: u32, backoff: Backoff, retry_on: &[RetryOn]) -> SendMode {
    let delay = Duration::from_secs(1);
    SendMode::Retry(RetryPolicy { retries, delay, backoff, retry_on: retry_on.to_vec() })
}

#[test]
fn retries_until_a_success_and_not_beyond() {
    let plan = retry(5, Backoff::Fixed, &[RetryOn::Failure]);
    let (delivery, slept) = play(plan, &[BUSY, LATE, OK, BUSY]);
    assert_eq!((delivery.verdict, delivery.attempts.len()), (DeliveryVerdict::Delivered, 3));
    assert_eq!(slept, [Duration::from_secs(1); 2]);
    let starts: Vec<_> = delivery.attempts.iter().map(|a| a.started_at.timestamp()).collect();
    assert_eq!((starts[1] - starts[0], starts[2] - starts[1]), (1, 1));
}

#[test]
fn gives_up_after_the_retries() {
    let (delivery, slept) = play(retry(2, Backoff::Exponential, &[RetryOn::Failure]), &[BUSY; 3]);
    assert_eq!((delivery.verdict, delivery.attempts.len()), (DeliveryVerdict::Failed, 3));
    assert_eq!(slept, [Duration::from_secs(1), Duration::from_secs(2)]);
}

#[test]
fn a_target_that_was_reached_once_is_not_unreachable() {
    let plan = || retry(1, Backoff::Fixed, &[RetryOn::Failure]);
    assert_eq!(play(plan(), &[BUSY, REFUSED]).0.verdict, DeliveryVerdict::Failed);
    assert_eq!(play(plan(), &[REFUSED, REFUSED]).0.verdict, DeliveryVerdict::Unreachable);
    assert_eq!(play(plan(), &[REFUSED, OK]).0.verdict, DeliveryVerdict::Delivered);
}

#[test]
fn only_the_chosen_failures_are_retried() {
    for (kind, outcome, other) in [
        ("timeout", LATE, BUSY),
        ("unreachable", REFUSED, LATE),
        ("broken", (AttemptOutcome::Broken, None), BUSY),
        ("5xx", BUSY, GONE),
        ("4xx", GONE, BUSY),
        ("410", GONE, BUSY),
    ] {
        let plan = || retry(1, Backoff::Fixed, &[kind.parse().unwrap()]);
        assert_eq!(play(plan(), &[outcome, OK]).0.attempts.len(), 2, "{kind}");
        assert_eq!(play(plan(), &[other, OK]).0.attempts.len(), 1, "{kind}");
    }
    for bad in ["", "200", "6xx", "99", "600", "never"] {
        assert!(bad.parse::<RetryOn>().is_err(), "{bad}");
    }
}

#[test]
fn repeats_go_on_whatever_the_response_and_all_must_succeed() {
    for plan in [SendMode::Repeat(4), SendMode::RepeatAtOnce(4)] {
        let (delivery, slept) = play(plan.clone(), &[OK, BUSY, OK, OK]);
        assert_eq!((delivery.verdict, delivery.attempts.len()), (DeliveryVerdict::Failed, 4));
        assert!(slept.is_empty());
        assert_eq!(play(plan, &[OK; 4]).0.verdict, DeliveryVerdict::Delivered);
    }
}
