//! The samples of `fixtures/captures`, each through the whole command.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::run;
use crate::{REQUESTS, captures, json_lines};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/captures")
}

fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "README.md").collect()
}

#[test]
fn every_sample_gives_what_its_readme_says() {
    for name in names() {
        let path = folder().join(&name);
        let ran = run(["verify", path.to_str().unwrap(), "--format", "json"]);
        let expected = match name.as_str() {
            "har-without-pgm.json" => 2,
            // The one drops the headers; in the other a line is bad and the last one torn.
            "zapier-catch-hook.json" | "torn.ndjson" => 1,
            _ => 0,
        };
        let ran = ran.exits(expected);
        let lines = json_lines(&ran);
        for capture in captures(&lines) {
            let source = capture["source"].as_str().unwrap();
            assert!(source.starts_with(path.to_str().unwrap()), "{source}");
            if name == "zapier-catch-hook.json" {
                assert_eq!(capture["verdict"], "unsigned", "{name}");
                continue;
            }
            assert_eq!(capture["verdict"], "valid", "{name}: {capture}");
            let id = capture["requestId"].as_str().unwrap();
            assert!(REQUESTS[..2].iter().any(|(known, _)| *known == id), "{name}: {id}");
        }
        assert_eq!(captures(&lines).is_empty(), expected == 2, "{name}");
    }
}

#[test]
fn a_wrong_secret_is_never_a_pass_and_nothing_else_changes() {
    for name in names() {
        let path = folder().join(&name);
        let path = path.to_str().unwrap();
        let right = json_lines(&run(["verify", path, "--format", "json"]));
        let ran = run(["verify", path, "--format", "json", "--secret", "wrong"]);
        let wrong = json_lines(&ran);
        assert_eq!(captures(&right).len(), captures(&wrong).len(), "{name}");
        assert!(captures(&wrong).iter().all(|capture| capture["verdict"] != "valid"), "{name}");
        assert_ne!(ran.code, 0, "{name}");
    }
}
