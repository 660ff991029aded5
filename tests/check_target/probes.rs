//! For each probe: a target that passes, one that fails, and the line that is printed.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::support::hook::{Bytes, Hook, Hooked, good, respond, respond_with};
use crate::support::server::{response, send};
use crate::support::tls::{Authority, Validity};
use crate::support::{pgwh, run};

/// The one line of a check, its times replaced by `_`, and the exit code.
#[track_caller]
fn check(id: &str, url: &str, args: &[&str]) -> (String, i32) {
    let ran = run([&["check-target", url, "--only", id], args].concat());
    (line(id, &ran.stdout), ran.code)
}

/// What is printed for a check, up to its hint.
#[track_caller]
pub fn line(id: &str, stdout: &str) -> String {
    let mut lines = stdout.lines().skip_while(|line| line.split_whitespace().nth(1) != Some(id));
    let first = lines.next().unwrap_or_else(|| panic!("no line for {id}:\n{stdout}"));
    let more = lines.take_while(|line| line.starts_with("      ") && !line.contains('→'));
    let text: Vec<_> = [first].into_iter().chain(more).map(str::trim).collect();
    let words: Vec<_> = text.join(" / ").split_whitespace().map(str::to_owned).collect();
    timeless(&words.join(" "))
}

/// Numbers before `ms` and `s` differ from run to run.
fn timeless(text: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for n in 1..words.len() {
        let unit = words[n].trim_end_matches([',', ';', ':']).to_owned();
        if matches!(&*unit, "ms" | "s") && words[n - 1].parse::<f64>().is_ok() {
            words[n - 1] = "_".to_owned();
            words[n] = words[n].replace(&unit, "_");
        }
    }
    words.join(" ").replace("_ _", "_")
}

/// A row of the table for probes that only notice: the failing target is noted, the exit is 0.
#[track_caller]
fn notes(
    id: &str,
    vice: impl Fn(&Hooked) -> Bytes + Send + Sync + 'static,
    passes: &str,
    noted: &str,
) {
    let passed = check(id, &Hook::new(good).url(), &["--strict"]);
    assert_eq!(passed, (format!("✓ {id} {passes}"), 0));
    let (line, code) = check(id, &Hook::new(vice).url(), &["--strict"]);
    assert_eq!((line[line.find(' ').unwrap()..].trim(), code), (&*format!("{id} {noted}"), 0));
}

/// A row of the table: `good` passes, the receiver with this vice fails, `--strict` counting.
#[track_caller]
fn row(
    id: &str,
    args: &[&str],
    vice: impl Fn(&Hooked) -> Bytes + Send + Sync + 'static,
    passes: &str,
    fails: &str,
) {
    let args = [&["--strict"], args].concat();
    let passed = check(id, &Hook::new(good).url(), &args);
    assert_eq!(passed, (format!("✓ {id} {passes}"), 0));
    let failed = check(id, &Hook::new(vice).url(), &args);
    assert_eq!(failed, (format!("✗ {id} {fails}"), 1));
}

#[test]
fn https_443() {
    let passed = check("https-443", "https://hooks.example.com/pgm", &[]);
    assert_eq!(passed, ("✓ https-443 https on port 443".into(), 0));
    let failed = check("https-443", "https://hooks.example.com:8443/pgm", &[]);
    assert_eq!(failed, ("✗ https-443 PGM would not call it: its port is 8443, not 443".into(), 1));
    let allowed = check("https-443", "https://hooks.example.com:8443/pgm", &["--allow-url"]);
    assert_eq!(allowed.1, 0);
}

