//! What is sent, what is left out, and what decides the verdict.

use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::support::hook::{Hook, Hooked, good, respond};
use crate::support::{Ran, assert_matches_schema, pgwh, run};

/// Checks a target, asserting the exit code and that the JSON is as the schema says.
#[track_caller]
pub fn json(url: &str, args: &[&str], code: i32) -> Value {
    let json = run([&["check-target", url, "--format", "json"], args].concat()).exits(code).json();
    assert_matches_schema("check.schema.json", &json);
    json
}

/// The ids of the checks with this verdict.
pub fn ids<'a>(json: &'a Value, verdict: &str) -> Vec<&'a str> {
    let checks = json["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["verdict"] == verdict).map(|c| c["id"].as_str().unwrap()).collect()
}

#[test]
fn a_good_receiver_is_ready_without_a_warning() {
    let hook = Hook::new(good);
    let json = json(
        &hook.url(),
        &["--events", "all", "--strict", "--require-signature", "--burst", "8"],
        0,
    );
    assert_eq!(json["verdict"], "ready");
    assert_eq!((ids(&json, "fail"), ids(&json, "warn")), (vec![], vec![]), "{json:#}");
    assert_eq!(ids(&json, "skip"), ["https-443", "tls", "query-token"]);
    assert_eq!(json["summary"]["pass"], 22);
}

#[test]
fn only_test_is_sent_and_an_event_that_nobody_knows() {
    let hook = Hook::new(good);
    json(&hook.url(), &["--strict"], 0);
    let seen = hook.seen();
    let mut events: Vec<_> = seen.iter().map(Hooked::event).collect();
    events.sort_unstable();
    events.dedup();
    assert_eq!(events, ["PgwhEventOfTheFuture", "Test"]);
}

#[test]
fn every_event_is_sent_with_ids_that_belong_to_nobody() {
    let hook = Hook::new(good);
    json(&hook.url(), &["--events", "all"], 0);
    for event in pgwh::pgm::event_names() {
        let seen = hook.seen();
        let request = seen.iter().find(|request| request.event() == event).unwrap();
        assert!(request.is_genuine());
        for (key, value) in request.body["data"].as_object().unwrap() {
            let nobody = value == 999_999_999 || value == "99999999-9999-4999-8999-999999999999";
            assert!(!key.ends_with("Id") || nobody, "{event}.{key}: {value}");
        }
    }
}

#[test]
fn a_failed_prerequisite_is_one_failure_and_the_rest_is_skipped() {
    let hook = Hook::new(|_| respond(503, "down"));
    let json = json(&hook.url(), &["--events", "all", "--burst", "3", "--strict"], 1);
    assert_eq!(ids(&json, "fail"), ["answers-2xx"]);
    assert_eq!(ids(&json, "skip").len(), 24);
    assert_eq!(json["summary"]["text"], "not ready: 1 of 1 requirement failed");
    assert_eq!(hook.seen().len(), 1, "nothing is sent on top of it");
}

#[test]
fn many_checks_that_are_skipped_for_one_reason_are_one_line() {
    let hook = Hook::new(|_| respond(503, "down"));
    let human = run(["check-target", &hook.url()]).exits(1).stdout;
    assert!(human.contains("✗ answers-2xx"), "{human}");
    let skipped: Vec<_> = human.lines().filter(|line| line.contains("skipped")).collect();
    let shared = skipped.iter().filter(|line| line.contains("Test itself did not get a 2xx"));
    assert_eq!(shared.count(), 1, "{human}");
    assert!(skipped.iter().any(|line| line.contains("checks skipped:")), "{human}");
}

#[test]
fn a_target_that_is_always_late_gets_two_requests() {
    let hook = Hook::new(|request| {
        std::thread::sleep(Duration::from_millis(300));
        good(request)
    });
    let json = json(&hook.url(), &["--max-time", "100ms"], 1);
    assert_eq!(ids(&json, "fail"), ["within-5s"]);
    assert_eq!(hook.seen().len(), 2);
}

#[test]
fn a_prerequisite_that_was_not_selected_is_reported_when_it_fails() {
    let hook = Hook::new(|_| respond(500, ""));
    let json = json(&hook.url(), &["--only", "unicode"], 1);
    assert_eq!((ids(&json, "fail"), ids(&json, "skip")), (vec!["answers-2xx"], vec!["unicode"]));
}

#[test]
fn recommendations_count_when_asked_to() {
    let open = |_: &Hooked| respond(200, "Ok");
    let rejects =
        ["rejects-wrong-signature", "rejects-unsigned", "rejects-other-request-signature"];
    let lenient = json(&Hook::new(open).url(), &[], 0);
    assert_eq!(ids(&lenient, "fail"), rejects);
    assert_eq!(
        lenient["summary"]["text"],
        "ready for PGM, but lets anybody in: 4 requirements met, 3 recommendations not followed"
    );
    assert_eq!(lenient["letsAnybodyIn"], true);
    json(&Hook::new(open).url(), &["--strict"], 1);
    let required = json(&Hook::new(open).url(), &["--require-signature"], 1);
    assert_eq!(required["summary"]["text"], "not ready: 3 of 7 requirements failed");
    json(&Hook::new(open).url(), &["--strict", "--skip", &rejects.join(",")], 0);
}

#[test]
fn headers_go_with_every_request() {
    let hook = Hook::new(good);
    json(&hook.url(), &["--header", "X-Tenant: 7", "--burst", "2"], 0);
    assert!(hook.seen().iter().all(|r| r.headers.get("x-tenant").is_some_and(|v| v == "7")));
}

