//! The README against the binary: what a newcomer types from top to bottom, its output, the exit
//! codes and the usage lines.
//!
//! To put in the real output: `UPDATE_README=1 cargo test --test readme`
#![cfg(unix)]

mod support;

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use support::console::{assert_same, rendered};
use support::server::closed_port;
use support::{pgwh, run, skipped};

/// The port that `listen` has by default: another program may have it here.
const DEFAULT_PORT: &str = "4100";

fn readme() -> String {
    fs::read_to_string(path()).unwrap()
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// A newcomer with two terminals: one runs a receiver at a time, the other everything else.
struct Newcomer {
    folder: tempfile::TempDir,
    port: String,
    receiver: Option<Child>,
}

impl Newcomer {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".folder"), folder.path().to_str().unwrap()).unwrap();
        Self { folder, port: closed_port().to_string(), receiver: None }
    }

    /// Types a line, and returns what the terminal shows: of a receiver, what it says when it starts.
    fn types(&mut self, line: &str) -> String {
        let shown = match line.starts_with("pgwh listen ") {
            true => {
                self.stop_receiver();
                let address = format!("pgwh listen --addr 127.0.0.1:{} ", self.port);
                self.starts(&line.replace("pgwh listen ", &address), "Ready!")
            }
            false => {
                let output = self.shell(&format!("{}\npwd > '{}'", line, self.place(".folder")));
                let output = { output }.stdin(Stdio::null()).output().unwrap();
                String::from_utf8(output.stdout).unwrap()
            }
        };
        shown.replace(&self.port, DEFAULT_PORT)
    }

    /// Starts a receiver in the first terminal, and returns its first lines.
    fn starts(&mut self, line: &str, ready: &str) -> String {
        let log = self.place(".receiver");
        let mut shell = self.shell(&format!("exec {line}"));
        let file = File::create(&log).unwrap();
        let child = shell.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
        self.receiver = Some(child.spawn().unwrap());
        let started = Instant::now();
        loop {
            let text = fs::read_to_string(&log).unwrap();
            if text.contains(ready) && text.ends_with('\n') {
                return text;
            }
            assert!(started.elapsed() < Duration::from_secs(60), "{line} does not start: {text}");
            std::thread::yield_now();
        }
    }

    fn stop_receiver(&mut self) {
        if let Some(mut receiver) = self.receiver.take() {
            let id = receiver.id().to_string();
            Command::new("kill").args(["-INT", &id]).status().unwrap();
            receiver.wait().unwrap();
        }
    }

    /// A shell in the folder where the line before has ended.
    fn shell(&self, script: &str) -> Command {
        let bin = Path::new(env!("CARGO_BIN_EXE_pgwh")).parent().unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let script = script.replace(&format!(":{DEFAULT_PORT}"), &format!(":{}", self.port));
        let mut command = Command::new("sh");
        command.args(["-c", &format!("exec 2>&1\n{script}")]);
        for (name, value) in pgwh([""; 0]).get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        // As a newcomer has it: no secret in the environment, and nothing sent yet.
        command.env_remove("PGWH_SECRET").env("PGWH_STATE_DIR", self.place(".state"));
        command.current_dir(fs::read_to_string(self.place(".folder")).unwrap().trim());
        command.env("PATH", path);
        command
    }

    fn place(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Newcomer {
    fn drop(&mut self) {
        self.stop_receiver();
    }
}

/// The lines of the code block of a shell that contains this text.
fn script<'a>(readme: &'a str, text: &str) -> Vec<&'a str> {
    let block = readme.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    block.into_iter().find(|block| block.contains(text)).unwrap().lines().collect()
}

#[test]
fn the_first_five_minutes_show_what_the_binary_prints() {
    let text = readme();
    let mut newcomer = Newcomer::new();
    let (made, lines) = rendered(&text, |line| newcomer.types(line));
    assert!(lines >= 10, "the README shows too little");
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(path(), &made).unwrap();
    } else {
        assert_same(&text, &made);
    }

    // The receiver of the newcomer's own.
    if Command::new("node").arg("--version").output().is_err() {
        return skipped("the README's own receiver", "node");
    }
    newcomer.stop_receiver();
    let (write, start) = match script(&text, "pgwh scaffold")[..] {
        [write, start] => (write, start),
        ref other => panic!("{other:?}"),
    };
    newcomer.types(write);
    let port = closed_port().to_string();
    let start = start.replace("PGM_WEBHOOK_SECRET=", &format!("PORT={port} PGM_WEBHOOK_SECRET="));
    // It says nothing when it has started; `send` and `check-target` wait for it.
    let mut receiver = newcomer.shell(&format!("exec env {start}"));
    newcomer.receiver = Some(receiver.stdout(Stdio::null()).spawn().unwrap());
    for line in script(&text, "check-target") {
        let line = line.replace(":3000", &format!(":{port}"));
        let line = line.replace("pgwh send", "pgwh send --retries 100 --retry-delay 100ms");
        let shown = newcomer.types(&line);
        assert!(
            shown.contains("mark this request successful") || shown.contains("✓ ready for PGM"),
            "{shown}"
        );
    }
}

#[test]
fn the_readme_is_short_and_its_links_lead_somewhere() {
    let text = readme();
    assert!(text.lines().count() <= 200, "the README is too long for a newcomer");
    for link in text.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap()) {
        let exists = Path::new(env!("CARGO_MANIFEST_DIR")).join(link).exists();
        assert!(link.starts_with("https://") || exists, "{link} does not exist");
    }
}

#[test]
fn usage_and_exit_codes_are_those_of_the_help() {
    let text = readme().replace("\\|", "|");
    let help = run(["--help"]).exits(0).stdout;
    let codes: Vec<_> = help
        .lines()
        .skip_while(|line| !line.starts_with("Exit codes"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .map(|line| line.trim().split_once("  ").unwrap())
        .collect();
    assert_eq!(codes.len(), 6, "{help}");
    for (code, meaning) in codes {
        assert!(text.contains(&format!("| {code} | {meaning} |")), "{code} {meaning}");
    }
    let commands = help.lines().skip_while(|line| !line.starts_with("Commands")).skip(1);
    for line in commands.take_while(|line| !line.is_empty()) {
        let name = line.split_whitespace().next().unwrap();
        if name == "help" {
            continue;
        }
        assert_eq!(run(["help", name]).exits(0).stdout, run([name, "--help"]).exits(0).stdout);
        let help = run([name, "--help"]).exits(0).stdout;
        let usage = help.lines().find(|line| line.starts_with("Usage: ")).unwrap();
        assert!(text.contains(&usage["Usage: ".len()..]), "the README lacks: {usage}");
    }
}