#[test]
fn tls() {
    let authority = Authority::new("Test CA");
    let on = |name: &str, validity| {
        let target =
            authority.target(name, validity, |stream, _| send(stream, &response(200, "Ok")));
        let port = target.address.port();
        let ran = pgwh(["check-target", &format!("https://tls.test:{port}/pgm"), "--only", "tls"])
            .args(["--resolve", &format!("tls.test:{port}:127.0.0.1"), "--ca-cert"])
            .arg(authority.file())
            .output()
            .unwrap();
        (line("tls", &String::from_utf8(ran.stdout).unwrap()), ran.status.code().unwrap())
    };
    let (passed, code) = on("tls.test", Validity::Current);
    assert!(passed.starts_with("✓ tls trusted by --ca-cert; issued by "), "{passed}");
    assert!(passed.contains("for tls.test, expires 4096-01-01T00:00:00Z"), "{passed}");
    assert!(passed.ends_with("TLS 1.3") && code == 0, "{passed}");
    let (failed, code) = on("other.test", Validity::Current);
    assert!(failed.starts_with("✗ tls it is not for tls.test; issued by "), "{failed}");
    assert!(failed.contains("for other.test") && code == 3, "{failed}");
    let (failed, code) = on("tls.test", Validity::Expired);
    assert!(failed.starts_with("✗ tls it has expired; "), "{failed}");
    assert!(failed.contains("expired 2020-02-01T00:00:00Z") && code == 3, "{failed}");
}

#[test]
fn answers_2xx() {
    let moved = |_: &Hooked| respond_with(302, "Location: /login\r\n", b"");
    row("answers-2xx", &[], moved, "200 OK in _", "302 Found in _, which points to /login");
    let failed = check("answers-2xx", &Hook::new(|_| respond(500, "boom")).url(), &[]);
    assert_eq!(failed, ("✗ answers-2xx 500 Internal Server Error in _: boom".into(), 1));
    let failed = check("answers-2xx", &Hook::new(|_| respond(404, "")).url(), &[]);
    assert_eq!(failed, ("✗ answers-2xx 404 Not Found in _".into(), 1));
}

#[test]
fn within_5s() {
    let slow = |request: &Hooked| {
        thread::sleep(Duration::from_millis(2100));
        good(request)
    };
    row(
        "within-5s",
        &["--max-time", "2s", "--samples", "3"],
        slow,
        "first request _; 2 more: min _, median _, max _; _ to spare of _",
        "first request _; 1 more: min _, median _, max _; the limit is _",
    );
}

/// Answers 409 to everything it has seen before.
fn fails_on_duplicates(request: &Hooked) -> Bytes {
    if request.repeats > 0 { respond(409, "duplicate") } else { good(request) }
}

#[test]
fn same_request_again() {
    row("same-request-again", &[], fails_on_duplicates, "200 OK in _", "409 Conflict in _");
}

#[test]
fn four_at_once() {
    row(
        "four-at-once",
        &[],
        fails_on_duplicates,
        "4 × 200 OK; the slowest took _",
        "3 × 409 Conflict, 1 × 200 OK; the slowest took _",
    );
}

#[test]
fn retry_after_failure() {
    row(
        "retry-after-failure",
        &[],
        fails_on_duplicates,
        "sent again: 200 OK",
        "sent again: 409 Conflict",
    );
}

#[test]
fn every_event() {
    let knows_some = |request: &Hooked| match request.event() {
        "Test" | "ClassesBooked" => good(request),
        _ => respond(404, "what is that?"),
    };
    row(
        "every-event",
        &["--events", "ClassesBooked,ClassesBookedOnStadbyList,ClassesBookedOnStandbyList"],
        knows_some,
        "all 3 events got a 2xx in time",
        "2 of 3 events did not: / ClassesBookedOnStadbyList: 404 Not Found / \
         ClassesBookedOnStandbyList: 404 Not Found",
    );
}

#[test]
fn unknown_event() {
    let strict = |request: &Hooked| match request.event() {
        "Test" => good(request),
        _ => respond(400, "unknown event"),
    };
    row(
        "unknown-event",
        &[],
        strict,
        "PgwhEventOfTheFuture: 200 OK",
        "PgwhEventOfTheFuture: 400 Bad Request",
    );
}

