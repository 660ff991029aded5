//! The examples of docs/testing.md: pgwh in other languages' tests, each run by the runner that it
//! is for, beside the receiver that it tests.

use std::path::Path;
use std::process::Command;

use super::fleet::{RECEIVERS, is_there, skipped};
use super::support::pgwh;

#[path = "../../examples/testing/rust/pgm.rs"]
mod rust;

/// Where Debian's package junit5 puts JUnit.
const JUNIT: &str = "/usr/share/java/junit-platform-console-standalone.jar";

/// Copies an example beside its receiver, and runs it with a shell command. `ROOT` is the root of
/// the repository.
fn run(example: &str, receiver: &str, needs: &str, command: &str) {
    let receiver = RECEIVERS.iter().find(|known| known.name == receiver).unwrap();
    if !is_there(needs) {
        return skipped(&format!("{example} example"), needs);
    }
    if !receiver.is_installed() {
        return;
    }
    let copy = receiver.copy();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(root.join("examples/testing").join(example)).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    // `pgwh` is called by its name, as a user does.
    let pgwh = pgwh([""; 0]);
    let folder = Path::new(pgwh.get_program()).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let command = command.replace("ROOT", root.to_str().unwrap()).replace("JUNIT", JUNIT);
    let mut shell = Command::new("sh");
    shell.args(["-c", &command]).current_dir(copy.path());
    shell.envs(pgwh.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let ran = shell.env("PATH", format!("{}:{path}", folder.display())).output().unwrap();
    assert!(ran.status.success(), "{example}: {ran:#?}");
}

#[test]
fn node() {
    run("node", "node", "node", "node --test");
}

#[test]
fn jest() {
    let jest = "tests/receivers/node_modules/.bin/jest";
    run(
        "jest",
        "express",
        jest,
        &format!("NODE_OPTIONS=--experimental-vm-modules ROOT/{jest} --ci"),
    );
}

#[test]
fn pytest() {
    let python = "tests/receivers/.venv/bin/pytest";
    run("pytest", "flask", python, &format!("ROOT/{python} -q"));
}

#[test]
fn phpunit() {
    run("phpunit", "php", "phpunit", "TMPDIR=. phpunit PgmTest.php");
}

#[test]
fn go() {
    run("go", "go", "go", "go test");
}

#[test]
fn junit() {
    run("junit", "java", JUNIT, "javac -cp JUNIT *.java && java -jar JUNIT -cp . --scan-classpath");
}
