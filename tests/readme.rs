//! The README against the binary: every `console` block is run, the exit codes and the usage
//! lines are compared with `--help`.
//!
//! To put in the real output anew: `UPDATE_README=1 cargo test --test readme`
#![cfg(unix)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use support::console::{assert_same, rendered};
use support::server::{Target, closed_port, response, send};
use support::{pgwh, run};

fn readme() -> String {
    fs::read_to_string(path()).unwrap()
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// Where the README's URLs lead: what it calls `localhost:3000` always answers `Ok`, `:3001`
/// fails every first call, and on `:3002` nothing listens.
struct Places {
    substitutes: Vec<(&'static str, String)>,
    _targets: [Target; 2],
}

impl Places {
    fn new() -> Self {
        let ok = Target::answering(200, "Ok");
        let failing = Target::new(|stream, call| {
            let answer = if call % 2 == 0 { (503, "upstream is down") } else { (200, "Ok") };
            send(stream, &response(answer.0, answer.1));
        });
        let substitutes = vec![
            ("localhost:3000", ok.address.to_string()),
            ("localhost:3001", failing.address.to_string()),
            ("localhost:3002", format!("127.0.0.1:{}", closed_port())),
        ];
        Self { substitutes, _targets: [ok, failing] }
    }

    fn enter(&self, text: &str) -> String {
        self.substitutes.iter().fold(text.to_owned(), |text, (name, at)| text.replace(name, at))
    }

    fn leave(&self, text: &str) -> String {
        self.substitutes.iter().fold(text.to_owned(), |text, (name, at)| text.replace(at, name))
    }
}

/// Runs a command line of the README in a shell, as its reader would.
fn shell(line: &str, folder: &Path, places: &Places) -> String {
    let bin = Path::new(env!("CARGO_BIN_EXE_pgwh")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let clean = pgwh([""; 0]);
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{} 2>&1", places.enter(line))]).current_dir(folder);
    for (name, value) in clean.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.env("PGWH_STATE_DIR", folder.join(".state"));
    let output = command.env("PATH", path).stdin(Stdio::null()).output().unwrap();
    places.leave(&String::from_utf8(output.stdout).unwrap())
}

#[test]
fn every_console_block_shows_what_the_binary_prints() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pgm.secret"), support::SECRET).unwrap();
    let places = Places::new();
    let text = readme();
    let (made, lines) = rendered(&text, |line| shell(line, folder.path(), &places));
    assert!(lines >= 6, "the README shows too little");
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(path(), &made).unwrap();
        return;
    }
    assert_same(&text, &made);
}

#[test]
fn usage_and_exit_codes_are_those_of_the_help() {
    let text = readme();
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
