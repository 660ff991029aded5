//! `pgwh scaffold`

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{assert_matches_schema, run};

#[test]
fn every_receiver_and_note_is_listed_with_what_was_tested() {
    let stdout = run(["scaffold"]).exits(0).stdout;
    let folders = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/receivers"));
    let folders = folders.unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    for folder in folders {
        let name = folder.file_name().unwrap().to_str().unwrap();
        assert!(
            stdout.lines().any(|line| line.starts_with(&format!("{name} "))),
            "{name}: {stdout}"
        );
    }
    for untested in ["csharp", "n8n", "make", "zapier", "power-automate"] {
        let line = stdout.lines().find(|line| line.starts_with(untested)).unwrap();
        assert!(line.contains("not tested"), "{line}");
    }
    let json = run(["scaffold", "--format", "json"]).exits(0).stdout;
    assert_eq!(json.lines().count(), stdout.lines().count());
    for line in json.lines() {
        assert_matches_schema("scaffold.schema.json", &serde_json::from_str(line).unwrap());
    }
}

#[test]
fn one_receiver_is_printed_as_it_is_in_the_repository() {
    let stdout = run(["scaffold", "express"]).exits(0).stdout;
    let path = "examples/receivers/express/server.mjs";
    assert_eq!(
        stdout,
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
    );
    let note = run(["scaffold", "zapier"]).exits(0).stdout;
    assert!(note.starts_with("# Zapier"), "{note}");
}

#[test]
fn the_files_are_written_with_the_commands_that_run_them() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new/receiver");
    let out = out.to_str().unwrap();
    let stdout = run(["scaffold", "nestjs", "--out", out]).exits(0).stdout;
    for file in ["src/main.ts", "package.json", "tsconfig.json", "README.md"] {
        assert!(Path::new(out).join(file).is_file(), "{file}");
        assert!(stdout.contains(file), "{stdout}");
    }
    assert!(stdout.contains("npm install && npm run build"), "{stdout}");
    assert!(stdout.contains("pgwh check-target http://127.0.0.1:3000/pgm"), "{stdout}");
    assert!(!Path::new(out).join("node_modules").exists());
    assert!(!Path::new(out).join("package-lock.json").exists());
}

#[test]
fn nothing_is_overwritten_without_force() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    fs::write(folder.path().join("package.json"), "mine").unwrap();
    let error = run(["scaffold", "express", "--out", out]).refused().stderr;
    assert!(error.contains("package.json exists already") && error.contains("--force"), "{error}");
    assert_eq!(fs::read_dir(out).unwrap().count(), 1, "nothing else was written");
    assert_eq!(fs::read_to_string(folder.path().join("package.json")).unwrap(), "mine");

    let json: Value =
        run(["scaffold", "express", "--out", out, "--force", "--format", "json"]).exits(0).json();
    assert_matches_schema("scaffold.schema.json", &json);
    assert_eq!(json["type"], "written");
    assert!(fs::read_to_string(folder.path().join("package.json")).unwrap().contains("express"));
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    for (name, meant) in [
        ("expres", "did you mean express?"),
        ("python", "did you mean flask or fastapi?"),
        ("cobol", "pgwh scaffold lists them"),
    ] {
        let error = run(["scaffold", name]).refused().stderr;
        assert!(error.contains(meant), "{error}");
    }
    run(["scaffold", "--out", "x"]).refused();
    run(["scaffold", "go", "--force"]).refused();
}
