//! A request that was captured is chosen, edited and sent as a new one; a signature is left out or
//! wrong on purpose.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::ok;
use crate::support::server::{Target, closed_port};
use crate::support::{Ran, pgwh, run};

/// A file with a capture of `Test`, one of `UserModified`, and that one again.
fn captures() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sent.ndjson");
    let target = ok();
    let url = target.url("/");
    let file = file.to_str().unwrap();
    for (event, id) in [("Test", "aa-1"), ("UserModified", "ab-2"), ("UserModified", "ab-2")] {
        run(["send", event, "--request-id", id, "--url", &url, "--save", file]).exits(0);
    }
    folder
}

/// The request ids and bodies that `send --from` with these arguments sends.
fn resent(args: &[&str]) -> Vec<(String, Value)> {
    let folder = captures();
    let file = folder.path().join("sent.ndjson");
    let target = ok();
    let url = target.url("/");
    run(["send", "--url", &url, "--from", file.to_str().unwrap()].iter().chain(args)).exits(0);
    let sent = target.seen().into_iter().map(|seen| {
        let id = seen.header("X-PerfectGym-Request").unwrap().to_owned();
        (id, serde_json::from_slice(&seen.body).unwrap())
    });
    sent.collect()
}

#[test]
fn one_of_several_captures_is_chosen_by_its_id_or_event() {
    let ids =
        |args: &[&str]| -> Vec<String> { resent(args).into_iter().map(|(id, _)| id).collect() };
    assert_eq!(ids(&["--id", "aa"]), ["aa-1"]);
    assert_eq!(ids(&["--id", "ab-"]), ["ab-2"]);
    assert_eq!(ids(&["--id", "last"]), ["ab-2"]);
    assert_eq!(ids(&["--event", "UserModified"]), ["ab-2", "ab-2"]);

    let folder = captures();
    let file = folder.path().join("sent.ndjson");
    let url = format!("http://127.0.0.1:{}/", closed_port());
    for (args, text) in [
        (["--id", "a"], "several request ids"),
        (["--id", "x"], "no captured request id"),
        (["--event", "UserModifid"], "did you mean UserModified?"),
    ] {
        let from = ["send", "--url", &url, "--from", file.to_str().unwrap()];
        let ran = run(from.iter().chain(&args)).refused();
        assert!(ran.stderr.contains(text), "{args:?}: {ran:?}");
    }
}

#[test]
fn an_edited_capture_is_a_new_request() {
    let edits = ["--set", "userId=7", "--add", "vip=true", "--remove", "user.userEmail"];
    let sent = resent(&[&["--id", "last"][..], &edits].concat());
    let [(id, body)] = &sent[..] else { panic!("{sent:?}") };
    assert_ne!(id, "ab-2");
    assert_eq!(body["event"], "UserModified");
    assert_eq!((&body["data"]["userId"], &body["data"]["vip"]), (&json!(7), &json!(true)));
    assert!(body["data"]["user"].get("userEmail").is_none(), "{body}");

    let dated = resent(&["--id", "aa", "--triggered-date", "2031-01-02"]);
    assert_ne!(dated[0].0, "aa-1");
    assert_eq!(dated[0].1["triggeredDate"], "2031-01-02T00:00:00Z");
}

#[cfg(unix)]
#[test]
fn the_editor_changes_the_body_before_it_is_signed() {
    let edited = |editor: &str, url: &str| {
        let mut command = pgwh(["send", "ClassesBooked", "--url", url, "--edit"]);
        Ran::from(command.env_remove("VISUAL").env("EDITOR", editor).output().unwrap())
    };
    let target = ok();
    edited("sed -i s/48213/7/", &target.url("/")).exits(0);
    let seen = target.seen().remove(0);
    let body: Value = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!((&body["event"], &body["data"]["userId"]), (&json!("ClassesBooked"), &json!(7)));
    // Compact again, as every other body.
    assert!(!seen.body.contains(&b'\n'));

    let nobody = format!("http://127.0.0.1:{}/", closed_port());
    for (editor, text) in
        [("sed -i s/{//", "is not JSON"), ("false", "failed"), ("", "names an editor")]
    {
        let ran = edited(editor, &nobody).refused();
        assert!(ran.stderr.contains(text), "{editor}: {ran:?}");
    }
}

#[test]
fn a_request_without_a_signature_has_neither_header_and_needs_no_secret() {
    let target = ok();
    let url = target.url("/");
    let command = ["send", "Test", "--url", &url, "--unsigned"];
    Ran::from(pgwh(command).env_remove("PGWH_SECRET").output().unwrap()).exits(0);
    let seen = target.seen().remove(0);
    assert!(!seen.head.to_lowercase().contains("x-perfectgym"), "{}", seen.head);
}

#[test]
fn a_wrong_signature_differs_from_the_right_one() {
    let target = ok();
    let url = target.url("/");
    let id = ["send", "Test", "--url", &url, "--request-id", "1"];
    run(id).exits(0);
    run(id.iter().chain(&["--wrong-signature"])).exits(0);
    let seen = target.seen();
    let signatures: BTreeSet<_> =
        seen.iter().map(|seen| seen.header("X-PerfectGym-Signature").unwrap()).collect();
    assert_eq!(signatures.len(), 2);
    assert!(signatures.iter().all(|signature| signature.len() == 32), "{signatures:?}");
    assert!(seen.iter().all(|seen| seen.header("X-PerfectGym-Request") == Some("1")));
}

