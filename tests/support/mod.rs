//! What the tests share: the binary as a user runs it, and targets of the tests' own.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod console;
pub mod hook;
pub mod list;
pub mod server;
pub mod tls;

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The secret that the tests sign with.
pub const SECRET: &str = "correct-horse-battery-staple";

/// A run of the binary that has ended.
#[derive(Debug)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

impl Ran {
    /// Asserts the exit code, showing everything when it is another.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Asserts that the command was refused: exit code 2, nothing on stdout, no panic.
    #[track_caller]
    pub fn refused(self) -> Self {
        let ran = self.exits(2);
        assert_eq!(ran.stdout, "", "{ran:#?}");
        assert!(!ran.stderr.contains("panicked"), "{ran:#?}");
        ran
    }

    /// The only line of stdout, as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "{self:#?}");
        serde_json::from_str(&self.stdout).unwrap()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code().unwrap_or(-1),
        }
    }
}

/// The binary, with nothing of the developer's own environment in it.
pub fn pgwh<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgwh"));
    command.args(args).stdin(Stdio::null()).env("PGWH_SECRET", SECRET);
    for name in [
        "PGWH_FIXTURES",
        "PGWH_CONFIG",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
    ] {
        command.env_remove(name);
    }
    // Whatever a command remembers goes to a place of the tests' own.
    command.env("PGWH_STATE_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("state"));
    command.env("XDG_CONFIG_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("config"));
    command
}

/// Runs the binary to its end.
pub fn run<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Ran {
    pgwh(args).output().unwrap().into()
}

/// Says that something is not tested here, past the capturing of tests' output.
pub fn skipped(what: &str, need: &str) {
    let text = format!("SKIPPED: {what}; it needs {need}\n");
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}

/// Runs a prepared command with this on its standard input.
pub fn run_with_stdin(mut command: Command, stdin: &[u8]) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    child.wait_with_output().unwrap().into()
}

/// Asserts that JSON is as a schema in `schemas/` describes it.
#[track_caller]
pub fn assert_matches_schema(schema: &str, json: &Value) {
    let errors: Vec<_> =
        validator(schema).iter_errors(json).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{json:#}");
}

/// What holds JSON to a schema in `schemas/`, for those who have much of it.
pub fn validator(schema: &str) -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(schema);
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}
