//! What is sent, what is left out, and what decides the verdict.

use serde_json::Value;

use crate::support::hook::{Hook, Hooked, answer, good};
use crate::support::{assert_matches_schema, run};

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
fn a_good_receiver_is_fit_without_a_warning() {
    let hook = Hook::new(good);
    let json = json(
        &hook.url(),
        &["--events", "all", "--strict", "--require-signature", "--burst", "8"],
        0,
    );
    assert_eq!(json["verdict"], "fit");
    assert_eq!((ids(&json, "fail"), ids(&json, "warn")), (vec![], vec![]), "{json:#}");
    assert_eq!(ids(&json, "skip"), ["https-443", "tls"]);
    assert_eq!(json["summary"]["pass"], 18);
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
    for event in pgwh::pgm::catalogue() {
        let seen = hook.seen();
        let request = seen.iter().find(|request| request.event() == event).unwrap();
        assert!(request.is_genuine());
        for (key, value) in request.body["data"].as_object().unwrap() {
            assert!(!key.ends_with("Id") || value == 999_999_999, "{event}.{key}: {value}");
        }
    }
}

#[test]
fn a_failed_premise_is_one_failure_and_the_rest_is_skipped() {
    let hook = Hook::new(|_| answer(503, "down"));
    let json = json(&hook.url(), &["--events", "all", "--burst", "3", "--strict"], 1);
    assert_eq!(ids(&json, "fail"), ["answers-2xx"]);
    assert_eq!(ids(&json, "skip").len(), 19);
    assert_eq!(json["summary"]["text"], "not fit: 1 of 1 demand failed");
    assert_eq!(hook.seen().len(), 1, "nothing is sent on top of it");
}

#[test]
fn a_target_that_is_always_late_is_not_called_on_and_on() {
    let hook = Hook::new(|request| {
        std::thread::sleep(std::time::Duration::from_millis(300));
        good(request)
    });
    let json = json(&hook.url(), &["--max-time", "100ms"], 1);
    assert_eq!(ids(&json, "fail"), ["within-5s"]);
    assert_eq!(hook.seen().len(), 2);
}

#[test]
fn a_premise_that_was_not_asked_for_is_told_when_it_fails() {
    let hook = Hook::new(|_| answer(500, ""));
    let json = json(&hook.url(), &["--only", "unicode"], 1);
    assert_eq!((ids(&json, "fail"), ids(&json, "skip")), (vec!["answers-2xx"], vec!["unicode"]));
}

#[test]
fn advice_counts_when_asked_to() {
    let open = |_: &Hooked| answer(200, "Ok");
    let rejects =
        ["rejects-wrong-signature", "rejects-unsigned", "rejects-other-request-signature"];
    let lenient = json(&Hook::new(open).url(), &[], 0);
    assert_eq!(ids(&lenient, "fail"), rejects);
    assert_eq!(
        lenient["summary"]["text"],
        "fit for PGM: 4 demands met, 3 pieces of advice not followed"
    );
    json(&Hook::new(open).url(), &["--strict"], 1);
    let required = json(&Hook::new(open).url(), &["--require-signature"], 1);
    assert_eq!(required["summary"]["text"], "not fit: 3 of 7 demands failed");
    json(&Hook::new(open).url(), &["--strict", "--skip", &rejects.join(",")], 0);
}

#[test]
fn headers_go_with_every_call() {
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
        (&["--only", "burst"], "needs --burst"),
        (&["--events", "ClassBooked"], "did you mean ClassesBooked?"),
        (&["--samples", "0"], "--samples"),
        (&["--burst", "5000"], "1..=1000"),
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
