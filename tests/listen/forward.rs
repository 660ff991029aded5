//! Forwarding.

use std::fs;

use crate::listener::{
    Listener, envelope, request, shown_to_people, signature, signed, wait_until,
};
use crate::support::server::{Target, closed_port, hold};
use crate::support::{SECRET, run};

#[test]
fn a_request_is_forwarded_whole_and_the_response_passed_back() {
    let target = Target::saying(
        "HTTP/1.1 202 Fine\r\nX-Target: 1\r\nX-Target: 2\r\nContent-Length: 4\r\n\r\nyes!",
    );
    let listener =
        Listener::start(&["--forward-to", &target.url("/api/").replace("://", "://ann:secret@")]);
    let body = "{\"event\":\"Test\",  \"data\":1.50}\n";
    let call =
        request("a", &signature("a", SECRET), body, "X-A: 1\r\nX-A: 2\r\nConnection: close\r\n");
    let response = listener.exchange(&call);
    assert!(
        response.starts_with("HTTP/1.1 202 ") && response.ends_with("\r\n\r\nyes!"),
        "{response}"
    );
    assert!(response.contains("\r\nx-target: 1\r\nx-target: 2\r\n"), "{response}");

    let seen = &target.seen()[0];
    assert!(seen.head.starts_with("POST /api/pgm?a=1 HTTP/1.1\r\n"), "{}", seen.head);
    assert_eq!(seen.body, body.as_bytes());
    assert_eq!(seen.header("host").unwrap(), target.address.to_string());
    assert_eq!(seen.header("x-perfectgym-signature").unwrap(), signature("a", SECRET));
    assert!(seen.head.contains("\r\nx-a: 1\r\nx-a: 2\r\n"), "{}", seen.head);
    // printf '%s' 'ann:secret' | base64
    assert_eq!(seen.header("authorization").unwrap(), "Basic YW5uOnNlY3JldA==");
    let mut names: Vec<_> =
        seen.head.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0)).collect();
    names.sort_unstable();
    let expected = [
        "accept",
        "authorization",
        "content-length",
        "content-type",
        "host",
        "via",
        "x-a",
        "x-a",
        "x-perfectgym-request",
        "x-perfectgym-signature",
    ];
    assert_eq!(names, expected);

    let event = listener.next();
    let forwarded = &event["forwarded"][0];
    assert_eq!((&forwarded["status"], &forwarded["body"]), (&202.into(), &"yes!".into()));
    assert_eq!(forwarded["headers"]["x-target"], serde_json::json!(["1", "2"]));
    assert!(event["forwarded"][0]["elapsedMs"].as_f64() <= event["elapsedMs"].as_f64());
}

#[test]
fn a_target_that_is_down_becomes_502() {
    let url = format!("http://127.0.0.1:{}/", closed_port());
    let listener = Listener::start(&["--forward-to", &url]);
    for _ in 0..2 {
        assert!(listener.exchange(&signed("a", "{}")).starts_with("HTTP/1.1 502 "));
        let event = listener.next();
        assert!(
            event["forwarded"][0]["error"].as_str().unwrap().starts_with("is down: "),
            "{event}"
        );
    }
}

#[test]
fn a_silent_target_becomes_504() {
    let target = Target::new(|stream, _| hold(stream));
    let listener =
        Listener::start(&["--forward-to", &target.url("/"), "--forward-timeout", "200ms"]);
    assert!(listener.exchange(&signed("a", "{}")).starts_with("HTTP/1.1 504 "));
    assert_eq!(listener.next()["forwarded"][0]["error"], "is too slow");
}

#[test]
fn only_valid_forwards_only_what_verifies() {
    let target = Target::responding(204, "");
    let listener = Listener::start(&["--forward-to", &target.url("/"), "--only-valid"]);
    let wrong = request("a", &"0".repeat(32), "{}", "Connection: close\r\n");
    assert!(listener.exchange(&wrong).starts_with("HTTP/1.1 200 "));
    assert!(listener.exchange(&signed("a", "{}")).starts_with("HTTP/1.1 204 "));
    assert_eq!(target.seen().len(), 1);
}

#[test]
fn the_first_failing_target_decides_and_routes_go_elsewhere() {
    let (good, bad) = (Target::responding(200, "good"), Target::responding(500, "bad"));
    let tests = Target::responding(201, "tests");
    let route = format!("Test={}", tests.url("/"));
    let urls = [good.url("/"), bad.url("/")];
    let listener =
        Listener::start(&["--forward-to", &urls[0], "--forward-to", &urls[1], "--route", &route]);
    assert!(
        listener.exchange(&signed("a", &envelope("UserModified"))).starts_with("HTTP/1.1 500 ")
    );
    assert_eq!(listener.next()["forwarded"].as_array().unwrap().len(), 2);
    assert!(listener.exchange(&signed("b", &envelope("Test"))).starts_with("HTTP/1.1 201 "));
    assert_eq!((good.seen().len(), bad.seen().len(), tests.seen().len()), (1, 1, 1));
}

