//! `pgwh events --as schema|openapi`: the files in `schemas/pgm/`, the samples against them, and the
//! tools that users have. Tools that are missing are skipped by name; `.ci/schemas` installs them.
#![cfg(unix)]
#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "../support/mod.rs"]
mod support;

mod tools;

use std::fs;
use std::path::Path;

use pgwh::pgm::event_names;
use serde_json::{Value, json};
use support::run;

fn schema_of(event: &str) -> Value {
    let stdout = run(["events", event, "--as", "schema"]).exits(0).stdout;
    serde_json::from_str(&stdout).unwrap()
}

fn sample(event: &str) -> Value {
    let data = pgwh::pgm::sample(event).unwrap();
    json!({ "event": event, "triggeredDate": "2026-05-01T10:00:00Z", "data": data })
}

fn accepts(schema: &Value, body: &Value) -> bool {
    jsonschema::validator_for(schema).unwrap().is_valid(body)
}

/// To write them again: `UPDATE_SCHEMAS=1 cargo test --test schemas`
#[test]
fn the_files_in_schemas_are_what_the_binary_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/pgm");
    let mut files =
        vec![("openapi.json".to_owned(), run(["events", "--as", "openapi"]).exits(0).stdout)];
    for event in event_names() {
        let schema = run(["events", event, "--as", "schema"]).exits(0).stdout;
        files.push((format!("{event}.schema.json"), schema));
    }
    for (name, text) in &files {
        let file = folder.join(name);
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&file, text).unwrap();
        }
        let stored = fs::read_to_string(&file).unwrap_or_default();
        assert!(stored == *text, "{} is stale: see the comment above", file.display());
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), files.len(), "a file of no event");
}

#[test]
fn every_sample_is_valid_and_only_for_its_own_event() {
    for event in event_names() {
        let schema = schema_of(event);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert!(accepts(&schema, &sample(event)), "{event}");
        let mut other = sample(event);
        other["event"] = "PgwhOther".into();
        assert!(!accepts(&schema, &other), "{event}");
        for key in ["event", "triggeredDate", "data"] {
            let mut torn = sample(event);
            torn.as_object_mut().unwrap().remove(key);
            assert!(!accepts(&schema, &torn), "{event} without {key}");
        }
    }
}

#[test]
fn only_what_is_sure_is_required_and_the_rest_may_be_null_or_missing() {
    let schema = schema_of("UserModified");
    let changed = |pointer: &str, value: Option<Value>| {
        let mut body = sample("UserModified");
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let fields = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value {
            Some(value) => fields.insert(key.to_owned(), value),
            None => fields.remove(key),
        };
        accepts(&schema, &body)
    };
    assert!(changed("/data/user/userEmail", Some("a@example.com".into())));
    assert!(changed("/data/user/userPhone", Some(Value::Null)));
    assert!(changed("/data/user/aFieldOfTheFuture", Some(json!([1]))));
    assert!(!changed("/data/user/userEmail", Some(json!(7))));
    assert!(!changed("/data/userId", Some("48213".into())));
    assert!(!changed("/data/user/userFirstName", None));
    assert!(!changed("/data/user", Some(Value::Null)));

    let schema = schema_of("ClassesBooked");
    let with = |data: Value| {
        accepts(
            &schema,
            &json!({ "event": "ClassesBooked", "triggeredDate": "2026-05-01T10:00:00Z", "data": data }),
        )
    };
    assert!(with(json!({})) && with(json!({ "userId": null, "className": null })));
    assert!(!with(json!({ "userId": "one" })));
    let confidence = |pointer: &str| schema.pointer(pointer).unwrap()["x-confidence"].clone();
    assert_eq!(confidence("/properties/data/properties/userId"), "read by a receiver");
    assert_eq!(confidence("/properties/data/properties/className"), "illustrative");
}

#[test]
fn payloads_of_the_users_own_make_their_own_schemas() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    fs::write(
        folder.path().join("ClassesBooked.json"),
        r#"{"userId":1,"list":[{"a":true}],"x":null}"#,
    )
    .unwrap();
    fs::write(folder.path().join("Our Own.json"), r#"{"userId":1}"#).unwrap();
    let stdout =
        run(["events", "ClassesBooked", "--as", "schema", "--fixtures", path]).exits(0).stdout;
    let schema: Value = serde_json::from_str(&stdout).unwrap();
    let data = &schema["properties"]["data"];
    assert_eq!(data["required"], json!(["userId", "list", "x"]));
    assert_eq!(data["properties"]["userId"]["x-confidence"], "your own");
    assert_eq!(data["properties"]["list"]["items"]["required"], json!(["a"]));

    let stdout = run(["events", "--as", "openapi", "--fixtures", path]).exits(0).stdout;
    let openapi: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(openapi["components"]["schemas"]["ClassesBookedData"], *data);
    assert!(openapi["webhooks"]["Our Own"].is_object());
    assert!(openapi["components"]["schemas"]["Our_Own"].is_object());
}

#[test]
fn an_unknown_event_suggests_the_nearest_and_a_schema_needs_one() {
    for form in ["schema", "openapi"] {
        let error = run(["events", "UserModifed", "--as", form]).refused().stderr;
        assert!(error.contains("did you mean UserModified?"), "{error}");
    }
    let error = run(["events", "--as", "schema"]).refused().stderr;
    assert!(error.contains("--as schema needs an event"), "{error}");
    let one = run(["events", "Test", "--as", "openapi"]).exits(0).stdout;
    let one: Value = serde_json::from_str(&one).unwrap();
    assert_eq!(one["webhooks"].as_object().unwrap().keys().collect::<Vec<_>>(), ["Test"]);
}
