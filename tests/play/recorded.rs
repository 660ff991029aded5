//! `pgwh play --record`

use std::fs;

use chrono::DateTime;
use serde_json::{Value, json};

use crate::support::hook::{Hook, good, respond};
use crate::support::list::List;
use crate::support::server::closed_port;
use crate::support::{Ran, assert_matches_schema, run};
use crate::{BUILT_IN, events, play, values};

/// A capture of pgwh's own form, at this second of an afternoon.
fn capture(second: u32, id: &str, event: &str, data: &Value) -> String {
    let date = format!("2026-03-01T17:42:{second:02}Z");
    let body = json!({ "event": event, "triggeredDate": date, "data": data }).to_string();
    let headers = json!({ "x-perfectgym-request": [id], "x-perfectgym-signature": ["00"] });
    let line = json!({
        "receivedAt": format!("2026-03-01T17:42:{second:02}.000Z"), "method": "POST", "path": "/pgm",
        "headers": headers, "body": body,
    });
    format!("{line}\n")
}

/// An afternoon of somebody who does not exist.
fn afternoon() -> String {
    let user = json!({
        "userId": 86_421, "userNumber": "20086421", "userFirstName": "Łucja", "userLastName": "Nowak-Kowalska",
        "userPhone": "+48 512 345 678", "userEmail": "lucja.nowak@klub.example", "birthDate": "1987-11-23",
    });
    let modified = json!({ "modificationType": "Updated", "userId": 86_421, "user": user,
        "homeClubId": 7, "userType": "Guest", "note": "knee {{injury}}" });
    let scanned = json!({ "userId": 86_421, "clubId": 7, "cardNumber": "0099887766",
        "deviceId": "5e0a2c14-9b7d-4f36-8c51-3d9e7a60b214", "scanDate": "2026-03-01T17:42:11Z",
        "isSuccess": true, "message": null });
    let booked = json!({ "userId": 86_421, "timeTableEventId": 55_555, "className": "Pilates",
        "startDate": "2026-03-02T17:00:00Z" });
    [
        capture(9, "id-1", "UserModified", &modified),
        capture(9, "id-1", "UserModified", &modified),
        capture(11, "id-2", "UserCardScanned", &scanned),
        capture(14, "id-3", "ClassesBooked", &booked),
        capture(15, "id-4", "ClassesBookingCancelled", &booked),
        capture(16, "id-5", "GateOpened", &json!({ "gate": "left", "userId": 86_421 })),
        json!({ "method": "POST", "path": "/", "headers": { "x-perfectgym-request": ["x"] }, "body": "?" })
            .to_string(),
    ]
    .concat()
}

/// What must not be in a story that is shared.
const PERSONAL: [&str; 10] = [
    "86421",
    "ucja",
    "owak",
    "512 345",
    "lucja",
    "klub.example",
    "1987-11",
    "0099887766",
    "5e0a2c14",
    "knee",
];

fn record(list: &List, args: &[&str]) -> Ran {
    list.run(["play", "--record", "afternoon.toml"].iter().chain(args))
}

fn story(list: &List) -> String {
    fs::read_to_string(list.folder.path().join("afternoon.toml")).unwrap()
}

#[test]
fn what_was_recorded_is_said_to_programs_too() {
    let folder = tempfile::tempdir().unwrap();
    let (captures, story) = (folder.path().join("in.ndjson"), folder.path().join("story.toml"));
    fs::write(&captures, afternoon()).unwrap();
    let paths = [&story, &captures].map(|path| path.to_str().unwrap());
    let args = ["play", "--record", paths[0], "--from", paths[1], "--format", "json"];
    let json = run(args).exits(0).json();
    assert_matches_schema("story.schema.json", &json);
    assert_eq!((&json["file"], &json["skipped"]), (&json!(paths[0]), &json!(1)), "{json}");
}

