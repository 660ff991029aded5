//! `pgwh send --count` and `--duration`, against a target that keeps connections and whose delays
//! are known.

#[path = "../support/mod.rs"]
mod support;

mod exact;
mod failing;
#[cfg(unix)]
mod interrupted;
mod keeping;
mod pace;
mod reports;
mod tls;
mod truth;
mod workload;

use std::collections::BTreeSet;
use std::fs;

use keeping::Keeping;
use serde_json::Value;
use support::list::List;
use support::server::closed_port;
use support::{assert_matches_schema, run};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOk";
const BUSY: &[u8] = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";

/// MD5 of `id:secret` as `md5sum` has it, without the code under test.
#[cfg(target_os = "linux")]
fn md5sum(text: &str) -> String {
    use std::io::Write;
    let mut child = std::process::Command::new("md5sum")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()[..32].to_owned()
}

#[test]
fn every_request_is_new_and_signed_and_what_varies_varies() {
    let target = Keeping::new(|_| (OK, 0));
    let vary = ["--vary", "data.userId=1000..1999", "--no-record", "--format", "json"];
    let url = target.url();
    let args = ["send", "ClassesBooked", "--url", &url, "--count", "50", "--concurrency", "4"];
    let json = run(args.iter().chain(&vary)).exits(0).json();
    assert_matches_schema("load.schema.json", &json);
    assert_eq!((json["requests"].as_u64(), json["failed"].as_u64()), (Some(50), Some(0)));
    let seen = target.seen();
    assert_eq!(seen.len(), 50);
    let ids: BTreeSet<_> = seen.iter().map(|seen| seen.header("x-perfectgym-request")).collect();
    assert_eq!(ids.len(), 50);
    for request in &seen {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["event"], "ClassesBooked");
        assert!((1000..=1999).contains(&body["data"]["userId"].as_i64().unwrap()), "{body}");
    }
    #[cfg(target_os = "linux")]
    for request in seen.iter().take(5) {
        let id = request.header("x-perfectgym-request").unwrap();
        let expected = md5sum(&format!("{id}:{}", support::SECRET));
        assert_eq!(request.header("x-perfectgym-signature").unwrap(), expected);
    }
}

#[test]
fn failures_are_counted_kept_once_and_can_be_retried() {
    let list = List::new();
    let target = Keeping::new(|n| if n % 10 == 0 { (BUSY, 0) } else { (OK, 0) });
    let url = target.url();
    let args = ["send", "Test", "--url", &url, "--count", "100", "--format", "json"];
    let json = list.run(args).exits(1).json();
    assert_eq!(json["failed"], 10);
    assert_eq!(json["failures"][0]["kind"], "503");
    let listed = list.run(["requests", "--format", "json"]).exits(0).stdout;
    let lines: Vec<Value> =
        listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 11);
    lines.iter().for_each(|line| assert_matches_schema("request.schema.json", line));
    let run = lines.last().unwrap();
    assert_eq!(run["load"], serde_json::json!({"requests": 100, "failed": 10}));
    let id = run["requestId"].as_str().unwrap();
    let shown = list.run(["requests", "show", id, "--format", "json"]).exits(0).json();
    assert_matches_schema("load.schema.json", &shown);
    assert_eq!(shown["requestId"], id);
    let page = list.run(["requests", "show", id]).exits(0).stdout;
    assert!(page.contains("100, 10 failed") && !page.contains('{'), "{page}");
    let no_payload = list.run(["requests", "diff", id, "last"]).refused();
    assert!(no_payload.stderr.contains("a load run is many requests"), "{no_payload:?}");
    let before = target.seen().len();
    let retried = list.run(["requests", "retry", id, "-q"]);
    assert_eq!(target.seen().len() - before, 10, "{retried:?}");
    let named = retried.stdout.lines().filter(|line| line.starts_with("Test → http://"));
    assert_eq!(named.collect::<BTreeSet<_>>().len(), 10, "{retried:?}");
}

