//! `pgwh events`

mod support;

use std::fs;

use serde_json::Value;
use support::{assert_matches_schema, run};

#[test]
fn all_events_are_listed_with_how_sure_they_are() {
    let stdout = run(["events"]).exits(0).stdout;
    assert!(pgwh::pgm::event_names().all(|event| stdout.contains(event)));
    assert!(stdout.contains("payload: 2 of 6 fields read by a receiver"), "{stdout}");
    let json = run(["events", "--format", "json"]).exits(0).stdout;
    let lines: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), pgwh::pgm::event_names().len());
    lines.iter().for_each(|line| assert_matches_schema("event.schema.json", line));
    assert!(lines.iter().all(|line| line["type"] == "event" && line["data"].is_object()));
}

#[test]
fn one_event_is_shown_with_a_body_that_could_be_sent() {
    let stdout = run(["events", "UserModified"]).exits(0).stdout;
    assert!(stdout.contains("user.userEmail"), "{stdout}");
    let body = &stdout[stdout.find('{').unwrap()..=stdout.rfind('}').unwrap()];
    let body: Value = serde_json::from_str(body).unwrap();
    let user = &body["data"]["user"];
    assert!(user["userNumber"].is_string() && user["userEmail"].is_null(), "{body:#}");
    let error = run(["events", "UserModifed"]).refused().stderr;
    assert!(error.contains("did you mean UserModified?"), "{error}");
}

#[test]
fn the_users_own_payloads_are_listed_and_a_broken_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    fs::write(folder.path().join("Mine.json"), "{}").unwrap();
    let stdout = run(["events", "--fixtures", path]).exits(0).stdout;
    assert!(stdout.contains("Mine") && stdout.contains("Mine.json"), "{stdout}");
    fs::write(folder.path().join("Broken.json"), "{\n\"a\" 1}").unwrap();
    let error = run(["events", "--fixtures", path]).refused().stderr;
    assert!(error.contains("Broken.json") && error.contains("line 2 column"), "{error}");
}
