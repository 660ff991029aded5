//! The receivers in `examples/receivers/`, each started by `check-target --start`: fit as they
//! are, and found out with each of their vices. A receiver whose runtime is not there is
//! skipped, which is said; `.ci/receivers` installs everything, and with
//! `PGWH_TEST_RECEIVERS=all` a receiver that is not there is a failure.
#![cfg(unix)]
#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests")]

mod support;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::server::closed_port;
use support::{Ran, SECRET, pgwh};

/// A vice, what finds it, and the arguments that are needed for it.
const VICES: [(&str, &[&str], &[&str]); 5] = [
    (
        "unsigned",
        &["rejects-wrong-signature", "rejects-unsigned", "rejects-other-request-signature"],
        &[],
    ),
    ("slow", &["within-5s"], &["--samples", "1"]),
    ("duplicates", &["same-request-again", "four-at-once"], &[]),
    ("redirect", &["answers-2xx"], &[]),
    ("some-events", &["every-event", "unknown-event"], &[]),
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/receivers").join(name)
}

/// Whether a receiver can run here; says so when it cannot.
fn is_there(name: &str, needs: &Path) -> bool {
    let there = match needs.is_absolute() {
        true => needs.exists(),
        false => Command::new(needs).arg("--version").output().is_ok(),
    };
    if !there {
        let all = std::env::var("PGWH_TEST_RECEIVERS").is_ok_and(|value| value == "all");
        assert!(!all, "the {name} receiver needs {}", needs.display());
        // Written past the capturing of tests' output, so that it is seen.
        let text = format!("SKIPPED: the {name} receiver; it needs {}\n", needs.display());
        std::io::stderr().write_all(text.as_bytes()).unwrap();
    }
    there
}

fn check(command: &str, vice: &str, args: &[&str]) -> (Value, i32) {
    let port = closed_port().to_string();
    let url = format!("http://127.0.0.1:{port}/pgm");
    let command = command.replace("PORT", &port);
    let ran: Ran = pgwh(["check-target", &url, "--events", "all", "--strict", "--format", "json"])
        .args(["--start", &command])
        .args(args)
        .env("SECRET", SECRET)
        .env("PORT", &port)
        .env("VICE", vice)
        .output()
        .unwrap()
        .into();
    assert!(ran.code == 0 || ran.code == 1, "{ran:#?}");
    (ran.json(), ran.code)
}

fn with_verdict<'a>(json: &'a Value, verdict: &str) -> Vec<&'a str> {
    let checks = json["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["verdict"] == verdict).map(|c| c["id"].as_str().unwrap()).collect()
}

#[track_caller]
fn is_fit_and_found_out(command: &str) {
    let (json, code) = check(command, "", &["--require-signature", "--burst", "20"]);
    assert_eq!((with_verdict(&json, "fail"), code), (vec![], 0), "{json:#}");
    assert_eq!(with_verdict(&json, "warn"), [""; 0], "{json:#}");
    for (vice, found_by, args) in VICES {
        let (json, code) = check(command, vice, args);
        let failed = with_verdict(&json, "fail");
        assert_eq!(code, 1, "{vice}: {json:#}");
        for id in found_by {
            assert!(failed.contains(id), "{vice} is not found by {id}: {json:#}");
        }
    }
}

#[test]
fn node() {
    if is_there("Node", Path::new("node")) {
        is_fit_and_found_out(&format!("exec node '{}'", folder("node/server.js").display()));
    }
}

#[test]
fn express() {
    if is_there("Express", &folder("express/node_modules/express")) {
        is_fit_and_found_out(&format!("exec node '{}'", folder("express/server.js").display()));
    }
}

#[test]
fn flask() {
    let serve = folder("flask/.venv/bin/waitress-serve");
    if is_there("Flask", &serve) {
        let folder = folder("flask");
        is_fit_and_found_out(&format!(
            "cd '{}' && exec '{}' --listen 127.0.0.1:PORT app:app",
            folder.display(),
            serve.display()
        ));
    }
}

#[test]
fn rust() {
    let binary = folder("rust/target/debug/pgwh-receiver-axum");
    if is_there("Rust", &binary) {
        is_fit_and_found_out(&format!("exec '{}'", binary.display()));
    }
}
