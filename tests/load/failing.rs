//! What goes wrong is counted by its kind, with an example that the target knows.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use serde_json::Value;

use crate::keeping::{Keeping, Then, read, say};
use crate::support::server::{Seen, Target};
use crate::support::{assert_matches_schema, run};
use crate::{BUSY, OK};

/// What happens to a request is in the first digit of its id, however often it is tried.
fn fate(seen: &Seen) -> &'static str {
    match seen.header("x-perfectgym-request").unwrap().as_bytes()[0] {
        b'0'..=b'3' => "503",
        b'4'..=b'7' => "broken",
        b'f' => "timed-out",
        _ => "delivered",
    }
}

/// The number of each kind of failure in a report, and the request id of its example.
fn failures(json: &Value) -> BTreeMap<&str, (u64, &str)> {
    let failures = json["failures"].as_array().unwrap();
    failures
        .iter()
        .map(|failure| {
            let example = failure["example"]["requestId"].as_str().unwrap();
            (failure["kind"].as_str().unwrap(), (failure["count"].as_u64().unwrap(), example))
        })
        .collect()
}

#[test]
fn each_kind_of_failure_is_counted_and_has_an_example() {
    let target = Keeping::with(|stream, seen, _| match fate(seen) {
        "503" => say(stream, BUSY),
        "broken" => Then::Close,
        "timed-out" => {
            // Until the caller has given up.
            let _ = stream.read(&mut [0]);
            Then::Close
        }
        _ => say(stream, OK),
    });
    let url = target.url();
    let args = ["send", "Test", "--no-record", "--url", &url, "--format", "json"];
    let load = ["--count", "400", "--concurrency", "16", "--timeout", "1s"];
    let json = run(args.iter().chain(&load)).exits(1).json();
    assert_matches_schema("load.schema.json", &json);
    let fates: BTreeMap<String, &str> = target
        .seen()
        .iter()
        .map(|seen| (seen.header("x-perfectgym-request").unwrap().to_owned(), fate(seen)))
        .collect();
    assert_eq!(fates.len(), 400);
    let count = |of: &str| fates.values().filter(|fate| **fate == of).count() as u64;
    let failures = failures(&json);
    // None of them is missing by chance: (15/16)^400 < 10⁻¹¹.
    assert_eq!(failures.len(), 3, "{json}");
    for (kind, (number, example)) in failures {
        assert_eq!((number, fates[example]), (count(kind), kind), "{json}");
    }
    assert_eq!(json["delivered"], count("delivered"));
    assert_eq!(json["statuses"]["503"], count("503"));
    assert_eq!(json["statuses"]["200"], count("delivered"));
    assert_eq!(json["inTime"], count("delivered") + count("503"));
}

#[test]
fn a_target_that_goes_away_refuses_the_rest() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (gone, is_gone) = mpsc::channel();
    thread::spawn(move || {
        for _ in 0..5 {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = std::io::BufReader::new(stream);
            read(&mut reader).unwrap();
            let response = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            say(reader.get_mut(), response);
        }
        drop(listener);
        gone.send(()).unwrap();
    });
    let args = ["send", "Test", "--no-record", "--url", &url, "--format", "json"];
    // So slow that the target has gone before the sixth is due.
    let load = ["--count", "12", "--rate", "10/s", "--concurrency", "1"];
    let json = run(args.iter().chain(&load)).exits(1).json();
    is_gone.recv().unwrap();
    assert_eq!((&json["delivered"], &json["failed"]), (&5.into(), &7.into()));
    assert_eq!(failures(&json)["refused"].0, 7);
    assert_eq!(json["failures"][0]["example"]["attempt"]["outcome"], "refused");
}

#[test]
fn a_success_after_pgms_limit_is_late() {
    let target = Keeping::new(|n| (OK, if n == 3 { 5050 } else { 0 }));
    let url = target.url();
    let args = ["send", "Test", "--no-record", "--url", &url, "--format", "json"];
    let load = ["--count", "10", "--concurrency", "2", "--timeout", "20s"];
    let json = run(args.iter().chain(&load)).exits(1).json();
    assert_eq!(failures(&json)["late"].0, 1, "{json}");
    assert_eq!((&json["inTime"], &json["statuses"]["200"]), (&9.into(), &10.into()));
}

#[test]
fn a_target_that_closes_after_every_response_gets_new_connections() {
    let target = Target::responding(200, "Ok");
    let url = target.url("/");
    let args = ["send", "Test", "--no-record", "--url", &url, "--count", "50", "-q"];
    run(args.iter().chain(&["--concurrency", "4"])).exits(0);
    assert_eq!(target.seen().len(), 50);
}

#[test]
fn a_connection_that_was_closed_while_it_was_idle_is_no_failure() {
    // Without a word: the response does not say that it will be closed.
    let target = Keeping::with(|stream, _, _| {
        say(stream, OK);
        Then::Close
    });
    let url = target.url();
    let args = ["send", "Test", "--no-record", "--url", &url, "--count", "10", "-q"];
    run(args.iter().chain(&["--rate", "20/s", "--concurrency", "1"])).exits(0);
    assert_eq!((target.seen().len(), target.connections()), (10, 10));
}

#[test]
fn failures_are_allowed_up_to_their_limit() {
    for (allowed, code) in [("10", 0), ("9", 1), ("10%", 0), ("9.9%", 1)] {
        let target = Keeping::new(|n| if n % 10 == 0 { (BUSY, 0) } else { (OK, 0) });
        let url = target.url();
        let args = ["send", "Test", "--no-record", "--url", &url, "--count", "100"];
        let ran = run(args.iter().chain(&["--allow-failures", allowed, "--format", "json"]));
        let json = ran.exits(code).json();
        assert_eq!((&json["failed"], &json["passed"]), (&10.into(), &(code == 0).into()));
        assert_eq!(json["allowedFailures"], allowed);
    }
}
