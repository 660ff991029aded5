//! The tools that users have for OpenAPI and JSON Schema.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use pgwh::pgm::event_names;

use super::sample;
use super::support::{Ran, run};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas")
}

/// A tool that was installed in `tests/schemas/`. Says so if it was not.
fn tool(path: &str) -> Option<PathBuf> {
    let tool = folder().join(path);
    if !tool.exists() {
        let all = std::env::var("PGWH_TEST_RECEIVERS").is_ok_and(|value| value == "all");
        assert!(!all, "{path} is not installed");
        // Written past the capturing of tests' output, so that it is seen.
        let text = format!("SKIPPED: schemas with {path}, which is not installed\n");
        std::io::stderr().write_all(text.as_bytes()).unwrap();
    }
    tool.exists().then_some(tool)
}

/// A folder with `openapi.json`, as it is printed.
fn with_openapi() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let openapi = run(["events", "--as", "openapi"]).exits(0).stdout;
    fs::write(folder.path().join("openapi.json"), openapi).unwrap();
    folder
}

fn ran(tool: &Path, args: &[&str], folder: &Path) -> Ran {
    let mut command = Command::new(tool);
    command.args(args).current_dir(folder).env("REDOCLY_TELEMETRY", "off");
    command.env("PYTHONPATH", folder);
    command.env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true").output().unwrap().into()
}

#[test]
fn a_validator_and_a_linter_accept_the_openapi_description() {
    let folder = with_openapi();
    if let Some(validator) = tool(".venv/bin/openapi-spec-validator") {
        ran(&validator, &["openapi.json"], folder.path()).exits(0);
    }
    if let Some(linter) = tool("node_modules/.bin/redocly") {
        let linted = ran(&linter, &["lint", "openapi.json"], folder.path()).exits(0);
        let said = linted.stderr + &linted.stdout;
        assert!(!said.contains("You have "), "the linter warns: {said}");
    }
}

#[test]
fn typescript_types_compile_in_a_receiver_and_refuse_a_misspelled_field() {
    let (Some(types), Some(tsc)) =
        (tool("node_modules/.bin/openapi-typescript"), tool("node_modules/.bin/tsc"))
    else {
        return;
    };
    let out = with_openapi();
    ran(&types, &["openapi.json", "-o", "types.d.ts"], out.path()).exits(0);
    let receiver = fs::read_to_string(folder().join("receiver.ts")).unwrap();
    let compile = |text: &str| {
        fs::write(out.path().join("receiver.ts"), text).unwrap();
        ran(&tsc, &["--strict", "--noEmit", "receiver.ts"], out.path()).code
    };
    assert_eq!(compile(&receiver), 0);
    assert_ne!(compile(&receiver.replace("userFirstName", "firstName")), 0);
    assert_ne!(compile(&receiver.replace("string | null", "string")), 0);
}

#[test]
fn python_models_and_a_validator_take_every_sample_and_refuse_spoilt_ones() {
    let (Some(codegen), Some(python)) =
        (tool(".venv/bin/datamodel-codegen"), tool(".venv/bin/python"))
    else {
        return;
    };
    let out = with_openapi();
    let args = ["--input", "openapi.json", "--input-file-type", "openapi", "--output", "models.py"];
    let model = ["--output-model-type", "pydantic_v2.BaseModel", "--disable-warnings"];
    ran(&codegen, &[args.as_slice(), &model].concat(), out.path()).exits(0);
    for event in event_names() {
        let schema = run(["events", event, "--as", "schema"]).exits(0).stdout;
        fs::write(out.path().join(format!("{event}.schema.json")), schema).unwrap();
        let sample = sample(event).to_string();
        fs::write(out.path().join(format!("{event}.sample.json")), sample).unwrap();
    }
    let script = folder().join("samples.py");
    let checked = ran(&python, &[script.to_str().unwrap()], out.path()).exits(0);
    assert_eq!(checked.stdout, format!("{} events\n", event_names().len()), "{checked:#?}");
}
