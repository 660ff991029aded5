//! What goes over the wire: the request, its retries and repeats.

use crate::support::server::{Target, response, send};
use crate::support::{assert_matches_schema, run};
use crate::{ok, sent_body};
use serde_json::Value;

#[test]
fn a_request_is_what_pgm_sends() {
    let target = ok();
    let url = target.url("/hooks/pgm?tenant=7&x=%20");
    let args = [
        "send",
        "Test",
        "--url",
        &url,
        "--request-id",
        "7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4",
        "--triggered-date",
        "2020-06-01T14:44:46Z",
    ];
    run(args).exits(0);
    let seen = target.seen().remove(0);
    assert!(seen.head.starts_with("POST /hooks/pgm?tenant=7&x=%20 HTTP/1.1\r\n"), "{}", seen.head);
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.header("x-perfectgym-request"), Some("7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4"));
    // printf '%s' '7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4:correct-horse-battery-staple' | md5sum
    assert_eq!(seen.header("x-perfectgym-signature"), Some("7676a4495df92546d401bdeabbda6428"));
    // The example of PGM's help page, to the letter.
    let body = r#"{"event":"Test","triggeredDate":"2020-06-01T14:44:46Z","data":{"valueLong":12345678,"valueText":"some text value","nestedData":{"text":"nested some text value","date":"2020-06-01T14:44:46Z","amount":33.78}}}"#;
    assert_eq!(String::from_utf8(seen.body).unwrap(), body);
}

#[test]
fn every_event_of_the_catalogue_is_sent_under_the_name_that_was_typed() {
    for event in pgwh::pgm::event_names() {
        let json: Value = serde_json::from_str(&sent_body(&[event])).unwrap();
        assert_eq!(json["event"], event);
        let keys: Vec<_> = json.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["event", "triggeredDate", "data"]);
    }
}

#[test]
fn retries_carry_the_same_id_and_bytes_until_a_2xx() {
    let target = Target::new(|stream, call| {
        send(stream, &response(if call < 2 { 503 } else { 200 }, "x"));
    });
    let url = target.url("/");
    let args = ["send", "ClassesBooked", "--url", &url, "--retries", "5", "--retry-delay", "1ms"];
    let ran = run(args).exits(0);
    let seen = target.seen();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|request| request == &seen[0]), "{seen:#?}");
    for words in ["attempt 1   503", "attempt 2   503", "attempt 3   200", "at attempt 3"] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
}

#[test]
fn repeats_are_the_same_request_whatever_the_response() {
    for parallel in [&[][..], &["--parallel"]] {
        let target = ok();
        let url = target.url("/");
        let args = ["send", "Test", "--url", &url, "--repeat", "4", "--format", "json"];
        let json = run(args.iter().chain(parallel)).exits(0).json();
        assert_matches_schema("delivery.schema.json", &json);
        assert_eq!(json["attempts"].as_array().unwrap().len(), 4);
        let seen = target.seen();
        assert_eq!(seen.len(), 4);
        assert!(seen.iter().all(|request| request == &seen[0]));
    }
}

#[test]
fn several_events_are_requests_of_their_own_and_the_worst_counts() {
    let target = Target::new(|stream, call| {
        send(stream, &response(if call == 1 { 500 } else { 200 }, "x"));
    });
    let url = target.url("/");
    let events = ["Test", "UserModified", "ContractCreated"];
    let args = ["send", "--url", &url, "--format", "json"];
    let ran = run(args.iter().chain(&events)).exits(1);
    let lines: Vec<Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = lines.iter().map(|line| &line["event"]).collect();
    assert_eq!(told, events);
    let verdicts: Vec<_> = lines.iter().map(|line| &line["verdict"]).collect();
    assert_eq!(verdicts, ["delivered", "failed", "delivered"]);
    assert!(lines[0]["requestId"] != lines[1]["requestId"]);
}

#[test]
fn headers_of_the_users_own_are_added() {
    let target = ok();
    let url = target.url("/");
    let header = ["--header", "X-Tenant: 7", "--header", "content-type: text/plain"];
    run(["send", "Test", "--url", &url].iter().chain(&header)).exits(0);
    let seen = target.seen().remove(0);
    assert_eq!(seen.header("x-tenant"), Some("7"));
    assert_eq!(seen.header("content-type"), Some("text/plain"));
}

#[test]
fn a_header_may_be_sent_twice() {
    let target = ok();
    let url = target.url("/");
    let headers = ["--header", "X-A: 1", "--header", "Accept: a/b", "--header", "x-a: 2"];
    run(["send", "Test", "--url", &url].iter().chain(&headers)).exits(0);
    let head = target.seen().remove(0).head;
    for (line, times) in [("X-A: 1", 1), ("x-a: 2", 1), ("Accept: a/b", 1), ("Accept: */*", 0)] {
        assert_eq!(head.lines().filter(|known| *known == line).count(), times, "{line}: {head}");
    }
}