#[test]
fn an_afternoon_becomes_a_story_without_personal_data() {
    let list = List::new();
    fs::write(list.folder.path().join("captures.ndjson"), afternoon()).unwrap();
    let told = record(&list, &["--from", "captures.ndjson"]).exits(0);
    assert_eq!(told.stdout, "");
    assert!(told.stderr.contains("wrote 5 steps to afternoon.toml"), "{told:?}");
    let text = story(&list);
    for personal in PERSONAL {
        assert!(!text.contains(personal), "{personal} is in {text}");
    }
    // What a receiver may depend on stays.
    for kept in ["Pilates", "Updated", "Guest", "homeClubId\": 7", "unlisted = true", "repeat = 2"]
    {
        assert!(text.contains(kept), "no {kept} in {text}");
    }
    assert!(text.contains("userId = { random = \"10000..99999\" }"), "{text}");
    assert!(text.contains("after = \"2s\"") && text.contains("after = \"3s\""), "{text}");

    let target = Hook::new(good);
    let path = list.folder.path().join("afternoon.toml");
    play(path.to_str().unwrap(), &target.url(), &[]).exits(0);
    let seen = target.seen();
    let expected = [
        "UserModified",
        "UserModified",
        "UserCardScanned",
        "ClassesBooked",
        "ClassesBookingCancelled",
        "GateOpened",
    ];
    assert_eq!(events(&seen), expected);
    assert_eq!(seen[0].id(), seen[1].id());
    assert_eq!((values(&seen, "userId").len(), values(&seen, "timeTableEventId").len()), (1, 1));
    let user = &seen[0].body["data"]["user"];
    let form = |text: &Value| -> String {
        let form = |c: char| match c {
            c if c.is_uppercase() => 'A',
            c if c.is_alphabetic() => 'a',
            c if c.is_ascii_digit() => '0',
            c => c,
        };
        text.as_str().unwrap().chars().map(form).collect()
    };
    assert_eq!(user["userId"], seen[0].body["data"]["userId"]);
    assert_eq!(form(&user["userFirstName"]), "Aaaaa");
    assert_eq!(form(&user["userLastName"]), "Aaaaa-Aaaaaaaa");
    assert_eq!(form(&user["userPhone"]), "+00 000 000 000");
    assert_eq!(form(&user["userNumber"]), "00000000");
    assert_eq!(form(&user["birthDate"]), "0000-00-00");
    assert!(user["userEmail"].as_str().unwrap().ends_with("@example.com"), "{user}");
    assert_eq!(form(&seen[0].body["data"]["note"]), "aaaa {{aaaaaa}}");
    assert_eq!(seen[2].body["data"]["message"], Value::Null);
}

#[test]
fn each_built_in_story_that_is_captured_plays_again() {
    for name in BUILT_IN.into_iter().filter(|name| *name != "busy-hour") {
        let (list, target) = (List::new(), Hook::new(good));
        let args = ["play", name, "--speed", "10000x", "--url", &target.url()];
        list.run(args).exits(0);
        record(&list, &["--since", "1h"]).exits(0);
        let again = Hook::new(good);
        let path = list.folder.path().join("afternoon.toml");
        play(path.to_str().unwrap(), &again.url(), &[]).exits(0);
        let (first, second) = (target.seen(), again.seen());
        let ids = |seen: &[crate::Hooked]| -> Vec<String> {
            let mut last = String::new();
            let mut ids: Vec<_> = seen.iter().map(|seen| seen.id().to_owned()).collect();
            ids.retain(|id| std::mem::replace(&mut last, id.clone()) != *id);
            ids
        };
        // What was sent again while it failed, and the same one twice, is one request.
        assert_eq!(ids(&first).len(), ids(&second).len(), "{name}");
        assert_eq!(values(&first, "userId").len(), values(&second, "userId").len(), "{name}");
    }
}

#[test]
fn a_moment_of_long_ago_becomes_another_one() {
    let list = List::new();
    let data = json!({ "registered": "2018-01-12T15:31:26Z" });
    fs::write(list.folder.path().join("captures.ndjson"), capture(9, "id-1", "GateOpened", &data))
        .unwrap();
    record(&list, &["--from", "captures.ndjson"]).exits(0);
    let story = fs::read_to_string(list.folder.path().join("afternoon.toml")).unwrap();
    let moment = story.split('"').find(|text| text.starts_with("20") && text.ends_with('Z'));
    let moment = moment.unwrap_or_else(|| panic!("{story}"));
    assert!(DateTime::parse_from_rfc3339(moment).is_ok(), "{story}");
    assert!(!story.contains("2018-01-12"), "{story}");
}

#[test]
fn what_cannot_be_recorded_is_refused() {
    let list = List::new();
    assert!(record(&list, &[]).refused().stderr.contains("no event to record"));
    fs::write(list.folder.path().join("captures.ndjson"), afternoon()).unwrap();
    let future = record(&list, &["--from", "captures.ndjson", "--since", "2030-01-01"]).refused();
    assert!(future.stderr.contains("no event to record"), "{future:?}");
    fs::write(list.folder.path().join("afternoon.toml"), "mine").unwrap();
    let kept = record(&list, &["--from", "captures.ndjson"]).refused();
    assert!(kept.stderr.contains("exists already"), "{kept:?}");
    assert_eq!(story(&list), "mine");
    let nowhere = list.run(["play", "--record", "no/such/x.toml", "--from", "captures.ndjson"]);
    assert!(nowhere.refused().stderr.contains("cannot write"));
}

#[test]
fn what_failed_is_recorded_as_what_was_sent() {
    let (list, target) = (List::new(), Hook::new(|_| respond(500, "no")));
    list.send("ClassesBooked", &target.url()).exits(1);
    list.send("Test", &format!("http://127.0.0.1:{}/", closed_port())).exits(3);
    record(&list, &[]).exits(0);
    let again = Hook::new(good);
    let path = list.folder.path().join("afternoon.toml");
    play(path.to_str().unwrap(), &again.url(), &[]).exits(0);
    assert_eq!(events(&again.seen()), ["ClassesBooked", "Test"]);
    run(["play", path.to_str().unwrap(), "--dry-run", "--url", &again.url()]).exits(0);
}
