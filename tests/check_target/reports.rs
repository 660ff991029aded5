//! Reports for CI systems.

use std::fs;

use roxmltree::{Document, Node};

use crate::support::hook::{Hook, Hooked, good, respond, respond_with};
use crate::support::{SECRET, pgwh, run};

/// Fails on signatures, and responds with hostile text.
fn nasty(request: &Hooked) -> Vec<u8> {
    match request.event() {
        "Test" if request.body["data"]["valueText"] == "some text value" => {
            respond(200, &"<b>&\"]]>|`*\u{1b}[31m\u{0}".repeat(100))
        }
        _ => respond_with(302, "Location: http://x/\u{9b}?a=<b>&c=\"d\"|`e`\r\n", b""),
    }
}

fn report(format: &str, hook: &Hook, args: &[&str]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    let to = format!("{format}={}", file.path().display());
    run([&["check-target", &hook.url(), "--report", &to], args].concat());
    fs::read_to_string(file.path()).unwrap()
}

/// What the schema that CI systems share asks of a document.
#[track_caller]
fn assert_is_junit(xml: &str) -> usize {
    let document = Document::parse(xml).unwrap();
    let suites = document.root_element();
    assert_eq!(suites.tag_name().name(), "testsuites");
    attributes(suites, &["tests", "failures", "errors", "skipped", "time"], &["name"]);
    for suite in elements(suites) {
        assert_eq!(suite.tag_name().name(), "testsuite");
        attributes(suite, &["name", "tests", "failures", "errors", "skipped", "time"], &[]);
        let cases: Vec<_> = elements(suite).collect();
        assert!(cases.iter().all(|case| case.tag_name().name() == "testcase"));
        cases.iter().for_each(|case| assert_is_case(*case));
        let with = |name: &str| {
            cases
                .iter()
                .filter(|case| elements(**case).any(|e| e.tag_name().name() == name))
                .count()
        };
        let count = |name: &str| suite.attribute(name).unwrap().parse::<usize>().unwrap();
        assert_eq!(count("tests"), cases.len());
        assert_eq!(count("failures"), with("failure"));
        assert_eq!(count("errors"), with("error"));
        assert_eq!(count("skipped"), with("skipped"));
    }
    elements(suites).map(|suite| elements(suite).count()).sum()
}

#[track_caller]
fn assert_is_case(case: Node<'_, '_>) {
    attributes(case, &["name", "classname", "time"], &[]);
    assert!(case.attribute("time").unwrap().parse::<f64>().unwrap() >= 0.0);
    let outcomes: Vec<_> = elements(case).collect();
    assert_eq!(outcomes.len(), 1);
    match outcomes[0].tag_name().name() {
        "failure" | "error" => attributes(outcomes[0], &["type", "message"], &[]),
        "skipped" => attributes(outcomes[0], &["message"], &[]),
        other => assert_eq!(other, "system-out"),
    }
}

fn elements<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(Node::is_element)
}

#[track_caller]
fn attributes(node: Node<'_, '_>, required: &[&str], optional: &[&str]) {
    let names: Vec<_> = node.attributes().map(|attribute| attribute.name()).collect();
    for name in required {
        assert!(names.contains(name), "{name} is missing in {names:?}");
    }
    assert!(
        names.iter().all(|name| required.contains(name) || optional.contains(name)),
        "{names:?}"
    );
}

#[test]
fn junit_is_what_ci_systems_read() {
    assert_eq!(assert_is_junit(&report("junit", &Hook::new(good), &["--events", "all"])), 25);
    let xml = report("junit", &Hook::new(nasty), &["--strict"]);
    assert_is_junit(&xml);
    assert!(xml.contains("<failure ") && xml.contains(" type=\"should\""), "{xml}");
    assert!(!xml.contains('\u{1b}') && !xml.contains('\u{0}'));
    let gone = run(["check-target", "http://no-such-host.invalid/", "--format", "junit"]).exits(3);
    assert_eq!(assert_is_junit(&gone.stdout), 26);
    assert!(gone.stdout.contains("<error ") && gone.stdout.contains(" type=\"unreachable\""));
}

#[test]
fn nothing_of_a_response_steers_a_terminal_in_any_format() {
    for format in ["human", "json", "junit", "github", "markdown"] {
        let text = report(format, &Hook::new(nasty), &["--strict"]);
        let harmful = |c: char| !matches!(c, '\n' | '\t') && c.is_control();
        assert!(!text.contains(harmful), "{format}: {text:?}");
    }
}

#[test]
fn headers_of_any_length_are_quoted_in_short() {
    let long = "x".repeat(20_000);
    let redirects = Hook::new({
        let head = format!("Location: http://x/{long}\r\n");
        move |_| respond_with(302, &head, b"")
    });
    let compresses =
        Hook::new(move |_| respond_with(200, &format!("Content-Encoding: {long}\r\n"), b"Ok"));
    for format in ["human", "json", "junit", "github", "markdown"] {
        for hook in [&redirects, &compresses] {
            let text = report(format, hook, &[]);
            assert!(!text.is_empty() && !text.contains(&"x".repeat(300)), "{format}: {text}");
        }
    }
}

#[test]
fn github_gets_annotations_and_a_summary() {
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    fs::write(&summary, "before\n").unwrap();
    let hook = Hook::new(nasty);
    let out = pgwh(["check-target", &hook.url(), "--format", "github"])
        .env("GITHUB_STEP_SUMMARY", &summary)
        .output()
        .unwrap();
    let stdout = String::from_utf8(out.stdout).unwrap();
    assert!(stdout.lines().count() > 3, "{stdout}");
    assert!(!stdout.contains(['\u{0}', '\u{1b}', '\u{9b}']), "{stdout:?}");
    for line in stdout.lines() {
        let known = ["::error title=pgwh ", "::warning title=pgwh ", "::notice title=pgwh "];
        assert!(known.iter().any(|start| line.starts_with(start)), "{line}");
    }
    let summary = fs::read_to_string(summary).unwrap();
    assert!(summary.starts_with("before\n### pgwh check-target http://127.0.0.1"), "{summary}");
}

#[test]
fn no_summary_is_written_for_other_formats() {
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    let hook = Hook::new(good);
    let out = pgwh(["check-target", &hook.url()]).env("GITHUB_STEP_SUMMARY", &summary).output();
    assert!(out.unwrap().status.success() && !summary.exists());
}

#[test]
fn a_table_in_markdown_stays_a_table() {
    let text = report("markdown", &Hook::new(nasty), &[]);
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 2 + 25, "{text}");
    for row in rows {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 5, "{row}");
        assert!(!row.contains("<b>"), "{row}");
    }
}

#[test]
fn reports_are_written_beside_stdout_and_hold_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let hook = Hook::new(good);
    let mut args = vec!["check-target".to_owned(), hook.url()];
    let formats = ["human", "json", "junit", "github", "markdown"];
    for format in formats {
        let file = folder.path().join(format);
        args.extend(["--report".to_owned(), format!("{format}={}", file.display())]);
    }
    let ran = run(&args).exits(0);
    let signatures: Vec<_> = hook.seen().iter().map(Hooked::expected).collect();
    for format in formats {
        let text = fs::read_to_string(folder.path().join(format)).unwrap();
        assert!(!text.is_empty(), "{format}");
        assert!(!text.contains(SECRET) && !text.contains('\u{1b}'), "{format}");
        assert!(signatures.iter().all(|signature| !text.contains(signature)), "{format}");
    }
    assert!(ran.stdout.contains("ready for PGM") && !ran.stdout.contains(SECRET));
}
