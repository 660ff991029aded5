//! The numbers of a report are true: percentiles against a target's own clock, the pace against
//! the schedule. How close they are on a quiet machine is shown by `benches/accuracy.py`; what is
//! asserted here holds on a busy one, too.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::OK;
use crate::exact::{Exact, percentile};
use crate::keeping::{Keeping, say};
use crate::support::run;

/// A time of the report in seconds.
fn seconds(milliseconds: &Value) -> f64 {
    milliseconds.as_f64().unwrap() / 1000.0
}

/// Three digits are kept of a time, in whole microseconds.
fn at_least(reported: f64, least: f64) -> bool {
    reported >= least * 0.999 - 2e-6
}

fn at_most(reported: f64, most: f64) -> bool {
    reported <= most * 1.001 + 2e-6
}

#[test]
fn percentiles_are_those_of_the_targets_own_clock() {
    let delay = |n| Duration::from_millis(if n % 50 == 49 { 200 } else { 20 });
    let target = Exact::new(delay);
    let url = format!("http://{}/", target.address);
    let args = ["send", "Test", "--no-record", "--url", &url, "--format", "json"];
    let start = Instant::now();
    let json = run(args.iter().chain(&["--count", "400", "--concurrency", "4"])).exits(0).json();
    let truth = target.truth(start);
    assert_eq!(truth.least.len(), 400);
    for (name, percent) in [("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99), ("max", 100)] {
        let reported = seconds(&json["latencyMs"][name]);
        let least = percentile(&truth.least, percent).as_secs_f64();
        let most = percentile(&truth.most, percent).as_secs_f64();
        assert!(
            at_least(reported, least) && at_most(reported, most),
            "{name}: {reported} s is not between {least} s and {most} s"
        );
    }
    // The target did what it should: without that, the above says little.
    let slow = percentile(&truth.least, 99);
    assert!(slow >= Duration::from_millis(200) && percentile(&truth.least, 50) < slow);
}

#[test]
fn a_drip_counts_to_its_last_byte() {
    const DRIPS: u32 = 10;
    let times = std::sync::Arc::new(Mutex::new(Vec::new()));
    let own = times.clone();
    let target = Keeping::with(move |stream, _, _| {
        let start = Instant::now();
        say(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
        for _ in 1..DRIPS {
            say(stream, b"x");
            thread::sleep(Duration::from_millis(10));
        }
        own.lock().unwrap().push(start.elapsed());
        say(stream, b"x")
    });
    let url = target.url();
    let args = ["send", "Test", "--no-record", "--url", &url, "--count", "20", "--format", "json"];
    let json = run(args.iter().chain(&["--concurrency", "5"])).exits(0).json();
    let mut times = times.lock().unwrap().clone();
    times.sort();
    assert_eq!(times.len(), 20);
    for (name, percent) in [("min", 0), ("p50", 50), ("max", 100)] {
        let least = percentile(&times, percent).as_secs_f64();
        assert!(at_least(seconds(&json["latencyMs"][name]), least), "{name} {least} {json}");
    }
    assert_eq!(json["receivedBytes"], 200);
}

#[test]
fn a_stall_shows_in_the_latencies_of_those_that_had_to_wait() {
    const RATE: f64 = 100.0;
    let stall = std::sync::Arc::new(Mutex::new(Duration::ZERO));
    let own = stall.clone();
    let target = Keeping::with(move |stream, _, number| {
        if number == 50 {
            let start = Instant::now();
            thread::sleep(Duration::from_secs(1));
            *own.lock().unwrap() = start.elapsed();
        }
        say(stream, OK)
    });
    // One connection: behind the stall, nothing can even be sent.
    let url = target.url();
    let args = ["send", "Test", "--no-record", "--url", &url, "--format", "json"];
    let load = ["--count", "300", "--rate", "100/s", "--concurrency", "1"];
    let json = run(args.iter().chain(&load)).exits(0).json();
    let stall = stall.lock().unwrap().as_secs_f64();
    // The request that the target stalled on was due before it came, the one n after it n/RATE
    // later, and none of them got a response before the stall was over.
    let mut least: Vec<Duration> = (0..250)
        .map(|n| Duration::try_from_secs_f64(stall - f64::from(n) / RATE))
        .map(Result::unwrap_or_default)
        .collect();
    least.extend([Duration::ZERO; 50]);
    least.sort();
    assert_eq!(least.len(), 300);
    for (name, percent) in [("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99), ("max", 100)] {
        let (reported, least) = (seconds(&json["latencyMs"][name]), percentile(&least, percent));
        assert!(at_least(reported, least.as_secs_f64()), "{name}: {reported} < {least:?}");
    }
    assert!(percentile(&least, 90) > Duration::from_millis(600), "{least:?}");
    // All that were due in the stall but for its last 10 ms started late, and it is said.
    assert!(json["lateStarts"].as_u64().unwrap() >= 98, "{json}");
}
