//! `pgwh play`, against a receiver that shares no code with it.

#[path = "../support/mod.rs"]
mod support;

mod files;
#[cfg(unix)]
mod interrupted;
mod recorded;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use support::hook::{Hook, Hooked, good, respond};
use support::list::List;
use support::server::closed_port;
use support::{Ran, assert_matches_schema, run};

/// The stories that pgwh brings.
const BUILT_IN: [&str; 5] =
    ["members-day", "waiting-list", "personal-training", "busy-hour", "bad-day"];

/// Plays a story as fast as it goes.
fn play(story: &str, url: &str, more: &[&str]) -> Ran {
    run(["play", story, "--url", url, "--speed", "10000x", "--no-record", "--timeout", "60s"]
        .iter()
        .chain(more))
}

/// The lines of an output, as JSON that is as the schema says.
#[track_caller]
fn lines(stdout: &str) -> Vec<Value> {
    let lines: Vec<Value> =
        stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    lines.iter().for_each(|line| assert_matches_schema("story.schema.json", line));
    lines
}

/// The different values of a field of `data`, among these requests.
fn values(seen: &[Hooked], field: &str) -> BTreeSet<String> {
    let value = |seen: &Hooked| Some(seen.body["data"].get(field)?.to_string());
    seen.iter().filter_map(value).collect()
}

fn events(seen: &[Hooked]) -> Vec<&str> {
    seen.iter().map(Hooked::event).collect()
}

#[test]
fn the_list_names_the_built_in_stories() {
    let human = run(["play", "--list"]).exits(0).stdout;
    let json = lines(&run(["play", "--list", "--format", "json"]).exits(0).stdout);
    let names: Vec<_> = json.iter().map(|line| line["story"].as_str().unwrap()).collect();
    assert_eq!(names, BUILT_IN);
    for (name, line) in names.iter().zip(&json) {
        assert!(human.contains(name) && human.contains(line["title"].as_str().unwrap()), "{human}");
        let shown = run(["play", name, "--show"]).exits(0).stdout;
        assert!(shown.contains("[[step]]"), "{shown}");
    }
}

#[test]
fn a_members_day_is_about_one_member_one_contract_and_one_class() {
    let target = Hook::new(good);
    let ran = play("members-day", &target.url(), &["--format", "json"]).exits(0);
    let told = lines(&ran.stdout);
    assert_eq!(told.len(), 7);
    assert!(told[..6].iter().all(|step| step["outcome"] == "met"), "{ran:?}");
    let last = &told[6];
    assert_eq!((&last["met"], &last["passed"]), (&6.into(), &true.into()), "{last}");
    let seen = target.seen();
    let expected = [
        "ContractCreated",
        "ContractPaymentDone",
        "UserCardScanned",
        "UserPresenceChanged",
        "ClassesBooked",
        "ClassesBookingCancelled",
    ];
    assert_eq!(events(&seen), expected);
    assert!(seen.iter().all(|seen| seen.is_genuine() && seen.repeats == 0));
    for field in ["userId", "contractId", "timeTableEventId", "clubId", "startDate", "endDate"] {
        assert_eq!(values(&seen, field).len(), 1, "{field}");
    }
    let data = |n: usize| &seen[n].body["data"];
    assert_eq!(data(2)["isSuccess"], true);
    assert_eq!(data(2)["message"], Value::Null);
    assert_eq!(data(3)["enterDate"], seen[3].body["triggeredDate"]);
    assert!(data(4)["startDate"].as_str().unwrap().ends_with("T18:00:00Z"));
    // Another day, another member.
    play("members-day", &target.url(), &[]).exits(0);
    assert_eq!(values(&target.seen(), "userId").len(), 2);
}

#[test]
fn on_a_waiting_list_the_one_who_waits_is_promoted() {
    let target = Hook::new(good);
    play("waiting-list", &target.url(), &[]).exits(0);
    let seen = target.seen();
    let expected = [
        "ClassesBooked",
        "ClassesBookedOnStandbyList",
        "ClassesBookingCancelled",
        "ClassesBookingPromotedFromStandbyList",
    ];
    assert_eq!(events(&seen), expected);
    let users: Vec<_> = seen.iter().map(|seen| &seen.body["data"]["userId"]).collect();
    assert!(users[0] == users[2] && users[1] == users[3] && users[0] != users[1], "{users:?}");
    assert_eq!(values(&seen, "timeTableEventId").len(), 1);
}

