//! `pgwh send` against a target of the tests' own.

mod support;

use std::fs;

use serde_json::Value;
use support::server::{Target, closed_port, response, send};
use support::{SECRET, assert_matches_schema, pgwh, run, run_with_stdin};

fn ok() -> Target {
    Target::answering(200, "Ok")
}

/// The body that a run with these arguments sent, as text.
fn sent_body(args: &[&str]) -> String {
    let target = ok();
    run(["send", "--url", &target.url("/")].iter().chain(args)).exits(0);
    String::from_utf8(target.seen()[0].body.clone()).unwrap()
}

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
    for event in pgwh::pgm::catalogue() {
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
fn repeats_are_the_same_request_whatever_the_answer() {
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
fn the_payload_can_be_replaced_and_edited() {
    let data = |args: &[&str]| {
        let json: Value = serde_json::from_str(&sent_body(args)).unwrap();
        json["data"].to_string()
    };
    let sample = [
        "ClassesBooked",
        "--data",
        r#"{"userId":1,"price":1.50,"user":{"a b":null}}"#,
        "--set",
        "userId=42",
        "--set",
        r#"data.user."a b"="7""#,
        "--add",
        "user.tags[0]=żółć",
        "--add",
        "more={\"x\":true}",
    ];
    assert_eq!(
        data(&sample),
        r#"{"userId":42,"price":1.50,"user":{"a b":"7","tags":["żółć"]},"more":{"x":true}}"#
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data.json");
    fs::write(&file, "[1, 2]").unwrap();
    assert_eq!(data(&["Test", "--data", &format!("@{}", file.display())]), "[1,2]");
    assert_eq!(data(&["Brandnew", "--unlisted", "--data", "null"]), "null");
}

#[test]
fn a_body_is_sent_byte_for_byte_from_a_file_or_standard_input() {
    let bytes = b"\xef\xbb\xbf{ \"event\": \"Custom\" }\r\n\xff\x00".to_vec();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("body");
    fs::write(&file, &bytes).unwrap();

    let target = ok();
    let url = target.url("/");
    let from_file = format!("@{}", file.display());
    run(["send", "--body", &from_file, "--url", &url]).exits(0);
    run_with_stdin(pgwh(["send", "--body", "-", "--url", &url]), &bytes).exits(0);
    assert!(target.seen().iter().all(|seen| seen.body == bytes));
}

#[test]
fn fixtures_of_the_user_lie_over_the_built_in_ones() {
    let folder = tempfile::tempdir().unwrap();
    let vip =
        r#"{"event":"ClassesBooked","triggeredDate":"2020-01-01T00:00:00Z","data":{"vip":1}}"#;
    fs::write(folder.path().join("vip.json"), vip).unwrap();
    fs::write(folder.path().join("Test.json"), r#"{"mine":true}"#).unwrap();
    let fixtures = folder.path().to_str().unwrap();
    assert!(sent_body(&["Test", "--fixtures", fixtures]).ends_with(r#""data":{"mine":true}}"#));
    let body = sent_body(&["vip", "--fixtures", fixtures]);
    assert!(body.starts_with(r#"{"event":"ClassesBooked","#), "{body}");
    assert!(body.ends_with(r#""data":{"vip":1}}"#), "{body}");
}

#[test]
fn the_secret_comes_from_a_file_or_standard_input_and_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    fs::write(&file, "zażółć-gęślą-jaźń\n").unwrap();
    let target = ok();
    let url = target.url("/");
    let id = ["--request-id", "7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4", "-v"];
    let base = ["send", "Test", "--url", &url, "--secret-file"];
    let from_file = run(base.iter().chain(&[file.to_str().unwrap()]).chain(&id)).exits(0);
    let command = pgwh(base.iter().chain(&["-"]).chain(&id));
    let from_stdin = run_with_stdin(command, "zażółć-gęślą-jaźń".as_bytes()).exits(0);
    for (ran, seen) in [from_file, from_stdin].iter().zip(target.seen()) {
        // printf '%s' '7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4:zażółć-gęślą-jaźń' | md5sum
        assert_eq!(seen.header("x-perfectgym-signature"), Some("4ef2fa8e3ae412294b16b46a027503a3"));
        assert!(!ran.stdout.contains("jaźń") && !ran.stderr.contains("jaźń"), "{ran:#?}");
    }
    let ran = run(["send", "Test", "--url", &url, "--secret", "on-the-command-line"]).exits(0);
    assert!(ran.stderr.contains("other users"), "{ran:#?}");
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
fn proxies_are_used_except_for_loopback() {
    let (proxy, direct) = (ok(), ok());
    let via = proxy.url("");
    for (url, target) in [("http://pgm.example/x", &proxy), (&*direct.url("/x"), &direct)] {
        let before = target.seen().len();
        let ran: support::Ran =
            pgwh(["send", "Test", "--url", url]).env("http_proxy", &via).output().unwrap().into();
        ran.exits(0);
        assert_eq!(target.seen().len(), before + 1, "{url}");
    }
    assert!(proxy.seen()[0].head.starts_with("POST http://pgm.example/x HTTP/1.1\r\n"));
}

#[test]
fn pgms_own_rules_are_warned_of_but_not_for_loopback() {
    let target = ok();
    let port = target.address.port();
    let url = format!("http://staging.example.com:{port}/");
    let resolve = format!("staging.example.com:{port}:127.0.0.1");
    let ran = run(["send", "Test", "--url", &url, "--resolve", &resolve]).exits(0);
    assert!(ran.stderr.contains("it is not https"), "{ran:#?}");
    let ran = run(["send", "Test", "--url", &target.url("/"), "--timeout", "7s"]).exits(0);
    assert!(ran.stderr.contains("PGM has given up"), "{ran:#?}");
    assert_eq!(run(["send", "Test", "--url", &target.url("/")]).exits(0).stderr, "");
}

#[test]
fn quiet_shows_the_verdict_alone_and_verbose_the_headers() {
    let target = ok();
    let url = target.url("/");
    let quiet = run(["send", "Test", "--url", &url, "-q"]).exits(0).stdout;
    assert_eq!(quiet.lines().count(), 1, "{quiet}");
    assert!(quiet.starts_with("✓ PGM would mark this request successful: 200 OK in "), "{quiet}");
    let verbose = run(["send", "Test", "--url", &url, "-v"]).exits(0).stdout;
    for words in ["> X-PerfectGym-Request: ", "< HTTP/1.1 200 OK", "< content-length: 2", "│ Ok"]
    {
        assert!(verbose.contains(words), "{words}: {verbose}");
    }
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    let target = ok();
    let mut child = pgwh(["send", "Test", "--url", &target.url("/")])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ran: support::Ran = child.wait_with_output().unwrap().into();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_answer_is_said() {
    let target = ok();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ran: support::Ran =
        pgwh(["send", "Test", "--url", &target.url("/")]).stdout(full).output().unwrap().into();
    assert!(ran.exits(2).stderr.contains("cannot write the answer"));
}

#[test]
fn what_was_sent_is_saved_as_captures_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sent.ndjson");
    let target = ok();
    let url = target.url("/hook?a=1");
    for event in ["Test", "UserModified"] {
        run(["send", event, "--url", &url, "--save", file.to_str().unwrap()]).exits(0);
    }
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    for (line, seen) in lines.iter().zip(target.seen()) {
        assert_eq!((&line["method"], &line["path"]), (&"POST".into(), &"/hook?a=1".into()));
        assert_eq!(
            line["headers"]["x-perfectgym-request"][0],
            seen.header("X-PerfectGym-Request").unwrap()
        );
        assert_eq!(line["headers"]["host"][0], target.address.to_string());
        assert_eq!(line["body"], String::from_utf8(seen.body).unwrap());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn bad_input_is_refused_with_one_clear_message() {
    let url = &*format!("http://127.0.0.1:{}/", closed_port());
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.json");
    fs::write(&broken, "{\"a\":\n 1,}").unwrap();
    let broken = &*format!("@{}", broken.display());
    let empty = folder.path().join("empty");
    fs::write(&empty, "\n").unwrap();
    let empty = empty.to_str().unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["send", "ClasesBooked", "--url", url], "did you mean ClassesBooked?"),
        (&["send", "Test", "--url", "localhost:3000/x"], "did you mean http://localhost:3000/x"),
        (&["send", "Test", "--url", "ftp://example.com"], "neither https nor http"),
        (&["send", "Test"], "--url"),
        (&["send", "--url", url], "EVENT"),
        (&["send", "Test", "--url", url, "--data", "{\"a\":1,}"], "line 1 column 8"),
        (&["send", "Test", "--url", url, "--data", broken], "line 2 column 4"),
        (&["send", "Test", "--url", url, "--data", "@/no/such/file"], "/no/such/file"),
        (&["send", "Test", "--url", url, "--set", "valueLng=1"], "did you mean valueLong?"),
        (&["send", "Test", "--url", url, "--set", "valueLong"], "PATH=VALUE"),
        (&["send", "Test", "--url", url, "--secret", ""], "empty"),
        (&["send", "Test", "--url", url, "--secret-file", empty], "empty"),
        (&["send", "Test", "--url", url, "--secret-file", "/no/such/file"], "/no/such/file"),
        (&["send", "Test", "--url", url, "--body", "x"], "cannot be used with"),
        (&["send", "Test", "--url", url, "--repeat", "2", "--retries", "1"], "cannot be used with"),
        (&["send", "Test", "--url", url, "--parallel"], "--repeat"),
        (&["send", "Test", "--url", url, "--repeat", "0"], "--repeat"),
        (&["send", "Test", "--url", url, "--timeout", "5"], "a number with a unit"),
        (&["send", "Test", "--url", url, "--triggered-date", "soon"], "-5m"),
        (&["send", "Test", "--url", url, "--request-id", "a\nb"], "cannot carry"),
        (&["send", "Test", "Test", "--url", url, "--request-id", "a"], "several events"),
        (&["send", "Test", "--url", url, "--header", "nonsense"], "'Name: value'"),
        (&["send", "Test", "--url", url, "--ca-cert", "/no/such/file"], "CA certificate"),
        (&["send", "Test", "--url", url, "--resolve", "a:1:127.0.0.1"], "is not about"),
        (&["send", "Test", "--url", url, "--retry-on", "never"], "expected failure"),
        (&["send", "Test", "--url", url, "--save", "/no/such/folder/file"], "cannot open"),
        (&["send", "Test", "--url", url, "--fixtures", "/no/such/folder"], "/no/such/folder"),
        (&["send", "Test", "--url", url, "--data", "-", "--secret-file", "-"], "standard input"),
        (&["send", "New", "--url", url, "--unlisted"], "--data"),
        (&["send", "--body", "x", "--url", url, "--unlisted"], "cannot be used with"),
        (&["send", "Test", "--url", url, "--header", "Content-Length: 5"], "follows from the body"),
        (&["send", "Test", "--url", url, "--header", "x-perfectgym-request: 1"], "--request-id"),
        (&["send", "Test", "--url", url, "--timeout", "0s"], "no time at all"),
        (&["send", "Test", "--url", url, "--repeat", "1001"], "1 to 1000"),
        (&["send", "Test", "--url", url, "--repeat", "2", "--backoff", "fixed"], "cannot be used"),
        (&["send", "Test", "--url", url, "--triggered-date", "+9000y"], "0 to 9999"),
        (&["send", "Test", "--url", url, "--resolve", "127.0.0.1:1:127.0.0.2"], "HOST:PORT:ADDR"),
        (&["sign", "--request-id", "1", "--set", "a=1"], "EVENT"),
        (&["sign", "--request-id", "1", "--triggered-date", "now"], "EVENT"),
        (&["sign", "Test", "--data", "-", "--secret-file", "-"], "standard input"),
    ];
    for (args, words) in cases {
        let ran = run(*args).refused();
        assert!(ran.stderr.contains(words), "{args:?} should say {words:?}: {}", ran.stderr);
        assert_eq!(ran.stderr.matches("error:").count(), 1, "{}", ran.stderr);
    }
}

#[test]
fn without_a_secret_the_three_ways_to_give_one_are_named() {
    let url = format!("http://127.0.0.1:{}/", closed_port());
    let mut command = pgwh(["send", "Test", "--url", &url]);
    let ran = support::Ran::from(command.env_remove("PGWH_SECRET").output().unwrap()).refused();
    for way in ["--secret-file", "PGWH_SECRET", "--secret TEXT"] {
        assert!(ran.stderr.contains(way), "{}", ran.stderr);
    }
    let ran = support::Ran::from(command.env("PGWH_SECRET", "").output().unwrap()).refused();
    assert!(ran.stderr.contains("PGWH_SECRET is empty"), "{}", ran.stderr);
    assert!(!ran.stderr.contains(SECRET));
}

#[test]
fn a_saved_request_is_sent_again_with_the_same_id_and_body() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sent.ndjson");
    let file = file.to_str().unwrap();
    let target = ok();
    let url = target.url("/");
    run(["send", "Test", "--url", &url, "--save", file, "--header", "Content-Type: text/json"])
        .exits(0);
    run(["send", "--body", "raw ż", "--url", &url, "--save", file]).exits(0);

    let again = ["send", "--from", file, "--url", &url];
    let ran = run(again).exits(0);
    assert_eq!(ran.stderr, "");
    assert!(ran.stdout.contains("Test →") && ran.stdout.contains("(no event) →"), "{}", ran.stdout);
    // Without a secret the captured signature is sent.
    support::Ran::from(pgwh(again).env_remove("PGWH_SECRET").output().unwrap()).exits(0);
    // With another secret the id stays and the signature changes, which is said.
    let ran = support::Ran::from(pgwh(again).env("PGWH_SECRET", "another").output().unwrap());
    assert!(ran.exits(0).stderr.contains("line 1: signed with your secret"));

    let seen = target.seen();
    assert_eq!(seen.len(), 8);
    for (n, first) in seen[..2].iter().enumerate() {
        for later in [&seen[n + 2], &seen[n + 4]] {
            assert_eq!(first, later);
        }
        let other = &seen[n + 6];
        assert_eq!(first.body, other.body);
        assert_eq!(first.header("X-PerfectGym-Request"), other.header("X-PerfectGym-Request"));
        assert_ne!(first.header("X-PerfectGym-Signature"), other.header("X-PerfectGym-Signature"));
    }
}

#[test]
fn what_cannot_be_sent_again_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("captures");
    let url = format!("http://127.0.0.1:{}/", closed_port());
    for (text, words) in [
        ("", "empty"),
        ("{\"headers\":{\"a\":\"b\"}}\n", "no request of PGM's"),
        ("{\"headers\":{\"x-perfectgym-request\":[\"1\"]}}\n", "no body"),
    ] {
        fs::write(&file, text).unwrap();
        let ran = run(["send", "--from", file.to_str().unwrap(), "--url", &url]).refused();
        assert!(ran.stderr.contains(words), "{text}: {}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_130() {
    let target = Target::new(|stream, _| support::server::hold(stream));
    let mut child = pgwh(["send", "Test", "--url", &target.url("/")])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while target.seen().is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_header_may_be_sent_twice() {
    let target = ok();
    let url = target.url("/");
    let headers = ["--header", "X-A: 1", "--header", "Accept: a/b", "--header", "x-a: 2"];
    run(["send", "Test", "--url", &url].iter().chain(&headers)).exits(0);
    let head = target.seen().remove(0).head;
    for (line, times) in [("x-a: 1", 1), ("x-a: 2", 1), ("accept: a/b", 1), ("accept: */*", 0)] {
        assert_eq!(head.lines().filter(|known| *known == line).count(), times, "{line}: {head}");
    }
}

#[test]
fn an_empty_variable_is_none_and_a_byte_order_mark_no_part_of_anything() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let secret = write("secret", format!("\u{feff}{SECRET}\r\n").as_bytes());
    let data = format!("@{}", write("data.json", "\u{feff}{\"a\":1}".as_bytes()));
    let target = ok();
    let url = target.url("/");
    let id = "7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4";
    let args = ["send", "Test", "--url", &url, "--secret-file", &secret, "--data", &data];
    let mut command = pgwh(args.iter().chain(&["--request-id", id]));
    command.env("PGWH_FIXTURES", "").env("PGWH_CONFIG", "");
    support::Ran::from(command.output().unwrap()).exits(0);
    let seen = target.seen().remove(0);
    // printf '%s' "$id:correct-horse-battery-staple" | md5sum
    assert_eq!(seen.header("x-perfectgym-signature"), Some("7676a4495df92546d401bdeabbda6428"));
    assert!(seen.body.ends_with(br#""data":{"a":1}}"#));

    let utf16 = write("utf16", b"\xff\xfes\0");
    let ran = run(["send", "Test", "--url", &url, "--secret-file", &utf16]).refused();
    assert!(ran.stderr.contains("save it as UTF-8"), "{}", ran.stderr);
}

#[test]
fn a_whole_envelope_as_data_counts_as_its_data() {
    let body = sent_body(&["Test", "--data", r#"{"event":"X","triggeredDate":"","data":{"a":1}}"#]);
    assert!(
        body.starts_with(r#"{"event":"Test","#) && body.ends_with(r#""data":{"a":1}}"#),
        "{body}"
    );
}

#[test]
fn a_short_limit_says_nothing_about_pgm() {
    let target = Target::new(|stream, _| support::server::hold(stream));
    let ran = run(["send", "Test", "--url", &target.url("/"), "--timeout", "100ms", "-q"]).exits(1);
    assert!(ran.stdout.contains("PGM would wait 5.00 s"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("would mark"), "{}", ran.stdout);
}

#[test]
fn a_proxy_that_fails_is_named() {
    let proxy = format!("http://127.0.0.1:{}", closed_port());
    let mut command = pgwh(["send", "Test", "--url", "http://pgm.example/x"]);
    let ran = support::Ran::from(command.env("http_proxy", &proxy).output().unwrap()).exits(3);
    assert!(ran.stdout.contains(&format!("through the proxy {proxy}")), "{}", ran.stdout);
    assert!(ran.stdout.contains("NO_PROXY"), "{}", ran.stdout);
}
