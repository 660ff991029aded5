//! What is reported of requests, and what is kept.

use std::fs;
use std::io::{Read, Write};
use std::process::Stdio;

use crate::listener::{Listener, envelope, request, signal, signature, signed};
use crate::support::server::Target;
use crate::support::{SECRET, pgwh, run};

#[test]
fn each_request_gets_its_verdict_and_repeats_are_counted() {
    let listener = Listener::start(&[]);
    assert_eq!(listener.ready["checking"], true);
    assert!(listener.exchange(&signed("a", &envelope("Test"))).starts_with("HTTP/1.1 200 OK\r\n"));
    let first = listener.next();
    assert_eq!((&first["verdict"], &first["repeat"]), (&"valid".into(), &1.into()));
    assert_eq!((&first["event"], &first["requestId"]), (&"Test".into(), &"a".into()));
    assert_eq!((&first["path"], &first["findings"]), (&"/pgm?a=1".into(), &serde_json::json!([])));

    listener.exchange(&signed("a", &envelope("Test")));
    assert_eq!(listener.next()["repeat"], 2);
    listener.exchange(&request("a", &"0".repeat(32), "{}", "Connection: close\r\n"));
    let invalid = listener.next();
    assert_eq!((&invalid["verdict"], &invalid["repeat"]), (&"invalid".into(), &1.into()));
    listener.exchange(
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
    );
    let unsigned = listener.next();
    assert_eq!((&unsigned["verdict"], &unsigned["requestId"]), (&"unsigned".into(), &().into()));
    // A live request is not called a capture.
    assert!(!unsigned["findings"].to_string().contains("apture"), "{unsigned}");

    let summary = listener.interrupt();
    for (key, count) in
        [("requests", 4), ("valid", 2), ("invalid", 1), ("unsigned", 1), ("repeats", 1)]
    {
        assert_eq!(summary[key], count, "{key}");
    }
    assert_eq!(summary["byEvent"], serde_json::json!({ "Test": 2 }));
}

#[test]
fn an_invalid_signature_is_explained_but_not_to_the_client() {
    let listener = Listener::start(&["--reject-invalid", "-v"]);
    // The secret with a line break at its end, a common mistake.
    let wrong = signature("a", &format!("{SECRET}\n"));
    let response =
        listener.exchange(&request("a", &wrong, &envelope("Test"), "Connection: close\r\n"));
    assert!(response.starts_with("HTTP/1.1 401 "), "{response}");
    let event = listener.next();
    assert_eq!(event["verdict"], "invalid");
    let cause = &event["findings"][0];
    assert!(cause["message"].as_str().unwrap().contains("line"), "{cause}");
    let right = signature("a", SECRET);
    for shown in [response, event.to_string()] {
        assert!(!shown.contains(&right) && !shown.contains(SECRET), "{shown}");
    }
}

#[test]
fn saved_requests_and_fixtures_can_be_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let (file, payloads) = (folder.path().join("c.ndjson"), folder.path().join("payloads"));
    let (file, payloads) = (file.to_str().unwrap(), payloads.to_str().unwrap());
    let listener = Listener::start(&["--save", file, "--save-fixtures", payloads]);
    listener.exchange(&signed("a", &envelope("ClassesBooked")));
    listener.exchange(&request("b", &"0".repeat(32), &envelope("Test"), "Connection: close\r\n"));
    listener.interrupt();

    let captures = fs::read_to_string(file).unwrap();
    let lines: Vec<serde_json::Value> =
        captures.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["path"], "/pgm?a=1");
    assert_eq!(lines[0]["headers"]["x-perfectgym-request"], serde_json::json!(["a"]));
    assert!(lines[0]["body"].as_str().unwrap().contains("ClassesBooked"));

    let events = run(["events", "ClassesBooked", "--fixtures", payloads]).exits(0);
    assert!(events.stdout.contains("\"userId\": 7"), "{}", events.stdout);
    assert!(!folder.path().join("payloads/Test.json").exists(), "it was not genuine");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn verbose_shows_headers_and_bodies() {
    let listener = Listener::start(&["-v"]);
    let mut call =
        request("a", &signature("a", SECRET), "", "X-A: 1\r\nx-a: 2\r\nConnection: close\r\n");
    call.truncate(call.len());
    listener.exchange(&call);
    let event = listener.next();
    assert_eq!(event["headers"]["x-a"], serde_json::json!(["1", "2"]));
    assert_eq!(event["body"], "");
    let bytes =
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nConnection: close\r\n\r\n\xff\x00";
    listener.exchange(bytes);
    let event = listener.next();
    assert_eq!((&event["bodyBase64"], &event["response"]["status"]), (&"/wA=".into(), &200.into()));
    assert!(!event["findings"].as_array().unwrap().is_empty());
}

#[test]
fn without_a_secret_nothing_is_called_valid_or_invalid() {
    let mut command = pgwh(["listen", "--addr", "127.0.0.1:0", "--format", "json"]);
    command.env_remove("PGWH_SECRET");
    let listener = Listener::run(command);
    assert_eq!(listener.ready["checking"], false);
    listener.exchange(&signed("a", &envelope("Test")));
    assert_eq!(listener.next()["verdict"], "unchecked");
}