#[test]
fn extra_and_null_fields() {
    let wants_text = |request: &Hooked| match request.body["data"]["valueText"].is_string() {
        true => good(request),
        false => respond(422, "valueText must be text"),
    };
    row(
        "extra-and-null-fields",
        &[],
        wants_text,
        "extra fields: 200 OK; null fields: 200 OK",
        "null fields: 422 Unprocessable Entity",
    );
    let wants_three = |request: &Hooked| match request.body["data"].as_object().unwrap().len() {
        3 => good(request),
        _ => respond(422, "what is that?"),
    };
    let failed = check("extra-and-null-fields", &Hook::new(wants_three).url(), &[]);
    assert_eq!(
        failed,
        ("✗ extra-and-null-fields extra fields: 422 Unprocessable Entity".into(), 0)
    );
}

#[test]
fn unicode() {
    let ascii = |request: &Hooked| match request.body["data"]["valueText"].as_str().unwrap() {
        text if text.is_ascii() => good(request),
        _ => respond(500, "UnicodeDecodeError"),
    };
    row(
        "unicode",
        &[],
        ascii,
        "non-ASCII and emoji: 200 OK; 10,000 characters: 200 OK",
        "non-ASCII and emoji: 500 Internal Server Error; 10,000 characters: 500 Internal Server Error",
    );
}

#[test]
fn rejects_wrong_signature() {
    row(
        "rejects-wrong-signature",
        &[],
        |_| respond(200, "Ok"),
        "wrong signature: 401 Unauthorized",
        "accepted; wrong signature: 200 OK",
    );
    let crashes = |request: &Hooked| {
        if request.is_genuine() { good(request) } else { respond(500, "InvalidSignature") }
    };
    let failed =
        check("rejects-wrong-signature", &Hook::new(crashes).url(), &["--require-signature"]);
    assert_eq!(
        failed,
        (
            "✗ rejects-wrong-signature not accepted, but not rejected with a 4xx; \
             wrong signature: 500 Internal Server Error"
                .into(),
            1
        )
    );
}

#[test]
fn rejects_unsigned() {
    let only_if_there = |request: &Hooked| match request.signature() {
        None => respond(200, "Ok"),
        Some(_) => good(request),
    };
    row(
        "rejects-unsigned",
        &[],
        only_if_there,
        "no signature: 401 Unauthorized; neither header: 401 Unauthorized",
        "accepted; no signature: 200 OK; neither header: 200 OK",
    );
}

#[test]
fn rejects_other_request_signature() {
    let known = Arc::new(Mutex::new(HashSet::new()));
    let knows_signatures = move |request: &Hooked| {
        let signature = request.signature().unwrap_or_default().to_owned();
        let mut known = known.lock().unwrap();
        if request.is_genuine() || known.contains(&signature) {
            known.insert(signature);
            return respond(200, "Ok");
        }
        respond(401, "bad signature")
    };
    row(
        "rejects-other-request-signature",
        &[],
        knows_signatures,
        "another request's signature: 401 Unauthorized",
        "accepted; another request's signature: 200 OK",
    );
}

#[test]
fn signature_hex_case() {
    let literal = |request: &Hooked| match request.signature() {
        Some(given) if given == request.expected() => respond(200, "Ok"),
        _ => respond(401, "bad signature"),
    };
    notes(
        "signature-hex-case",
        literal,
        "upper-case hex: 200 OK",
        "upper-case hex: 401 Unauthorized",
    );
}

#[test]
fn brief_response() {
    row(
        "brief-response",
        &[],
        |_| respond(200, &"ż".repeat(5000)),
        "2 characters",
        &format!("10000 bytes; PGM would cut it after 1000 characters: …{}", "ż".repeat(30)),
    );
}

#[test]
fn burst() {
    row(
        "burst",
        &["--burst", "6"],
        |request| if request.nth > 2 { respond(429, "slow down") } else { good(request) },
        "6 × 200 OK; min _, median _, max _",
        "4 × 429 Too Many Requests, 2 × 200 OK; min _, median _, max _",
    );
}

#[test]
fn no_compression_surprise() {
    // python3 -c "import gzip;print(gzip.compress(b'Ok',mtime=0).hex())"
    let gzip = hex::decode("1f8b0800000000000203f3cf0600e5f958ec02000000").unwrap();
    notes(
        "no-compression-surprise",
        move |_| respond_with(200, "Content-Encoding: gzip\r\n", &gzip),
        "not compressed",
        "compressed with gzip, unasked",
    );
}

