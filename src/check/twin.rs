//! An in-memory target: it answers by rule, and writes down what was under way together.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;

use super::probes::testing::{after, answered, setting};
use super::{Call, Fitness, Manner, Reply, Report, Setting, Target, Word, first_call, run};
use crate::check::First;
use crate::delivery::Clock;
use crate::pgm::RequestId;

/// Answers every call with this status after this time, without waiting for real.
struct Twin {
    status: u16,
    ms: u64,
    under_way: Cell<usize>,
    /// How many were under way when each call began, itself included.
    together: RefCell<Vec<usize>>,
}

impl Twin {
    fn new(status: u16, ms: u64) -> Self {
        Self { status, ms, under_way: Cell::new(0), together: RefCell::default() }
    }

    /// The most calls that were under way at once.
    fn peak(&self) -> usize {
        self.together.borrow().iter().copied().max().unwrap_or_default()
    }
}

impl Target for Twin {
    async fn call(&self, call: &Call, _: DateTime<Utc>) -> Reply {
        self.under_way.set(self.under_way.get() + 1);
        self.together.borrow_mut().push(self.under_way.get());
        // Lets every call that can begin do so before this one ends.
        let mut turns = 3;
        std::future::poll_fn(|context| {
            turns -= 1;
            context.waker().wake_by_ref();
            if turns == 0 { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
        self.under_way.set(self.under_way.get() - 1);
        let reply = after(answered(self.status), self.ms);
        let attempt = reply.attempt.filter(|_| call.manner != Manner::HangUp);
        Reply { label: call.label.clone(), manner: call.manner, attempt, ..answered(200) }
    }
}

struct NoTime;

impl Clock for NoTime {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    async fn sleep(&self, _: Duration) {}
}

fn check(twin: &Twin, setting: &Setting) -> Report {
    let mut n = 0;
    let mut ids = || {
        n += 1;
        RequestId::new(n.to_string()).unwrap()
    };
    let work = async {
        let call = first_call(setting, &mut ids);
        let reply = twin.call(&call, NoTime.now()).await;
        let first = First { request: call.request, reply };
        run(twin, &NoTime, setting, &mut ids, Some(first)).await
    };
    // Nothing waits for real, so polling it to the end takes no time.
    let mut work = Box::pin(work);
    loop {
        if let Some(report) = work.as_mut().now_or_never() {
            return report;
        }
    }
}

fn only(ids: &[&str]) -> Setting {
    Setting { only: ids.iter().map(|&id| id.to_owned()).collect(), ..setting() }
}

#[test]
fn timed_calls_are_alone() {
    let twin = Twin::new(200, 10);
    check(&twin, &only(&["within-5s"]));
    assert_eq!(*twin.together.borrow(), [1; 5]);
}

#[test]
fn a_target_gets_as_many_calls_at_once_as_it_can_bear() {
    let names: Vec<_> = crate::pgm::catalogue().collect();
    let events = || names.iter().map(|&name| (name.to_owned(), serde_json::Value::Null)).collect();
    let serial = &["every-event"][..];
    let parallel = &["every-event", "four-at-once"];
    for (ms, ids, peak) in [
        (10, serial, 14),
        (600, serial, 4),
        (1000, serial, 2),
        (2400, serial, 1),
        (600, parallel, 14),
        (1000, parallel, 8),
        (2400, parallel, 4),
    ] {
        let twin = Twin::new(200, ms);
        let report = check(&twin, &Setting { events: events(), ..only(ids) });
        assert_eq!((twin.peak(), &report.fitness), (peak, &Fitness::Fit), "{ms} ms, {ids:?}");
    }
}

#[test]
fn four_calls_are_made_at_once_before_and_the_burst_after_the_others() {
    let twin = Twin::new(200, 2000);
    check(&twin, &Setting { burst: Some(50), ..only(&["four-at-once", "burst", "unicode"]) });
    let together = twin.together.borrow();
    assert_eq!(together[..9], [1, 1, 2, 3, 4, 1, 2, 1, 2]);
    assert_eq!(twin.peak(), 50);
}

#[test]
fn nothing_is_sent_on_top_of_a_failure() {
    let twin = Twin::new(500, 10);
    let report = check(&twin, &Setting { burst: Some(50), ..setting() });
    assert_eq!(twin.together.borrow().len(), 1);
    assert_eq!((report.count(Word::Fail), &report.fitness), (1, &Fitness::Unfit));
}

#[test]
fn a_target_that_is_always_late_gets_two_calls() {
    let twin = Twin::new(200, 7000);
    let report = check(&twin, &setting());
    assert_eq!(twin.together.borrow().len(), 2);
    assert_eq!((report.count(Word::Fail), &report.fitness), (1, &Fitness::Unfit));
}
