//! `--explain`

use std::fs;
use std::path::Path;

use crate::json_lines;
use crate::support::{pgwh, run};

#[test]
fn every_finding_is_listed_and_explained_without_a_secret() {
    let explain = |args: &[&str]| -> crate::support::Ran {
        let mut command = pgwh([&["verify", "--explain"], args].concat());
        command.env_remove("PGWH_SECRET").output().unwrap().into()
    };
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    let docs = fs::read_to_string(docs).unwrap();
    let list = explain(&[]).exits(0).stdout;
    let json = json_lines(&explain(&["--format", "json"]).exits(0));
    assert_eq!(list.lines().count(), json.len());
    for kind in &json {
        let id = kind["id"].as_str().unwrap();
        assert!(list.contains(id));
        let page = explain(&[id]).exits(0).stdout;
        for part in ["message", "help", "explanation"] {
            assert!(page.contains(kind[part].as_str().unwrap()), "{page}");
        }
        assert!(page.ends_with(&format!("docs/findings.md#{id}\n")), "{page}");
        assert!(docs.contains(&format!("\n### {id}\n")), "{id}");
    }
    explain(&["retry", "--format", "junit"]).refused();
}

#[test]
fn a_misspelt_finding_gets_the_nearest_suggested() {
    let ran = run(["verify", "--explain", "secret-new-line"]).refused();
    assert!(ran.stderr.contains("did you mean secret-newline?"), "{ran:#?}");
    run(["verify"]).refused();
}
