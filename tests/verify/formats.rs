//! The forms of the report, and that strangers cannot speak through them.

use std::fs;

use serde_json::json;

use crate::support::{pgwh, run};
use crate::{REQUESTS, line, saved, signed, verify};

/// A capture in which everything is meant to do harm.
fn nasty() -> String {
    let harm = "\u{1b}[31m<b>&\"]]>|`*_\n::error::x\r\u{9b}2J\u{202e}\u{0}";
    let headers = json!({
        "x-perfectgym-request": [harm],
        "x-perfectgym-signature": [REQUESTS[0].1],
    });
    line(&headers, &json!({ "event": harm, "triggeredDate": harm, "data": {} }).to_string())
}

/// A good, a bad and a nasty capture, and a torn line, in one form.
fn report(format: &str) -> String {
    let bad = signed((REQUESTS[2].0, REQUESTS[1].1));
    let text = signed(REQUESTS[0]) + &bad + &nasty() + "{\"torn";
    let ran = verify(text, &["--format", format]).exits(1);
    for text in [&ran.stdout, &ran.stderr] {
        let harmful = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!text.contains(harmful), "{text:?}");
    }
    ran.stdout
}

#[test]
fn people_get_a_line_a_capture_the_cause_and_the_sum() {
    let text = report("human");
    assert!(text.lines().next().unwrap().starts_with("✓ "), "{text}");
    assert!(text.contains("\n✗ 3 captures: 1 valid, 2 invalid\n"), "{text}");
    assert_eq!(text.matches("A valid signature proves").count(), 1, "{text}");
    assert!(text.contains("unknown-event"), "{text}");
}

#[test]
fn programs_get_a_line_a_capture_and_the_summary_last() {
    let text = report("json");
    let types: Vec<_> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["type"].clone())
        .collect();
    assert_eq!(types, ["capture", "capture", "capture", "fault", "summary"]);
}

#[test]
fn junit_is_what_ci_systems_read() {
    let text = report("junit");
    let document = roxmltree::Document::parse(&text).unwrap();
    let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
    let counts =
        ["tests", "failures", "errors", "skipped"].map(|name| suite.attribute(name).unwrap());
    assert_eq!(counts, ["4", "2", "1", "0"], "{text}");
    let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
    assert_eq!(cases.len(), 4);
    for case in &cases {
        for name in ["classname", "name", "time"] {
            assert!(case.attribute(name).is_some(), "{text}");
        }
        assert_eq!(case.children().filter(roxmltree::Node::is_element).count(), 1, "{text}");
    }
    let failures = document.descendants().filter(|node| node.has_tag_name("failure"));
    assert_eq!(failures.count(), 2);
}

#[test]
fn github_gets_annotations_at_the_lines_of_the_file() {
    let text = report("github");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    for (line, number) in lines.iter().zip(2..5) {
        assert!(
            line.starts_with("::error file=") && line.contains(&format!(",line={number},")),
            "{line}"
        );
    }
    assert!(lines[3].starts_with("::error title=pgwh verify::3 captures: "), "{text}");
}

#[test]
fn a_table_in_markdown_stays_a_table() {
    let text = report("markdown");
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 2 + 4, "{text}");
    for row in rows {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 6, "{row}");
        assert!(!row.contains("<b>"), "{row}");
    }
}

#[test]
fn reports_are_written_beside_stdout() {
    let file = saved(signed(REQUESTS[0]));
    let to = |format: &str| format!("{format}={}", file.beside(format).display());
    let summary = file.beside("summary.md");
    fs::write(&summary, "before\n").unwrap();
    let (json, github) = (to("json"), to("github"));
    let mut command = pgwh(["verify", &file.path, "-q", "--report", &json, "--report", &github]);
    let output = command.env("GITHUB_STEP_SUMMARY", &summary).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty());
    assert_eq!(fs::read_to_string(file.beside("json")).unwrap().lines().count(), 2);
    assert!(fs::read_to_string(file.beside("github")).unwrap().starts_with("::notice title="));
    let summary = fs::read_to_string(summary).unwrap();
    assert!(summary.starts_with("before\n### pgwh verify\n\n✅ **1 capture, valid**"), "{summary}");
}

#[test]
fn a_report_that_cannot_be_written_is_known_before_the_work() {
    let file = saved(signed(REQUESTS[0]));
    let ran = run(["verify", &file.path, "--report", "json=/no/such/folder/x"]).refused();
    assert!(ran.stderr.contains("--report: cannot write /no/such/folder/x"), "{ran:#?}");
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::Stdio;
    let lines: String = (0..2000).map(|_| signed((REQUESTS[0].0, REQUESTS[0].1))).collect();
    let file = saved(lines);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = pgwh(["verify", &file.path, "--format", "json"]);
    let child = command.stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn nothing_of_a_file_name_steers_a_terminal_in_any_format() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a\u{1b}[2J\r\n::error::x.ndjson");
    fs::write(&file, signed((REQUESTS[2].0, REQUESTS[1].1)) + "{\"torn").unwrap();
    for format in ["human", "json", "junit", "github", "markdown"] {
        let ran = run(["verify".as_ref(), file.as_os_str(), "--format".as_ref(), format.as_ref()]);
        let ran = ran.exits(1);
        let harmful = |c: char| !matches!(c, '\n' | '\t') && c.is_control();
        for text in [&ran.stdout, &ran.stderr] {
            assert!(!text.contains(harmful), "{format}: {text:?}");
            assert!(!text.lines().any(|line| line.starts_with("::error::x")), "{format}: {text}");
        }
    }
}
