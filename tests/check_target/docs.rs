//! The documentation against the binary.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{assert_matches_schema, run};

fn probes() -> Vec<Value> {
    let ran = run(["check-target", "--list", "--format", "json"]).exits(0);
    let probes: Vec<Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    probes.iter().for_each(|probe| assert_matches_schema("probe.schema.json", probe));
    probes
}

#[test]
fn the_table_in_the_docs_is_the_list_of_the_binary() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/check-target.md");
    let docs = fs::read_to_string(path).unwrap();
    let rows: Vec<_> = docs.lines().filter(|line| line.starts_with("| <a id")).collect();
    let text = |probe: &Value, key: &str| probe[key].as_str().unwrap().to_owned();
    let expected: Vec<_> = probes()
        .iter()
        .map(|probe| {
            let [id, level, source, passes] =
                ["id", "level", "source", "passesWhen"].map(|key| text(probe, key));
            format!("| <a id=\"{id}\"></a>`{id}` | {level} | {source} | {passes} |")
        })
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn every_probe_is_listed_and_explained() {
    let list = run(["check-target", "--list"]).exits(0).stdout;
    assert_eq!(list.lines().count(), 25);
    for probe in probes() {
        let id = probe["id"].as_str().unwrap();
        assert!(list.contains(id));
        let page = run(["check-target", "--explain", id]).exits(0).stdout;
        assert!(page.starts_with(&format!("{id}\n  level   ")), "{page}");
        // The table's rows are the targets of these links: see the test above.
        assert!(page.ends_with(&format!("docs/check-target.md#{id}\n")), "{page}");
        assert!(page.lines().all(|line| line.chars().count() <= 100), "{page}");
    }
}