#[test]
fn allowed_failures_are_no_failure() {
    let target = Keeping::new(|n| if n == 5 { (BUSY, 0) } else { (OK, 0) });
    let url = target.url();
    let args = ["send", "Test", "--no-record", "--url", &url, "--count", "100", "-q"];
    let ran = run(args.iter().chain(&["--allow-failures", "1%"])).exits(0);
    assert!(ran.stdout.contains("1 of 100 requests would be marked failed"), "{ran:?}");
}

#[test]
fn the_files_hold_the_report_and_the_latencies() {
    let folder = tempfile::tempdir().unwrap();
    let (page, times) = (folder.path().join("page.md"), folder.path().join("times.hgrm"));
    let target = Keeping::new(|_| (OK, 0));
    let (url, report) = (target.url(), format!("markdown={}", page.display()));
    let args = ["send", "Test=2", "ClassesBooked=1", "--no-record", "--url", &url, "--count", "30"];
    let files = ["--report", &report, "--histogram", times.to_str().unwrap()];
    let ran = run(args.iter().chain(&files)).exits(0);
    assert!(ran.stdout.contains("PGM would mark all 30 requests successful"), "{ran:?}");
    assert!(fs::read_to_string(page).unwrap().contains("0 of 30 requests"));
    assert!(fs::read_to_string(times).unwrap().contains("Total count    =           30"));
}

#[test]
fn a_target_that_is_not_there_ends_the_run() {
    let url = format!("http://127.0.0.1:{}/", closed_port());
    let args = ["send", "Test", "--no-record", "--url", &url, "--count", "1000000"];
    let ran = run(args).exits(3);
    assert!(ran.stdout.contains("unreachable") && !ran.stdout.contains("/s over"), "{ran:?}");
}

#[test]
fn no_more_connections_are_reported_than_requests() {
    let target = Keeping::new(|_| (OK, 0));
    let url = target.url();
    let args = ["send", "Test", "--no-record", "--url", &url, "--count"];
    let three = run(args.iter().chain(&["3"])).exits(0).stdout;
    assert!(three.contains(", 3 connections"), "{three}");
    let one = run(args.iter().chain(&["1"])).exits(0).stdout;
    assert!(one.contains("PGM would mark the request successful"), "{one}");
    assert!(one.contains(", 1 connection,"), "{one}");
}

#[test]
fn a_public_host_is_not_put_under_load_by_mistake() {
    let args = ["send", "Test", "--no-record", "--url", "https://203.0.113.7/", "--count", "5"];
    let ran = run(args).refused();
    assert!(ran.stderr.contains("--yes-load-test"), "{ran:?}");
    // However it came by its address, and however slowly: a repeat is a request, too.
    let named = ["send", "Test", "--no-record", "--url", "http://pgm.example/", "--count", "5"];
    let at = ["--resolve", "pgm.example:80:203.0.113.7"];
    for slowly in [["--concurrency", "1"], ["--rate", "11/s"], ["--rate", "1/s..20/s"]] {
        let ran = run(named.iter().chain(&at).chain(&slowly)).refused();
        assert!(ran.stderr.contains("203.0.113.7"), "{ran:?}");
    }
    let twice = ["--rate", "10/s", "--repeat-rate", "0.2"];
    assert!(run(named.iter().chain(&at).chain(&twice)).refused().stderr.contains("12 requests"));
}

#[test]
fn what_is_about_one_request_is_refused() {
    let url = "http://127.0.0.1:1/";
    for extra in
        [["--retries", "3"], ["--request-id", "1"], ["--repeat", "4"], ["--duration", "1s"]]
    {
        run(["send", "Test", "--url", url, "--count", "5"].iter().chain(&extra)).refused();
    }
    for extra in [["--rate", "5/s"], ["--vary", "a=1..2"], ["--concurrency", "5"]] {
        run(["send", "Test", "--url", url].iter().chain(&extra)).refused();
    }
}
