//! What is reported of a run: while it goes on, and in files.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::keeping::{Keeping, say};
use crate::support::{Ran, pgwh, run};
use crate::{BUSY, OK};

/// A run whose output is kept.
pub fn started(url: &str, load: &[&str]) -> Child {
    let args = ["send", "Test", "--no-record", "--url", url];
    let mut command = pgwh(args.iter().chain(load));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn bars_count_every_call_once_and_have_labels_of_their_own() {
    // Nearly the same time for all of them.
    let target = Keeping::new(|_| (OK, 120));
    let url = target.url();
    let args = ["send", "Test", "--no-record", "--url", &url, "--count", "40"];
    let ran = run(args.iter().chain(&["--concurrency", "10"])).exits(0);
    let bars = ran.stdout.lines().filter_map(|line| line.trim().strip_prefix("≤ "));
    let (mut labels, mut sum) = (Vec::new(), 0);
    for bar in bars {
        labels.push(bar.split("  ").next().unwrap());
        sum += bar.split_whitespace().last().unwrap().parse::<u32>().unwrap();
    }
    assert_eq!(sum, 40, "{ran:?}");
    let different: BTreeSet<_> = labels.iter().collect();
    assert!(!labels.is_empty() && different.len() == labels.len(), "{ran:?}");
}

#[test]
fn a_pipe_gets_a_plain_line_now_and_then() {
    let target = Keeping::new(|_| (OK, 0));
    let load = ["--duration", "6s", "--rate", "10/s", "--color", "always"];
    let ran: Ran = started(&target.url(), &load).wait_with_output().unwrap().into();
    let ran = ran.exits(0);
    let lines: Vec<_> = ran.stderr.lines().filter(|line| line.contains(" in flight")).collect();
    assert_eq!(lines.len(), 1, "{ran:?}");
    assert!(lines[0].contains(" requests · ") && lines[0].contains("p99 "), "{ran:?}");
    // No cursor is moved, whatever colours were asked for.
    assert!(!ran.stderr.contains("\u{1b}[J") && !ran.stderr.contains('\r'), "{ran:?}");
    assert!(!ran.stdout.contains(" in flight"), "{ran:?}");
}

/// The rows of HdrHistogram's text form: value, percentile, count.
fn rows(text: &str) -> Vec<[f64; 3]> {
    let row = |line: &str| {
        let mut cells = line.split_whitespace().map(|cell| cell.parse().unwrap());
        std::array::from_fn(|_| cells.next().unwrap())
    };
    let mut lines = text.lines();
    let heading: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(heading, ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"]);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(row).collect()
}

#[test]
fn the_histogram_and_the_reports_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let target = Keeping::new(|n| if n % 20 == 7 { (BUSY, 30) } else { (OK, 3) });
    let (url, json, page) = (
        target.url(),
        format!("json={}", file("run.json")),
        format!("markdown={}", file("run.md")),
    );
    let args = ["send", "Test", "--no-record", "--url", &url, "--count", "200", "--format", "json"];
    let times = file("times.hgrm");
    let files = ["--report", &json, "--report", &page, "--histogram", &times];
    let ran = run(args.iter().chain(&files)).exits(1);
    assert_eq!(fs::read_to_string(file("run.json")).unwrap(), ran.stdout);
    let report: Value = ran.json();
    let page = fs::read_to_string(file("run.md")).unwrap();
    assert!(page.contains("**10 of 200 requests would be marked failed (5 %)**"), "{page}");
    assert!(page.contains("| 10 | 503 Service Unavailable | "), "{page}");

    let rows = rows(&fs::read_to_string(times).unwrap());
    assert!(rows.len() > 5 && rows.is_sorted_by(|a, b| (0..3).all(|n| a[n] <= b[n])), "{rows:?}");
    let ([slowest, share, count], max) = (rows[rows.len() - 1], &report["latencyMs"]["max"]);
    assert_eq!((share, count, Some(slowest)), (1.0, 200.0, max.as_f64()));
    for [value, share, count] in &rows {
        // So many calls took at most this time, by nearest rank.
        assert!(*count >= (share * 200.0 - 1e-6).ceil(), "{value} {share} {count}");
    }
    let [median, ..] = rows.iter().find(|row| row[1] >= 0.5).unwrap();
    assert_eq!(Some(*median), report["latencyMs"]["p50"].as_f64());
}

#[test]
fn nothing_of_a_response_steers_a_terminal_in_json_either() {
    let response = "HTTP/1.1 500 Oh\r\nContent-Length: 8\r\n\r\na\u{9b}2J\u{202e}";
    let target = Keeping::with(move |stream, _, _| say(stream, response.as_bytes()));
    let args = ["send", "Test", "--no-record", "--format", "json", "--url"];
    for load in [&["--count", "1"][..], &[]] {
        let url = target.url();
        let ran = run(args.iter().chain(&[url.as_str()]).chain(load)).exits(1);
        assert!(ran.stdout.contains(r"a\u009b2J\u202e"), "{ran:?}");
        assert!(!ran.stdout.contains(['\u{9b}', '\u{202e}']), "{ran:?}");
    }
}