#[test]
fn the_webhook_whose_secret_matches_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("pgwh.toml");
    let add = |name: &str, variable: &str| {
        let config = config.to_str().unwrap();
        let args = ["webhook", "add", name, "--config", config, "--secret-env", variable];
        run(args.iter().chain(&["--url", "http://localhost:1/"])).exits(0);
    };
    add("booking", "BOOKING");
    add("members", "MEMBERS");
    add("lost", "NOWHERE");
    let listen = |more: &[&str]| {
        let args = ["listen", "--addr", "127.0.0.1:0", "--format", "json", "--config"];
        let mut command = pgwh(args.iter().copied().chain([config.to_str().unwrap()]));
        command.args(more).env_remove("PGWH_SECRET").env("BOOKING", "one").env("MEMBERS", "two");
        Listener::run(command)
    };
    let listener = listen(&[]);
    assert_eq!(listener.ready["secrets"], serde_json::json!(["booking", "members"]));
    let call = |id, secret| request(id, &signature(id, secret), "{}", "Connection: close\r\n");
    listener.exchange(&call("a", "two"));
    assert_eq!(listener.next()["secret"], "members");
    listener.exchange(&call("b", "three"));
    assert_eq!((listener.next()["verdict"].clone(), 1), ("invalid".into(), 1));

    let listener = listen(&["--webhook", "booking"]);
    listener.exchange(&call("a", "two"));
    assert_eq!(listener.next()["verdict"], "invalid");
}

/// Runs it with human output, sends requests, ends it; returns what was on the screen.
fn screen(args: &[&str], requests: &[Vec<u8>]) -> String {
    let mut child = pgwh(["listen", "--addr", "127.0.0.1:0"].iter().chain(args))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut text = Vec::new();
    let read_until = |end: &str, text: &mut Vec<u8>, stdout: &mut dyn Read| {
        while !String::from_utf8_lossy(text).contains(end) {
            let mut piece = [0; 4096];
            let length = stdout.read(&mut piece).unwrap();
            assert!(length > 0, "{}", String::from_utf8_lossy(text));
            text.extend_from_slice(&piece[..length]);
        }
    };
    read_until("\n", &mut text, &mut stdout);
    let shown = String::from_utf8_lossy(&text).into_owned();
    // A color may end right behind it.
    let address = shown.split_once("http://").unwrap().1;
    let address = address.split([' ', '\u{1b}']).next().unwrap();
    for request in requests {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(request).unwrap();
        crate::listener::rest(&mut stream);
    }
    signal("-INT", &child.id().to_string());
    stdout.read_to_end(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    String::from_utf8(text).unwrap()
}

#[test]
fn a_line_has_verdict_status_time_event_and_id() {
    let calls =
        [signed("id-1", &envelope("ClassesBooked")), signed("id-1", &envelope("ClassesBooked"))];
    let screen = screen(&[], &calls);
    assert!(screen.starts_with("Ready! "), "{screen}");
    let line = |word: &str| {
        let line = screen.lines().find(|line| line.contains(word)).unwrap_or_default();
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    let first = line(" valid ");
    assert_eq!(first[1..3], ["valid", "200"]);
    assert_eq!(first[4..], ["ms", "ClassesBooked", "id-1"]);
    assert_eq!(line(" repeat ")[1..4], ["repeat", "2", "200"]);
    assert!(screen.contains("2 requests: 2 valid; 1 repeat\n"), "{screen}");
}

#[test]
fn nothing_from_a_request_steers_the_terminal() {
    let evil = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}";
    let body = format!(r#"{{"event":"{}","data":"{evil}"}}"#, "\\u001b[2J\\u202e");
    let call = format!(
        "POST /{} HTTP/1.1\r\nHost: h\r\nX-Evil: \u{9b}31m\u{202e}\r\n\
         X-PerfectGym-Request: \u{9b}2Ja\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        "%1b[2J",
        body.len(),
    );
    let refused = b"DELETE /\xc2\x9b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".to_vec();
    let screen = screen(&["-v", "--color", "never"], &[call.into_bytes(), refused]);
    let steers = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}');
    let found: Vec<_> = screen.chars().filter(|c| steers(*c)).collect();
    assert!(found.is_empty(), "{found:?} in {screen:?}");
    assert!(screen.contains("\\u{9b}"), "{screen}");
}

#[test]
fn headers_show_their_direction_as_those_of_curl() {
    let target = Target::saying("HTTP/1.1 200 Ok\r\nX-Back: 1\r\nContent-Length: 0\r\n\r\n");
    let url = target.url("/");
    let screen = screen(&["-v", "--forward-to", &url], &[signed("a", &envelope("Test"))]);
    for line in ["> POST /", "> x-perfectgym-request: a\n", "< x-back: 1\n"] {
        assert!(screen.contains(line), "{screen}");
    }
}

#[test]
fn json_is_colored_where_a_person_looks() {
    let call = || request("a", "", r#"{"event":"Test","n":33.780}"#, "Connection: close\r\n");
    let colored = screen(&["-v", "--color", "always"], &[call()]);
    let line = "\u{1b}[36m\"event\"\u{1b}[0m: \u{1b}[32m\"Test\"\u{1b}[0m,";
    assert!(colored.contains(line), "{colored:?}");
    let plain = screen(&["-v", "--color", "never"], &[call()]);
    assert!(plain.contains("│   \"event\": \"Test\",\n"), "{plain:?}");
    assert!(plain.contains("\"n\": 33.780\n"), "{plain:?}");
}

#[test]
fn the_old_and_the_new_secret_are_accepted_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old.secret");
    fs::write(&old, "the old one").unwrap();
    let listener = Listener::start(&["--also-secret-file", &format!("old={}", old.display())]);
    assert_eq!(listener.ready["secrets"], serde_json::json!(["PGWH_SECRET", "old"]));
    listener.exchange(&signed("a", "{}"));
    assert_eq!(listener.next()["secret"], "PGWH_SECRET");
    let signature = signature("b", "the old one");
    listener.exchange(&request("b", &signature, "{}", "Connection: close\r\n"));
    let event = listener.next();
    assert_eq!((&event["verdict"], &event["secret"]), (&"valid".into(), &"old".into()));
}
