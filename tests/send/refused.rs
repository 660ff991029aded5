//! Bad input: one clear message, exit code 2, nothing sent.

use crate::support::server::closed_port;
use crate::support::{Ran, SECRET, pgwh, run};
use std::fs;

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
        (&["send", "Test", "--url", url, "--resolve", "a:1:127.0.0.1"], "is not for"),
        (&["send", "Test", "--url", url, "--retry-on", "never"], "expected failure"),
        (&["send", "Test", "--url", url, "--save", "/no/such/folder/file"], "cannot open"),
        (&["send", "Test", "--url", url, "--fixtures", "/no/such/folder"], "/no/such/folder"),
        (&["send", "Test", "--url", url, "--data", "-", "--secret-file", "-"], "standard input"),
        (&["send", "New", "--url", url, "--unlisted"], "--data"),
        (&["send", "--body", "x", "--url", url, "--unlisted"], "cannot be used with"),
        (&["send", "Test", "--url", url, "--header", "Content-Length: 5"], "follows from the body"),
        (&["send", "Test", "--url", url, "--header", "x-perfectgym-request: 1"], "--request-id"),
        (&["send", "Test", "--url", url, "--timeout", "0s"], "no time at all"),
        (&["send", "Test", "--url", url, "--retry-delay", "1s"], "no effect without --retries"),
        (&["send", "Test", "--url", url, "--backoff", "fixed"], "no effect without --retries"),
        (&["send", "Test", "--url", url, "--retry-on", "503"], "no effect without --retries"),
        (&["send", "Test", "--url", url, "--retries", "1", "--retry-on", "200"], "is no failure"),
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
    let ran = Ran::from(command.env_remove("PGWH_SECRET").output().unwrap()).refused();
    for way in ["--secret-file", "PGWH_SECRET", "--secret TEXT"] {
        assert!(ran.stderr.contains(way), "{}", ran.stderr);
    }
    let ran = Ran::from(command.env("PGWH_SECRET", "").output().unwrap()).refused();
    assert!(ran.stderr.contains("PGWH_SECRET is empty"), "{}", ran.stderr);
    assert!(!ran.stderr.contains(SECRET));
}
