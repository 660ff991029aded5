//! Responses on purpose.

use std::fs;
use std::time::Instant;

use crate::listener::{Listener, PATIENCE, envelope, request, shown_to_people, signed};
use crate::support::{pgwh, run};

fn status(response: &str) -> &str {
    response.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).unwrap_or("none")
}

#[test]
fn status_body_headers_and_delay_are_as_set() {
    let listener = Listener::start(&[
        "--status",
        "429",
        "--body",
        "later",
        "--header",
        "Retry-After: 2",
        "--delay",
        "20ms..40ms",
    ]);
    let response = listener.exchange(&signed("a", "{}"));
    assert!(response.starts_with("HTTP/1.1 429 Too Many Requests\r\n"), "{response}");
    assert!(
        response.contains("\r\nretry-after: 2\r\n") && response.ends_with("\r\n\r\nlater"),
        "{response}"
    );
    let event = listener.next();
    assert_eq!(event["response"]["status"], 429);
    assert!(event["elapsedMs"].as_f64().unwrap() >= 20.0, "{event}");
    assert!(listener.ready["seed"].is_u64());
}

#[test]
fn fail_first_fails_attempts_until_a_retry_succeeds() {
    let listener = Listener::start(&["--fail-first", "2"]);
    let args =
        ["send", "Test", "--url", &listener.url("/"), "--retries", "2", "--retry-delay", "1ms"];
    let ran = run(args).exits(0);
    assert!(ran.stdout.contains("at attempt 3"), "{}", ran.stdout);
    let statuses: Vec<_> = (0..3).map(|_| listener.next()["response"]["status"].clone()).collect();
    assert_eq!(statuses, [503, 503, 200]);
    assert_eq!(status(&listener.exchange(&signed("other", "{}"))), "503");
}

#[test]
fn failures_repeat_with_their_seed() {
    let run = || {
        let listener = Listener::start(&["--fail-rate", "0.5", "--seed", "7", "--status", "500"]);
        assert_eq!(listener.ready["seed"], 7);
        let call = |n: u32| status(&listener.exchange(&signed(&n.to_string(), "{}"))).to_owned();
        (0..20).map(call).collect::<Vec<_>>()
    };
    let first = run();
    assert!(first.contains(&"500".to_owned()) && first.contains(&"200".to_owned()), "{first:?}");
    assert_eq!(first, run());
}

#[test]
fn a_drop_closes_and_a_drip_arrives_whole() {
    let listener = Listener::start(&["--drop"]);
    assert_eq!(listener.exchange(&signed("a", "{}")), "");
    assert_eq!(listener.next()["response"]["outcome"], "dropped");

    let listener = Listener::start(&["--drip=50ms"]);
    let response = listener.exchange(&signed("a", "{}"));
    assert!(
        response.ends_with("\r\n\r\nOk") && response.contains("content-length: 2\r\n"),
        "{response}"
    );
}

#[test]
fn a_client_that_goes_away_is_reported() {
    let listener = Listener::start(&["--delay", "1h"]);
    let args = ["send", "Test", "--url", &listener.url("/"), "--timeout", "200ms"];
    run(args).exits(1);
    let event = listener.next();
    assert_eq!(
        (&event["response"]["outcome"], &event["verdict"]),
        (&"client-gone".into(), &"valid".into())
    );
}

#[test]
fn a_script_chooses_by_event_and_by_number() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script.toml");
    let text = "[[response]]\nevent = \"Test\"\nstatus = 422\nbody = \"no tests\"\n\n\
                [[response]]\nrequest = \"2..3\"\ndrop = true\n";
    fs::write(&script, text).unwrap();
    let listener = Listener::start(&["--script", script.to_str().unwrap()]);
    let call = |event: &str| listener.exchange(&signed("a", &envelope(event)));
    assert_eq!(status(&call("UserModified")), "200");
    assert_eq!(call("UserModified"), "");
    assert!(call("Test").ends_with("no tests"));
    assert_eq!(status(&call("UserModified")), "200");

    fs::write(&script, "[[response]]\nstauts = 1").unwrap();
    let refused = run(["listen", "--script", script.to_str().unwrap()]).refused();
    assert!(refused.stderr.contains("stauts"), "{}", refused.stderr);
}

#[test]
fn an_event_that_pgm_does_not_have_is_warned_of_once() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script.toml");
    fs::write(&script, "[[response]]\nevent = \"UserCardScaned\"\nstatus = 500\n").unwrap();
    let wait = ["listen", "--addr", "127.0.0.1:0", "--expect", "1", "--timeout", "1ms"];
    let flags = ["--expect-event", "Tset", "--expect-event", "Test"];
    let rest = ["--route", "Tset=http://127.0.0.1:1/", "--script", script.to_str().unwrap()];
    let told = run(wait.iter().chain(&flags).chain(&rest)).exits(1).stderr;
    for (event, meant) in [("Tset", "Test"), ("UserCardScaned", "UserCardScanned")] {
        let warning = format!(
            "warning: PGM is not known to have an event \"{event}\"\n help: did you mean {meant}?\n"
        );
        assert_eq!(told.matches(&warning).count(), 1, "{told}");
    }
    assert_eq!(told.matches("warning:").count(), 2, "{told}");
}

#[test]
fn reject_invalid_responds_401() {
    let listener = Listener::start(&["--reject-invalid"]);
    assert_eq!(status(&listener.exchange(&signed("a", "{}"))), "200");
    let wrong = request("a", &"0".repeat(32), "{}", "Connection: close\r\n");
    assert_eq!(status(&listener.exchange(&wrong)), "401");
    let bare = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    assert_eq!(status(&listener.exchange(bare)), "401");
}

#[test]
fn flags_that_could_only_be_ignored_are_refused() {
    for (args, word) in [
        (
            &["--status", "503", "--forward-to", "http://localhost:1"][..],
            "--forward-to both decide",
        ),
        (&["--only-valid"], "needs a target to forward to"),
        (&["--status", "99"], "200 to 599"),
        (&["--fail-rate", "2"], "0 to 1"),
        (&["--delay", "soon"], "such as 6s"),
        (&["--rotate", "1MiB"], "--save"),
        (&["--expect-event", "Test"], "--expect"),
        (&["--addr", "somewhere"], "127.0.0.1:4100"),
    ] {
        let refused = run(["listen"].iter().chain(args)).refused();
        assert!(refused.stderr.contains(word), "{args:?}: {}", refused.stderr);
    }
    for flag in ["--reject-invalid", "--only-valid", "--expect=1"] {
        let mut command = pgwh(["listen", flag]);
        let ran = command.env_remove("PGWH_SECRET").output().unwrap();
        assert_eq!(ran.status.code(), Some(2), "{flag}");
    }
}

#[test]
fn a_port_in_use_is_explained() {
    let first = Listener::start(&[]);
    let started = Instant::now();
    let address = first.address.to_string();
    let refused = run(["listen", "--addr", &address]).refused();
    assert!(refused.stderr.contains("picks a free port"), "{}", refused.stderr);
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn a_response_that_pgm_would_not_wait_for_is_marked() {
    let (shown, sent) = shown_to_people(&["--delay", "5050ms"], &["--timeout", "30s"]);
    assert!(sent.exits(1).stdout.contains("too late"));
    assert!(shown.contains("too late: PGM allows 5 s"), "{shown}");
}