#[test]
fn a_header_without_a_value_is_left_out() {
    let target = ok();
    let url = target.url("/");
    let headers = ["--header", "User-Agent:", "--header", "x-perfectgym-signature:"];
    run(["send", "Test", "--url", &url].iter().chain(&headers)).exits(0);
    let seen = target.seen().remove(0);
    assert_eq!((seen.header("User-Agent"), seen.header("X-PerfectGym-Signature")), (None, None));
    assert!(seen.header("X-PerfectGym-Request").is_some());
    for header in ["Host:", "Content-Length:"] {
        let ran = run(["send", "Test", "--url", &url, "--header", header]).refused();
        assert!(ran.stderr.contains(header.trim_end_matches(':')), "{ran:?}");
    }
}

#[test]
fn an_envelope_of_another_event_is_refused() {
    let url = format!("http://127.0.0.1:{}/", closed_port());
    let data = r#"{"event":"UserModified","data":{"userId":1}}"#;
    let ran = run(["send", "ClassesBooked", "--url", &url, "--data", data]).refused();
    assert!(ran.stderr.contains("pgwh send UserModified --data"), "{ran:?}");
}

#[test]
fn a_url_in_place_of_an_event_is_recognized() {
    let ran = run(["send", "Test", "http://localhost:3000/pgm"]);
    assert!(ran.refused().stderr.contains("did you mean --url http://localhost:3000/pgm?"));
}

#[test]
fn a_mangled_secret_is_used_with_one_warning() {
    let target = ok();
    let url = target.url("/");
    let mut command = pgwh(["send", "Test", "ClassesBooked", "--url", &url]);
    let ran = Ran::from(command.env("PGWH_SECRET", "'s3cret'").output().unwrap()).exits(0);
    assert_eq!(ran.stderr.matches("looks mangled").count(), 1, "{ran:?}");
    assert_eq!(target.seen().len(), 2);
}

#[test]
fn dates_are_set_in_the_format_of_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = r#"{"day": "2026-03-01", "at": "2026-03-01T10:00:00Z"}"#;
    fs::write(folder.path().join("Own.json"), fixture).unwrap();
    let target = ok();
    let url = target.url("/");
    let fixtures = ["--fixtures", folder.path().to_str().unwrap()];
    let dates = ["--set-date", "data.day=2031-02-03", "--set-date", "at=2031-02-03"];
    let now = ["--triggered-date", "2030-01-01T12:00:00Z", "--add", "n=1"];
    run(["send", "Own", "--url", &url].iter().chain(&fixtures).chain(&dates).chain(&now)).exits(0);
    let body: Value = serde_json::from_slice(&target.seen()[0].body).unwrap();
    assert_eq!(body["data"], json!({"day": "2031-02-03", "at": "2031-02-03T00:00:00Z", "n": 1}));
}

#[test]
fn long_names_from_outside_are_cut_where_they_are_shown() {
    let long = "E".repeat(70_000);
    let body = json!({"event": long, "triggeredDate": "2026-03-01T17:42:09Z", "data": {}});
    let headers = json!({"x-perfectgym-request": [long], "x-perfectgym-signature": ["0"]});
    let capture = json!({
        "receivedAt": "2026-03-01T17:42:09.123Z", "method": "POST", "path": "/",
        "headers": headers, "body": body.to_string(),
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long.ndjson");
    fs::write(&file, format!("{capture}\n")).unwrap();
    let file = file.to_str().unwrap();
    let target = ok();
    let url = target.url("/");
    let state = folder.path().join("state");
    let data = body.to_string();
    for (args, code) in [
        (&["send", "--from", file, "--url", &url][..], 0),
        (&["send", "--body", &data, "--url", &url], 0),
        (&["send", "Test", "--data", &data, "--url", &url], 2),
        (&["send", &long, "--url", &url], 2),
        (&["requests"], 0),
        (&["verify", file], 1),
        (&["verify", file, "--format", "markdown"], 1),
    ] {
        let ran = Ran::from(pgwh(args).env("PGWH_STATE_DIR", &state).output().unwrap()).exits(code);
        for line in ran.stdout.lines().chain(ran.stderr.lines()) {
            assert!(line.chars().count() < 3000, "{args:.1?}: {line:.100}");
        }
    }
    // Only what is shown is cut.
    assert!(target.seen()[0].body.len() > 70_000);
}

#[test]
fn a_401_to_a_request_without_a_right_signature_is_as_it_should_be() {
    let target = Target::responding(401, "no");
    let url = target.url("/");
    let send =
        |flags: &[&str]| run(["send", "Test", "--url", &url].iter().chain(flags)).exits(1).stdout;
    let unsigned = send(&["--unsigned"]);
    assert!(unsigned.contains("should reject a request without a signature"), "{unsigned}");
    let wrong = send(&["--wrong-signature"]);
    assert!(wrong.contains("should reject a wrong signature"), "{wrong}");
    assert!(send(&[]).contains("does it have the same secret?"));
}