#[test]
fn what_cannot_be_understood_is_refused_before_anything_is_sent() {
    let hook = Hook::new(good);
    let url = hook.url();
    for (args, word) in [
        (&["--only", "four-at-onc"][..], "four-at-once"),
        (&["--only", "every-event"], "needs --events"),
        (&["--only", "unknown-member"], "needs --events"),
        (&["--only", "burst"], "needs --burst"),
        (&["--events", "ClassBooked"], "did you mean ClassesBooked?"),
        (&["--samples", "0"], "--samples"),
        (&["--burst", "5000"], "from 1 to 1000"),
        (&["--report", "pdf=x"], "formats: human, json, junit, github, markdown"),
        (&["--report", "json=/no/such/folder/x"], "cannot write"),
        (&["--explain", "tls"], "cannot be used with"),
    ] {
        let ran = run([&["check-target", &url], args].concat()).refused();
        assert!(ran.stderr.contains(word), "{args:?}: {}", ran.stderr);
    }
    run(["check-target"]).refused();
    assert_eq!(hook.seen().len(), 0);
}

#[test]
fn a_slow_target_that_copes_with_several_requests_is_checked_together() {
    let in_flight = Arc::new(AtomicUsize::new(0));
    let peak = Arc::new(AtomicUsize::new(0));
    let (now, most) = (in_flight, peak.clone());
    let hook = Hook::new(move |request| {
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(400));
        now.fetch_sub(1, Ordering::SeqCst);
        good(request)
    });
    json(&hook.url(), &["--max-time", "2s", "--samples", "2"], 0);
    let peak = peak.load(Ordering::SeqCst);
    assert!(peak > 8, "at most {peak} requests at once");
}

/// Accepts one request at a time and rejects others meanwhile.
#[test]
fn what_failed_among_others_is_asked_again_alone() {
    let busy = Arc::new(Mutex::new(()));
    let hook = Hook::new(move |request| {
        let Ok(_busy) = busy.try_lock() else { return respond(503, "one at a time") };
        std::thread::sleep(Duration::from_millis(20));
        good(request)
    });
    let json = json(&hook.url(), &["--skip", "four-at-once", "--strict"], 0);
    assert_eq!(ids(&json, "fail"), [""; 0], "{json:#}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_prints_the_checks_so_far() {
    let hook = Hook::new(|request| {
        if request.event() != "Test" {
            std::thread::sleep(Duration::from_secs(600));
        }
        good(request)
    });
    let child = pgwh(["check-target", &hook.url(), "--format", "json", "--timeout", "600s"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    while !hook.seen().iter().any(|request| request.event() != "Test") {
        std::thread::sleep(Duration::from_millis(10));
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap()).exits(130);
    let json = ran.json();
    assert_matches_schema("check.schema.json", &json);
    assert_eq!(json["verdict"], "interrupted");
    let passed = ids(&json, "pass");
    assert_eq!(passed[..2], ["answers-2xx", "within-5s"]);
    assert!(passed.contains(&"soft-failure") && !passed.contains(&"unknown-event"), "{passed:?}");
}

#[test]
fn a_check_that_checks_nothing_is_not_ready() {
    let hook = Hook::new(good);
    let url = hook.url();
    for args in [
        &["--only", "unicode", "--skip", "unicode"][..],
        &["--skip", "answers-2xx"],
        &["--only", "query-token", "--skip", "answers-2xx"],
    ] {
        let ran = run([&["check-target", &url], args].concat()).refused();
        assert!(ran.stderr.contains("--skip"), "{ran:?}");
    }
    assert!(hook.seen().is_empty());
    // TLS does not apply to http.
    let unchecked = json(&url, &["--only", "tls", "--strict"], 2);
    assert_eq!(unchecked["verdict"], "unchecked");
    let human = run(["check-target", &url, "--only", "tls"]).exits(2).stdout;
    assert!(human.contains("✗ no requirement was checked: all were skipped"), "{human}");
    json(&url, &["--only", "tls,header-case"], 2);
    json(&url, &["--only", "header-case"], 0);
    // A part of the checks says so.
    let partial = json(&url, &["--only", "https-443,answers-2xx"], 0);
    let summary = partial["summary"]["text"].as_str().unwrap();
    assert!(summary.starts_with("as far as checked, ready for PGM"), "{summary}");
}

#[test]
fn a_limit_beyond_pgms_own_is_refused() {
    let ran = run(["check-target", "http://127.0.0.1:1/", "--max-time", "6s"]).refused();
    assert!(ran.stderr.contains("all that PGM allows"), "{ran:?}");
}

#[test]
fn every_check_of_a_target_that_was_not_reached_says_so() {
    let url = format!("http://127.0.0.1:{}/", crate::support::server::closed_port());
    let json = json(&url, &["--wait", "200ms"], 3);
    let checks = json["checks"].as_array().unwrap().iter();
    let other: Vec<_> = checks
        .filter(|check| check["verdict"] == "skip" && check["id"] != "https-443")
        .filter(|check| check["evidence"] != "the target was not reached")
        .collect();
    assert!(other.is_empty(), "{other:#?}");
    assert!(json["reason"].as_str().unwrap().contains("--wait waited for 200 ms"), "{json:#}");
}

#[test]
fn an_explanation_is_found_or_suggested() {
    let all = run(["check-target", "--explain"]).exits(0).stdout;
    assert_eq!(all, run(["check-target", "--list"]).exits(0).stdout);
    let ran = run(["check-target", "--explain", "within-5"]).refused();
    assert!(ran.stderr.contains("did you mean within-5s?"), "{ran:?}");
}
