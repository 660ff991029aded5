//! `--rate`: nothing starts before its time, and as much as there should be.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::OK;
use crate::keeping::Keeping;
use crate::support::run;

/// Sends at a rate to a target that responds at once; returns the report, and how long after the
/// command each request came.
fn paced(load: [&str; 4]) -> (Value, Vec<Duration>) {
    let target = Keeping::new(|_| (OK, 0));
    let url = target.url();
    let args = ["send", "Test", "--no-record", "--url", &url, "--format", "json"];
    let start = Instant::now();
    let json = run(args.iter().chain(&load)).exits(0).json();
    let arrivals = target.arrivals();
    (json, arrivals.into_iter().map(|at| at - start).collect())
}

/// Asserts that the last request ended no later than it was due and took; times in milliseconds.
#[track_caller]
fn assert_ended_in_time(json: &Value, last_due: f64) {
    let (elapsed, max) = (&json["elapsedMs"], &json["latencyMs"]["max"]);
    let most = last_due + max.as_f64().unwrap() * 1.001 + 0.1;
    assert!((last_due..=most).contains(&elapsed.as_f64().unwrap()), "{json}");
}

#[test]
fn requests_start_at_their_rate() {
    let (json, arrivals) = paced(["--count", "101", "--rate", "100/s"]);
    assert_eq!(arrivals.len(), 101);
    for (n, at) in (0_u32..).zip(&arrivals) {
        assert!(*at >= Duration::from_millis(10) * n, "request {n} came after {at:?}");
    }
    assert_ended_in_time(&json, 1000.0);
    assert_eq!(json["config"]["rate"], serde_json::json!({"from": 100.0, "to": 100.0}));
}

#[test]
fn a_rate_grows_evenly() {
    // (20 + 180) / 2 requests a second for 1 second.
    let (json, arrivals) = paced(["--duration", "1s", "--rate", "20/s..180/s"]);
    assert_eq!((json["requests"].as_u64(), arrivals.len()), (Some(100), 100));
    // 20·t + 160·t²/2 requests are due by t.
    let due = |n: f64| (-20.0 + (20.0_f64.powi(2) + 2.0 * 160.0 * n).sqrt()) / 160.0;
    for (n, at) in (0_u32..).zip(&arrivals) {
        let due = due(f64::from(n));
        assert!(at.as_secs_f64() >= due, "request {n} came after {at:?}, due after {due} s");
    }
    assert_ended_in_time(&json, due(99.0) * 1000.0);
}

#[test]
fn what_waits_for_a_connection_is_late_and_waits_in_the_numbers() {
    let target = Keeping::new(|_| (OK, 100));
    let url = target.url();
    let args = ["send", "Test", "--no-record", "--url", &url, "--format", "json"];
    let load = ["--count", "40", "--rate", "100/s", "--concurrency", "4"];
    let json = run(args.iter().chain(&load)).exits(0).json();
    assert_eq!(target.connections(), 4);
    // Four of them every 100 ms, each due 10 ms after the one before.
    let start = |n: i64| n / 4 * 100 - n * 10;
    let late = (0..40).filter(|n| start(*n) > 10).count() as u64;
    assert!(late > 30 && json["lateStarts"].as_u64().unwrap() >= late, "{late} {json}");
    let mean = (0..40).map(|n| (start(n) + 100) as f64).sum::<f64>() / 40.0;
    assert!(mean > 300.0 && json["latencyMs"]["mean"].as_f64().unwrap() >= mean * 0.999, "{json}");
}
