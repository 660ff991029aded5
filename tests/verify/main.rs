//! `pgwh verify`, through the binary.

mod anonymize;
mod corpus;
mod differential;
mod explain;
mod files;
mod formats;
mod long;
mod secrets;
#[path = "../support/mod.rs"]
mod support;
mod verdicts;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use support::{Ran, run, validator};

/// Three known answers: printf %s "$ID:correct-horse-battery-staple" | md5sum
pub const REQUESTS: [(&str, &str); 3] = [
    ("6f1c9d0e-5b7a-4c39-9d52-2f8c1a7b3e10", "4d7cdf31e781a0ddc0da8bbcc77ee86d"),
    ("0b7d52f4-93c1-4f0a-8a6e-d41e7c25b9f3", "e5814c08400f7b75f764eab53af8cdb7"),
    ("7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4", "7676a4495df92546d401bdeabbda6428"),
];

/// A body as PGM sends it.
pub const BODY: &str =
    r#"{"event":"ClassesBooked","triggeredDate":"2026-03-02T09:15:30Z","data":{"userId":7}}"#;

/// A line of pgwh's own format with these headers.
pub fn line(headers: &Value, body: &str) -> String {
    let line = json!({
        "receivedAt": "2026-03-02T09:15:31.204Z",
        "method": "POST",
        "path": "/pgm",
        "headers": headers,
        "body": body,
    });
    format!("{line}\n")
}

/// The same with an id and a signature.
pub fn signed((id, signature): (&str, &str)) -> String {
    let headers = json!({ "x-perfectgym-request": [id], "x-perfectgym-signature": [signature] });
    line(&headers, BODY)
}

/// A file that is gone with its folder.
pub struct Saved {
    folder: tempfile::TempDir,
    /// Where it is.
    pub path: String,
}

impl Saved {
    /// A file of this name beside it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Saves a capture file.
pub fn saved(bytes: impl AsRef<[u8]>) -> Saved {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("captures.txt");
    fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap().to_owned();
    Saved { folder, path }
}

/// Runs `verify` on a file.
pub fn verify(bytes: impl AsRef<[u8]>, args: &[&str]) -> Ran {
    let file = saved(bytes);
    run([&["verify", &file.path], args].concat())
}

/// The lines of `--format json`, each as the schema describes it.
#[track_caller]
pub fn json_lines(ran: &Ran) -> Vec<Value> {
    let validator = validator("verify.schema.json");
    let lines = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.inspect(|line| assert!(validator.is_valid(line), "{line:#}")).collect()
}

/// The captures among them.
pub fn captures(lines: &[Value]) -> Vec<&Value> {
    lines.iter().filter(|line| line["type"] == "capture").collect()
}

/// The ids of a capture's findings.
pub fn findings(capture: &Value) -> Vec<&str> {
    let findings = capture["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["id"].as_str().unwrap()).collect()
}
