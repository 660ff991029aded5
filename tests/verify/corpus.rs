//! The samples of `fixtures/captures`, each through the whole command.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

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

/// Verifies all samples in one run, as only a few captures of a run are searched in full.
fn verify_all(folder: &Path, args: &[&str]) -> Vec<Value> {
    let ran = run([&["verify", folder.to_str().unwrap(), "--format", "json"], args].concat());
    assert_ne!(ran.code, 0);
    json_lines(&ran)
}

/// The captures by their file and place, with their verdicts.
fn verdicts(folder: &Path, lines: &[Value]) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let place = |source: String| source.replace(folder.to_str().unwrap(), "");
    captures(lines).iter().map(|it| (place(text(&it["source"])), text(&it["verdict"]))).collect()
}

#[test]
fn what_is_valid_is_invalid_with_another_secret_and_not_valid_with_another_digit() {
    let right = verdicts(&folder(), &verify_all(&folder(), &[]));
    let wrong = verdicts(&folder(), &verify_all(&folder(), &["--secret", "wrong"]));
    let changed = tempfile::tempdir().unwrap();
    for name in names() {
        let mut bytes = fs::read(folder().join(&name)).unwrap();
        let mut count = 0;
        for (_, signature) in &REQUESTS[..2] {
            let forms = [
                |text: &str| text.as_bytes().to_vec(),
                |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            ];
            let digit = if signature.ends_with('0') { "1" } else { "0" };
            let other = format!("{}{digit}", &signature[..31]);
            for form in forms {
                count += replace(&mut bytes, &form(signature), &form(&other));
            }
        }
        let is_valid = right
            .iter()
            .any(|(place, verdict)| place.starts_with(&format!("/{name}")) && verdict == "valid");
        assert_eq!(count > 0, is_valid, "{name}: {count} signatures changed");
        fs::write(changed.path().join(&name), bytes).unwrap();
    }
    let changed = verdicts(changed.path(), &verify_all(changed.path(), &[]));
    assert!(right.values().filter(|verdict| *verdict == "valid").count() > 50);
    for (place, verdict) in right {
        let (wrong, changed) = (&wrong[&place], &changed[&place]);
        match verdict.as_str() {
            "valid" => assert_eq!((&**wrong, &**changed), ("invalid", "invalid"), "{place}"),
            other => assert_eq!((&**wrong, &**changed), (other, other), "{place}"),
        }
    }
}

fn replace(bytes: &mut [u8], old: &[u8], new: &[u8]) -> usize {
    let starts = bytes.windows(old.len()).enumerate().filter(|(_, window)| *window == old);
    let starts: Vec<_> = starts.map(|(start, _)| start).collect();
    starts.iter().for_each(|start| bytes[*start..start + new.len()].copy_from_slice(new));
    starts.len()
}
