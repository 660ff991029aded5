//! What is sent: the mix of events, what varies, what comes twice. Where chance decides, the bounds
//! leave a sound build a chance below 10⁻⁹ to fail (Hoeffding).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use chrono::{DateTime, Duration, SubsecRound, Utc};
use serde_json::Value;

use crate::OK;
use crate::keeping::Keeping;
use crate::support::hook::{Hook, good};
use crate::support::run;

/// How far the number of hits among 2000 draws may be from its mean: 2·exp(-2·147²/2000) < 10⁻⁹.
const SPREAD: usize = 147;

#[test]
fn events_come_as_often_as_their_weights_say() {
    let target = Hook::new(good);
    let url = target.url();
    let args = ["send", "UserCardScanned=8", "ClassesBooked=2", "--no-record", "--url", &url];
    let json = run(args.iter().chain(&["--count", "2000", "--format", "json"])).exits(0).json();
    let seen = target.seen();
    let scanned = seen.iter().filter(|seen| seen.event() == "UserCardScanned").count();
    let booked = seen.iter().filter(|seen| seen.event() == "ClassesBooked").count();
    assert_eq!(scanned + booked, 2000);
    assert!(scanned.abs_diff(1600) <= SPREAD, "{scanned}");
    assert_eq!(json["events"][0], serde_json::json!({"event": "UserCardScanned", "weight": 8}));
}

#[test]
fn what_varies_takes_every_value_of_its_range_and_no_other() {
    let target = Hook::new(good);
    let url = target.url();
    let vary = ["--vary", "data.userId=-1..1", "--vary", "timeTableEventId=1000..9999"];
    let args = ["send", "ClassesBooked", "--no-record", "--url", &url, "--count", "400", "-q"];
    run(args.iter().chain(&vary)).exits(0);
    let seen = target.seen();
    assert_eq!(seen.len(), 400);
    // One that does not verify gets a 401, and would have been a failure: this is about ids.
    assert!(seen.iter().all(|seen| seen.is_genuine() && seen.repeats == 0));
    let values = |name: &str| -> BTreeSet<i64> {
        seen.iter().map(|seen| seen.body["data"][name].as_i64().unwrap()).collect()
    };
    assert_eq!(values("userId"), BTreeSet::from([-1, 0, 1]));
    let wide = values("timeTableEventId");
    assert!(wide.first() >= Some(&1000) && wide.last() <= Some(&9999), "{wide:?}");
    // 391 of 9000 are to be expected; half of them do not come twice by chance.
    assert!(wide.len() > 300, "{}", wide.len());
}

#[test]
fn what_is_sent_twice_is_the_same_twice() {
    let target = Keeping::new(|_| (OK, 0));
    let url = target.url();
    let args = ["send", "Test", "--no-record", "--url", &url, "--count", "2000"];
    let load = ["--repeat-rate", "0.5", "--format", "json", "--concurrency", "8"];
    let json = run(args.iter().chain(&load)).exits(0).json();
    let mut by_id: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for seen in target.seen() {
        let id = seen.header("x-perfectgym-request").unwrap().to_owned();
        by_id.entry(id).or_default().push(seen);
    }
    assert_eq!(by_id.len(), 2000);
    let twice: Vec<_> = by_id.values().filter(|same| same.len() > 1).collect();
    assert!(twice.iter().all(|same| same.len() == 2 && same[0] == same[1]));
    assert!(twice.len().abs_diff(1000) <= SPREAD, "{}", twice.len());
    assert_eq!(json["repeats"], twice.len());
    assert_eq!(json["requests"], 2000 + twice.len());
}

#[test]
fn every_request_is_dated_when_it_is_due() {
    let target = Hook::new(good);
    let url = target.url();
    let args = ["send", "Test", "--no-record", "--url", &url, "--format", "json"];
    let load = ["--count", "23", "--rate", "10/s", "--concurrency", "1"];
    let before = Instant::now();
    let json = run(args.iter().chain(&load)).exits(0).json();
    let took = Duration::from_std(before.elapsed()).unwrap();
    let date = |value: &Value| -> DateTime<Utc> { value.as_str().unwrap().parse().unwrap() };
    let start = date(&json["startedAt"]);
    let end = start + took;
    let seen = target.seen();
    assert_eq!(seen.len(), 23);
    for (n, seen) in (0..).zip(&seen) {
        let made = date(&seen.body["triggeredDate"]);
        let due = (start + Duration::milliseconds(100 * n)).trunc_subsecs(0);
        assert!((due..=end).contains(&made), "request {n} is dated {made}, due {due}");
    }
}

#[test]
fn user_and_password_of_the_url_are_sent_as_by_a_single_send() {
    let target = Keeping::new(|_| (OK, 0));
    let url = target.url().replace("://", "://ann:p%40ss@");
    let args = ["send", "Test", "--no-record", "-q", "--url", &url];
    run(args).exits(0);
    run(args.iter().chain(&["--count", "1"])).exits(0);
    let seen = target.seen();
    let sent: Vec<_> = seen.iter().map(|seen| seen.header("authorization")).collect();
    // printf '%s' 'ann:p@ss' | base64
    assert_eq!(sent, [Some("Basic YW5uOnBAc3M="); 2]);
}