#[test]
fn failures_on_purpose_are_not_forwarded() {
    let target = Target::responding(200, "target");
    let listener = Listener::start(&["--forward-to", &target.url("/"), "--fail-first", "1"]);
    assert!(listener.exchange(&signed("a", "{}")).starts_with("HTTP/1.1 503 "));
    assert!(listener.exchange(&signed("a", "{}")).ends_with("target"));
    assert_eq!(target.seen().len(), 1);
}

#[test]
fn https_targets_are_used_if_they_are_trusted() {
    use crate::support::tls::{Authority, Validity};
    let authority = Authority::new("Ours");
    let target = authority.target("localhost", Validity::Current, |stream, _| {
        crate::support::server::send(stream, &crate::support::server::response(200, "tls"));
    });
    let url = format!("https://localhost:{}/", target.address.port());
    let ca = authority.file().display().to_string();
    let trusting = Listener::start(&["--forward-to", &url, "--ca-cert", &ca]);
    assert!(trusting.exchange(&signed("a", "{}")).ends_with("tls"));
    let doubtful = Listener::start(&["--forward-to", &url]);
    assert!(doubtful.exchange(&signed("a", "{}")).starts_with("HTTP/1.1 502 "));
}

#[test]
fn saved_requests_can_be_verified_later() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.ndjson");
    let listener = Listener::start(&["--save", file.to_str().unwrap()]);
    listener.exchange(&signed("a", &envelope("Test")));
    listener.interrupt();
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 1);
    let refused = run(["verify", file.to_str().unwrap()]);
    assert!(refused.code < 3, "{refused:?}");
}

#[test]
fn a_saved_capture_has_what_the_target_responded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.ndjson");
    let target = Target::responding(422, &"ż".repeat(1001));
    let save = ["--save", file.to_str().unwrap()];
    let listener = Listener::start(&[&["--forward-to", &target.url("/")], &save[..]].concat());
    assert!(listener.exchange(&signed("a", &envelope("Test"))).starts_with("HTTP/1.1 422 "));
    let line: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let forwarded = &line["forwarded"][0];
    assert_eq!(forwarded["status"], 422);
    assert_eq!(forwarded["body"], "ż".repeat(1000));
    assert_eq!(forwarded, &listener.next()["forwarded"][0]);
    run(["verify", file.to_str().unwrap()]).exits(0);
}

#[test]
fn a_request_is_saved_although_its_client_goes_away_while_it_is_forwarded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.ndjson");
    let target = Target::new(|stream, _| hold(stream));
    let save = ["--save", file.to_str().unwrap()];
    let listener = Listener::start(&[&["--forward-to", &target.url("/")], &save[..]].concat());
    let mut stream = listener.connect();
    std::io::Write::write_all(&mut stream, &signed("a", "{}")).unwrap();
    wait_until(|| !target.seen().is_empty());
    drop(stream);
    assert_eq!(listener.next()["response"]["outcome"], "client-gone");
    wait_until(|| fs::read_to_string(&file).unwrap().ends_with("}\n"));
}

#[test]
fn flags_for_targets_need_a_target() {
    for flag in [&["--forward-timeout", "3s"][..], &["--insecure"], &["--forward-header", "A: b"]] {
        let ran = run([&["listen", "--addr", "127.0.0.1:0"], flag].concat()).refused();
        assert!(ran.stderr.contains("needs a target to forward to"), "{flag:?}: {ran:?}");
    }
    for flag in ["--head-time", "--body-time"] {
        let ran = run(["listen", flag, "0s"]).refused();
        assert!(ran.stderr.contains("no time at all"), "{flag}: {ran:?}");
    }
    let ran = run(["listen", "--expect", "1", "--report", "html=x"]).refused();
    assert!(ran.stderr.contains("formats: junit\n"), "{ran:?}");
}

#[test]
fn the_request_is_shown_before_the_response_of_its_target() {
    let target = Target::responding(202, "from the target");
    let forward = target.url("/");
    let (shown, sent) = shown_to_people(&["-v", "--forward-to", &forward], &[]);
    sent.exits(0);
    let at = |text: &str| shown.find(text).unwrap_or_else(|| panic!("{text} in {shown}"));
    assert!(at("> POST") < at("202 Accepted") && at("202 Accepted") < at("from the target"));
}
