//! How a run ends.

use std::fs;
use std::io::Write;

use crate::listener::{Listener, envelope, request, rest, signal, signed, wait_until};

#[test]
fn it_ends_as_soon_as_the_expected_requests_have_arrived() {
    let listener = Listener::start(&["--expect", "2", "--expect-event", "Test"]);
    listener.exchange(&signed("a", &envelope("UserModified")));
    listener.exchange(&request("b", &"0".repeat(32), &envelope("Test"), "Connection: close\r\n"));
    listener.exchange(&signed("c", &envelope("Test")));
    assert!(listener.exchange(&signed("d", &envelope("Test"))).starts_with("HTTP/1.1 200"));
    let (summary, code) = listener.ended();
    assert_eq!(code, 0);
    assert_eq!((&summary["expected"]["met"], &summary["requests"]), (&true.into(), &4.into()));
}

#[test]
fn it_exits_with_1_when_the_time_is_up() {
    let listener = Listener::start(&["--expect", "1", "--timeout", "300ms"]);
    listener.exchange(&request("b", &"0".repeat(32), &envelope("Test"), "Connection: close\r\n"));
    let (summary, code) = listener.ended();
    assert_eq!(code, 1);
    assert_eq!((&summary["expected"]["met"], &summary["invalid"]), (&false.into(), &1.into()));
}

#[test]
fn no_more_than_max_requests_are_accepted() {
    let listener = Listener::start(&["--max-requests", "2"]);
    let mut stream = listener.connect();
    let call = request("a", "", "{}", "");
    stream.write_all(&[&call[..], &call, &call, &call].concat()).unwrap();
    let responses = rest(&mut stream);
    assert_eq!(responses.matches("HTTP/1.1 200").count(), 2, "{responses}");
    let (summary, code) = listener.ended();
    assert_eq!((&summary["requests"], code), (&2.into(), 0));
}

#[test]
fn a_signal_lets_requests_in_flight_finish() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.ndjson");
    let listener = Listener::start(&["--delay", "1s", "--save", file.to_str().unwrap()]);
    let mut stream = listener.connect();
    stream.write_all(&signed("a", "{}")).unwrap();
    // A request is saved before it waits for its response.
    wait_until(|| fs::metadata(&file).is_ok_and(|file| file.len() > 0));
    signal("-TERM", &listener.pid());
    assert!(rest(&mut stream).starts_with("HTTP/1.1 200"));
    let (summary, code) = listener.ended();
    assert_eq!((&summary["requests"], code), (&1.into(), 143));
}