#[test]
fn a_personal_training_is_booked_again_with_an_id_of_its_own() {
    let target = Hook::new(good);
    play("personal-training", &target.url(), &[]).exits(0);
    let seen = target.seen();
    let ids: Vec<_> =
        seen.iter().map(|seen| &seen.body["data"]["personalTrainingBookingId"]).collect();
    assert!(ids[0] == ids[1] && ids[1] != ids[2], "{ids:?}");
    assert_eq!((values(&seen, "userId").len(), values(&seen, "trainerId").len()), (1, 1));
}

#[test]
fn a_bad_day_repeats_retries_and_comes_out_of_order() {
    // Each request fails for the first time, whichever it is.
    let target = Hook::new(|seen| match seen.event() {
        "ContractCreated" if seen.repeats < 2 => respond(503, "not now"),
        _ => good(seen),
    });
    play("bad-day", &target.url(), &[]).exits(0);
    let seen = target.seen();
    let mut by_id: BTreeMap<&str, Vec<&Hooked>> = BTreeMap::new();
    for request in &seen {
        by_id.entry(request.id()).or_default().push(request);
    }
    let times = |event: &str| {
        let of_event = by_id.values().filter(|same| same[0].event() == event);
        let mut times: Vec<_> = of_event.map(|same| same.len()).collect();
        times.sort_unstable();
        times
    };
    assert_eq!(times("ContractPaymentDone"), [1, 2]);
    assert_eq!(times("UserModified"), [4]);
    assert_eq!(times("ContractCreated"), [3]);
    let payments: Vec<_> =
        seen.iter().filter(|seen| seen.event() == "ContractPaymentDone").collect();
    assert!(payments.iter().all(|payment| payment.body["data"] == payments[0].body["data"]));
    let at = |event: &str| seen.iter().position(|seen| seen.event() == event).unwrap();
    let (cancelled, booked) = (at("ClassesBookingCancelled"), at("ClassesBooked"));
    let date = |n: usize| seen[n].body["triggeredDate"].as_str().unwrap();
    assert!(cancelled < booked && date(booked) < date(cancelled));
    let data = |n: usize| &seen[n].body["data"];
    assert_eq!(data(cancelled)["timeTableEventId"], data(booked)["timeTableEventId"]);
    let modified = &seen[at("UserModified")].body["data"];
    assert_eq!(modified["userId"], modified["user"]["userId"]);
}

/// Where chance decides, a sound build has a chance below 10⁻⁹ to fail (Hoeffding).
#[test]
fn a_busy_hour_has_six_kinds_by_their_weights() {
    let target = Hook::new(good);
    let ran = play("busy-hour", &target.url(), &[]).exits(0);
    assert!(ran.stdout.contains("660 × 200 OK"), "{ran:?}");
    let seen = target.seen();
    let mut counts: BTreeMap<&str, i32> = BTreeMap::new();
    seen.iter().for_each(|seen| *counts.entry(seen.event()).or_default() += 1);
    assert_eq!((seen.len(), counts.len()), (660, 6), "{counts:?}");
    assert!((counts["UserCardScanned"] - 224).abs() <= 84, "{counts:?}");
    assert!((counts["ClassesBooked"] - 106).abs() <= 84, "{counts:?}");
    let ids: BTreeSet<_> = seen.iter().map(Hooked::id).collect();
    assert_eq!(ids.len(), 660);
    assert!(values(&seen, "userId").len() > 300);
}

