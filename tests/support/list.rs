//! A requests list of a test's own.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::{Ran, pgwh};

/// A state folder, and a working folder in which no webhooks file is.
pub struct List {
    pub folder: TempDir,
}

impl List {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The list's file.
    pub fn file(&self) -> PathBuf {
        self.state().join("requests.db")
    }

    /// The list's write-ahead log.
    pub fn log(&self) -> PathBuf {
        self.state().join("requests.db-wal")
    }

    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = pgwh(args);
        command.current_dir(self.folder.path()).env("PGWH_STATE_DIR", self.state());
        command
    }

    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Ran {
        self.command(args).output().unwrap().into()
    }

    /// Sends an event to a URL, whatever comes of it.
    pub fn send(&self, event: &str, url: &str) -> Ran {
        self.run(["send", event, "--url", url])
    }

    /// All requests as the list has them, newest first.
    #[track_caller]
    pub fn entries(&self) -> Vec<Value> {
        let args = ["requests", "--format", "json", "--limit", "100000"];
        let ran = self.run(args).exits(0);
        assert_eq!(
            ran.stderr.replace("nothing was sent yet; `pgwh send` adds requests here\n", ""),
            ""
        );
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// One request with its attempts.
    #[track_caller]
    pub fn show(&self, id: &str) -> Value {
        self.run(["requests", "show", id, "--format", "json"]).exits(0).json()
    }
}
