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
    let listener = Listener::start(&["--expect", "1", "--timeout", "4s"]);
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

#[test]
fn expected_data_counts_only_requests_that_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let junit = folder.path().join("report.xml");
    let report = format!("junit={}", junit.display());
    let expect = |more: &[&str]| {
        let fixed = ["--expect", "1", "--expect-event", "Test", "--report", &report];
        Listener::start(&[&fixed[..], more].concat())
    };
    let listener = expect(&["--expect-data", "userId=7", "--timeout", "60s"]);
    let other = envelope("Test").replace(":7}", ":8}");
    listener.exchange(&signed("a", &other));
    listener.exchange(&signed("b", "{\"event\":\"Test\"}"));
    listener.exchange(&signed("c", &envelope("Test")));
    let (summary, code) = listener.ended();
    assert_eq!((code, &summary["expected"]["received"]), (0, &1.into()));
    assert_eq!(summary["expected"]["data"], serde_json::json!(["userId=7"]));
    let passed = fs::read_to_string(&junit).unwrap();
    let xml = roxmltree::Document::parse(&passed).unwrap();
    let case = xml.descendants().find(|node| node.has_tag_name("testcase")).unwrap();
    assert_eq!(case.attribute("name"), Some("1 valid request with Test and userId=7"));
    assert!(!case.children().any(|node| node.has_tag_name("failure")), "{passed}");

    let listener = expect(&["--expect-data", "userId=9", "--timeout", "4s"]);
    listener.exchange(&signed("c", &envelope("Test")));
    assert_eq!(listener.ended().1, 1);
    let failed = fs::read_to_string(&junit).unwrap();
    let xml = roxmltree::Document::parse(&failed).unwrap();
    let failure = xml.descendants().find(|node| node.has_tag_name("failure")).unwrap();
    assert!(failure.attribute("message").unwrap().contains("did not arrive within"), "{failed}");
    assert!(failure.text().unwrap().contains("1 request"), "{failed}");
}
