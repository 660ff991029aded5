//! Saving what was sent, and sending it again.

use crate::ok;
use crate::support::server::closed_port;
use crate::support::{Ran, pgwh, run};
use serde_json::Value;
use std::fs;

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
    Ran::from(pgwh(again).env_remove("PGWH_SECRET").output().unwrap()).exits(0);
    // With another secret the id stays and the signature changes, which is said.
    let ran = Ran::from(pgwh(again).env("PGWH_SECRET", "another").output().unwrap());
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

#[test]
fn a_capture_is_not_glued_to_a_torn_last_line() {
    let target = ok();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.ndjson");
    fs::write(&file, "{\"torn\":").unwrap();
    run(["send", "Test", "--url", &target.url("/"), "--save", file.to_str().unwrap()]).exits(0);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("{\"torn\":\n{\"receivedAt\":"), "{text}");
    assert!(text.ends_with("}\n"), "{text}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_file_sizes_does_not_keep_a_request_from_being_sent() {
    let target = ok();
    let mut command = std::process::Command::new("bash");
    let script = "ulimit -f 0; exec \"$@\"";
    command.args(["-c", script, "send", env!("CARGO_BIN_EXE_pgwh"), "send", "Test", "--url"]);
    command.arg(target.url("/")).env("PGWH_SECRET", crate::support::SECRET);
    let folder = tempfile::tempdir().unwrap();
    command.env("PGWH_STATE_DIR", folder.path());
    let ran = Ran::from(command.output().unwrap()).exits(0);
    assert_eq!(target.seen().len(), 1);
    assert_eq!(ran.stderr.matches("warning:").count(), 1, "{}", ran.stderr);
}
