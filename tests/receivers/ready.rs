//! Each receiver as it is.

use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::fleet::{Copy, RECEIVERS, runnable};
use super::support::server::closed_port;
use super::support::{Ran, SECRET, pgwh};

/// Starts a copy and checks it. Returns the report and the exit code.
pub fn check(copy: &Copy, env: &[(&str, &str)], args: &[&str]) -> (Value, i32) {
    let port = closed_port().to_string();
    let url = format!("http://127.0.0.1:{port}/pgm");
    let ran: Ran = pgwh(["check-target", &url, "--events", "all", "--strict", "--format", "json"])
        .args(["--start", &copy.command()])
        .args(args)
        .env("PGM_WEBHOOK_SECRET", SECRET)
        .env("PORT", &port)
        .envs(env.iter().copied())
        .output()
        .unwrap()
        .into();
    assert!(ran.code == 0 || ran.code == 1, "{copy:?}: {ran:#?}");
    (ran.json(), ran.code)
}

/// The ids of the checks with this verdict.
pub fn with_verdict<'a>(json: &'a Value, verdict: &str) -> Vec<&'a str> {
    let checks = json["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["verdict"] == verdict).map(|c| c["id"].as_str().unwrap()).collect()
}

#[test]
fn all_are_ready_side_by_side() {
    thread::scope(|scope| {
        for receiver in runnable() {
            scope.spawn(move || {
                let args = ["--require-signature", "--burst", "20"];
                let (json, code) = check(&receiver.copy(), &[], &args);
                let name = receiver.name;
                assert_eq!((with_verdict(&json, "fail"), code), (vec![], 0), "{name}: {json:#}");
                // PHP's built-in server closes each connection.
                let warnings: &[&str] = if name == "php" { &["keep-alive"] } else { &[] };
                assert_eq!(with_verdict(&json, "warn"), warnings, "{name}: {json:#}");
            });
        }
    });
}

/// PHP has no start of its own: without a secret it fails each request.
#[test]
fn none_starts_without_a_secret() {
    for receiver in runnable().into_iter().filter(|receiver| receiver.name != "php") {
        let port = closed_port().to_string();
        for secret in [None, Some("")] {
            let copy = receiver.copy();
            let mut command = Command::new("sh");
            command.args(["-c", &copy.command()]).env("PORT", &port).stdin(Stdio::null());
            command.env_remove("PGM_WEBHOOK_SECRET").env("PGM_WEBHOOK_SECRET_OLD", SECRET);
            command.envs(secret.map(|secret| ("PGM_WEBHOOK_SECRET", secret)));
            let ended = output_within(command, Duration::from_secs(60));
            let ended =
                ended.unwrap_or_else(|| panic!("{} started with {secret:?}", receiver.name));
            assert!(!ended.status.success(), "{}: {ended:?}", receiver.name);
            let said =
                String::from_utf8_lossy(&ended.stderr) + String::from_utf8_lossy(&ended.stdout);
            assert!(said.contains("set PGM_WEBHOOK_SECRET"), "{}: {said}", receiver.name);
        }
    }
}

/// Runs a command to its end, or kills it.
fn output_within(mut command: Command, limit: Duration) -> Option<Output> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let deadline = Instant::now() + limit;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            return None;
        }
        thread::sleep(Duration::from_millis(20));
    }
    Some(child.wait_with_output().unwrap())
}

#[test]
fn each_is_short() {
    for receiver in RECEIVERS {
        let path = format!(
            "{}/examples/receivers/{}/{}",
            env!("CARGO_MANIFEST_DIR"),
            receiver.name,
            receiver.file
        );
        let lines = std::fs::read_to_string(path).unwrap().lines().count();
        assert!(lines <= 60, "{} has {lines} lines", receiver.name);
    }
}