/// Responds with the id of a booking, and whether the member is known.
fn booking(seen: &Hooked) -> Vec<u8> {
    let user = &seen.body["data"]["userId"];
    respond(201, &format!(r#"{{"ok":true,"booking":{{"id":4711,"user":{user}}},"tags":["a"]}}"#))
}

const BOOKED: &str = r#"
    [variables]
    userId = { random = "1000..1999" }

    [[step]]
    name = "booked"
    event = "ClassesBooked"
    set.userId = "{{userId}}"
    expect = { status = 201, json = { ok = true, booking.user = "{{userId}}", "tags[0]" = "a" } }

    [[step]]
    event = "ClassesBookingCancelled"
    set.userId = "{{booked.data.userId}}"
    add = { bookingId = "{{booked.response.booking.id}}", note = "booking {{booked.response.booking.id}}" }
"#;

/// Writes a story, and plays it.
fn play_text(text: &str, url: &str, more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ours.toml");
    fs::write(&path, text).unwrap();
    play(path.to_str().unwrap(), url, more)
}

#[test]
fn values_of_data_and_of_responses_are_used_by_name() {
    let target = Hook::new(booking);
    play_text(BOOKED, &target.url(), &[]).exits(0);
    let seen = target.seen();
    let cancelled = &seen[1].body["data"];
    assert_eq!(cancelled["userId"], seen[0].body["data"]["userId"]);
    assert_eq!(
        (&cancelled["bookingId"], &cancelled["note"]),
        (&4711.into(), &"booking 4711".into())
    );
}

#[test]
fn what_is_not_as_expected_is_told_and_fails() {
    let target = Hook::new(|_| respond(201, r#"{"ok":false,"booking":{"user":1}}"#));
    let folder = tempfile::tempdir().unwrap();
    let junit = folder.path().join("story.xml");
    let report = format!("junit={}", junit.display());
    let ran = play_text(BOOKED, &target.url(), &["--report", &report]).exits(1);
    assert!(ran.stdout.contains("expected ok of the response to be true, got false"), "{ran:?}");
    assert!(ran.stdout.contains("expected tags[0] in the response"), "{ran:?}");
    // What needs a value that did not come is not sent.
    assert!(ran.stdout.contains("not sent: the response to booked has no booking.id"), "{ran:?}");
    assert!(ran.stdout.contains("0 of 2 steps went as expected"), "{ran:?}");
    assert_eq!(target.seen().len(), 1);
    let xml = fs::read_to_string(junit).unwrap();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count("testcase"), count("failure")), (2, 2), "{xml}");
}

#[test]
fn every_kind_of_expectation() {
    let target = Hook::new(|seen| match seen.event() {
        "Test" => respond(500, "broken"),
        _ => respond(200, "Ok"),
    });
    let closed = format!("http://127.0.0.1:{}/", closed_port());
    for (event, expect, url, code) in [
        ("Test", "\"failed\"", target.url(), 0),
        ("Test", "500", target.url(), 0),
        ("Test", "{ verdict = \"failed\", status = 500 }", target.url(), 0),
        ("Test", "\"any\"", target.url(), 0),
        ("Test", "\"unreachable\"", closed.clone(), 0),
        ("Test", "\"any\"", closed.clone(), 0),
        ("Test", "\"delivered\"", target.url(), 1),
        ("Test", "503", target.url(), 1),
        ("Test", "\"unreachable\"", target.url(), 1),
        ("Test", "\"failed\"", closed, 3),
        ("ClassesBooked", "\"failed\"", target.url(), 1),
        ("ClassesBooked", "{ json = { ok = true } }", target.url(), 1),
    ] {
        let text = format!("[[step]]\nevent = \"{event}\"\nexpect = {expect}\n");
        let ran = play_text(&text, &url, &[]);
        assert_eq!(ran.code, code, "{event} {expect}: {ran:?}");
    }
    let repeated = "[[step]]\nevent = \"Test\"\nrepeat = 3\n";
    let ran = play_text(repeated, &target.url(), &[]).exits(1);
    assert!(ran.stdout.contains("3 × 500 Internal Server Error"), "{ran:?}");
}

#[test]
fn reports_in_every_format() {
    let target = Hook::new(|_| respond(500, "::error::boo | <b>"));
    let text = "[[step]]\nname = \"one\"\nevent = \"Test\"\n";
    for (format, shown) in [
        ("junit", "<failure message=\"expected delivered, got 500 Internal Server Error\""),
        ("github", "::error title=pgwh play ours%3A one (Test)::expected delivered"),
        ("markdown", "| ❌ | one (Test) | expected delivered, got 500"),
        ("json", "\"outcome\":\"unmet\""),
        ("human", "✗ 0 of 1 step went as expected"),
    ] {
        let ran = play_text(text, &target.url(), &["--format", format]).exits(1);
        assert!(ran.stdout.contains(shown), "{format}: {}", ran.stdout);
    }
}

#[test]
fn everything_is_in_the_requests_list_under_the_storys_name() {
    let (list, target) = (List::new(), Hook::new(good));
    list.send("Test", &target.url()).exits(0);
    let args = ["play", "waiting-list", "--speed", "10000x", "--url", &target.url()];
    list.run(args).exits(0);
    let entries = list.entries();
    assert_eq!(entries.len(), 5);
    entries.iter().for_each(|entry| assert_matches_schema("request.schema.json", entry));
    let stories: Vec<_> = entries.iter().map(|entry| entry["story"].as_str()).collect();
    let story = Some("waiting-list");
    assert_eq!(stories, [story, story, story, story, None]);
    let only = list.run(["requests", "--story", "waiting-list", "--format", "json"]).exits(0);
    assert_eq!(only.stdout.lines().count(), 4);
    let table = list.run(["requests"]).exits(0).stdout;
    assert!(table.contains("ClassesBooked (waiting-list)"), "{table}");
    let id = entries[0]["requestId"].as_str().unwrap();
    assert_matches_schema("stored-request.schema.json", &list.show(id));
}

#[test]
fn a_dry_run_sends_nothing_and_needs_no_secret() {
    let target = Hook::new(good);
    let url = target.url();
    for story in BUILT_IN {
        let args = ["play", story, "--url", &url, "--dry-run", "--format", "json"];
        let ran: Ran = support::pgwh(args).env_remove("PGWH_SECRET").output().unwrap().into();
        let steps = lines(&ran.exits(0).stdout);
        assert!(steps.iter().all(|step| step["targets"][0]["url"] == url), "{steps:?}");
        let human = run(["play", story, "--url", &url, "--dry-run"]).exits(0).stdout;
        assert_eq!(human.matches("\"triggeredDate\": ").count(), steps.len(), "{human}");
    }
    assert_eq!(target.seen().len(), 0);
    let ran = play_text(BOOKED, &url, &["--dry-run"]).exits(0);
    assert!(ran.stdout.contains("\"bookingId\": \"{{booked.response.booking.id}}\""), "{ran:?}");
    for story in BUILT_IN {
        let ran = run(["play", story, "--dry-run"]).exits(0);
        assert!(ran.stdout.contains("no target") && ran.stderr.contains("--url"), "{ran:?}");
    }
}

#[test]
fn steps_go_to_the_webhooks_that_are_subscribed() {
    let list = List::new();
    let (classes, all) = (Hook::new(good), Hook::new(good));
    let config = format!(
        "[[webhook]]\nname = \"classes\"\nurl = \"{}\"\nevents = [\"ClassesBooked\"]\n\
         secret = {{ env = \"PGWH_SECRET\" }}\n\
         [[webhook]]\nname = \"contracts\"\nurl = \"{}\"\nevents = [\"ClassesBooked\", \"ContractCreated\"]\n\
         secret = {{ env = \"PGWH_SECRET\" }}\n",
        classes.url(),
        all.url()
    );
    fs::write(list.folder.path().join("pgwh.toml"), config).unwrap();
    let ran = list.run(["play", "members-day", "--speed", "10000x", "--format", "json"]).exits(0);
    let told = lines(&ran.stdout);
    let outcomes: Vec<_> = told[..6].iter().map(|step| step["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["met", "skipped", "skipped", "skipped", "met", "skipped"]);
    assert_eq!(events(&classes.seen()), ["ClassesBooked"]);
    assert_eq!(events(&all.seen()), ["ContractCreated", "ClassesBooked"]);
    assert_eq!(told[4]["requests"][0]["deliveries"].as_array().unwrap().len(), 2);
    // What is typed counts before the subscriptions, and a step's own target before them, too.
    let all_to_one = ["play", "waiting-list", "--webhook", "classes", "--speed", "10000x"];
    list.run(all_to_one).exits(0);
    assert_eq!(classes.seen().len(), 5);
    let step = "[[step]]\nevent = \"Test\"\nto = \"contracts\"\n";
    fs::write(list.folder.path().join("to.toml"), step).unwrap();
    list.run(["play", "to.toml"]).exits(0);
    assert_eq!((all.seen().len(), classes.seen().len()), (3, 5));
    let no_such = list.run(["play", "members-day", "--webhook", "clases"]).refused();
    assert!(no_such.stderr.contains("did you mean classes?"), "{no_such:?}");
}

#[test]
fn a_target_that_is_not_there_is_unreachable() {
    let url = format!("http://127.0.0.1:{}/", closed_port());
    let ran = play("waiting-list", &url, &[]).exits(3);
    assert_eq!(ran.stdout.matches("help:").count(), 1, "{ran:?}");
}