#[test]
fn http_version() {
    notes(
        "http-version",
        |_| b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOk".to_vec(),
        "HTTP/1.1",
        "HTTP/1.0",
    );
}

#[test]
fn keep_alive() {
    notes(
        "keep-alive",
        |_| respond_with(200, "Connection: close\r\n", b"Ok"),
        "the connection is kept",
        "the connection is closed after each response",
    );
}

#[test]
fn soft_failure() {
    row(
        "soft-failure",
        &[],
        |_| respond(200, r#"{"ok": false, "error": "no such member"}"#),
        "the body reports no failure",
        r#"request 1: {"ok": false, "error": "no such member"}"#,
    );
}

/// Knows only headers whose names are written in this way.
fn by_the_letter(name: &'static str) -> impl Fn(&Hooked) -> Bytes {
    move |request| match request.names.iter().any(|known| known == name) {
        true => good(request),
        false => respond(401, "no signature"),
    }
}

#[test]
fn header_case() {
    notes(
        "header-case",
        by_the_letter("X-PerfectGym-Signature"),
        "vendor's case: 200 OK; lower case: 200 OK",
        "vendor's case: 200 OK; lower case: 401 Unauthorized",
    );
    let lower = Hook::new(by_the_letter("x-perfectgym-signature"));
    let (line, code) = check("header-case", &lower.url(), &[]);
    assert_eq!(
        (&*line, code),
        ("· header-case vendor's case: 401 Unauthorized; lower case: 200 OK", 0)
    );
}

#[test]
fn same_body_other_id() {
    let bodies = Mutex::new(HashSet::new());
    row(
        "same-body-other-id",
        &[],
        move |request| match bodies.lock().unwrap().insert(request.body.to_string()) {
            true => respond(200, "Ok"),
            false => respond(200, "duplicate"),
        },
        "same body, other id: 200 OK",
        "same body, other id: 200 OK, as for a repeat: duplicate",
    );
    let ids = Mutex::new(HashSet::new());
    let by_id = move |request: &Hooked| match ids.lock().unwrap().insert(request.id().to_owned()) {
        true => respond(200, "Ok"),
        false => respond(200, "duplicate"),
    };
    assert_eq!(check("same-body-other-id", &Hook::new(by_id).url(), &["--strict"]).1, 0);
}

#[test]
fn query_token() {
    let guarded = |request: &Hooked| match request.path.ends_with("?token=7") {
        true => good(request),
        false => respond(401, "no token"),
    };
    let on = |hook: &Hook| check("query-token", &format!("{}?token=7", hook.url()), &["--strict"]);
    assert_eq!(
        on(&Hook::new(guarded)),
        ("✓ query-token without the query: 401 Unauthorized".into(), 0)
    );
    assert_eq!(on(&Hook::new(good)), ("· query-token without the query: 200 OK".into(), 0));
    let skipped = check("query-token", &Hook::new(good).url(), &[]);
    assert_eq!(skipped.0, "– query-token skipped: the URL has no query");
}

#[test]
fn unknown_member() {
    let knows_members = |request: &Hooked| match request.body["data"]["userId"].is_null() {
        true => good(request),
        false => respond(404, "no such member"),
    };
    row(
        "unknown-member",
        &["--events", "UserModified"],
        knows_members,
        "UserModified: 200 OK",
        "UserModified: 404 Not Found: no such member",
    );
}

#[test]
fn a_rejection_of_test_that_names_its_reason_gets_help_for_it() {
    for (text, help) in [
        ("missing header X-Webhook-Signature", "none of any other name is known"),
        ("field memberId is required", "event, triggeredDate and data"),
        (r#"{"error":"Unsupported event: Test"}"#, "Test all webhooks"),
    ] {
        let hook = Hook::new(move |_: &Hooked| respond(400, text));
        let ran = run(["check-target", &hook.url(), "--only", "answers-2xx"]).exits(1);
        assert!(ran.stdout.contains(text) && ran.stdout.contains(help), "{ran:#?}");
    }
}
