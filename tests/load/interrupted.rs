//! What is reported of a run that is interrupted.

use std::fs;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::OK;
use crate::keeping::{Keeping, Then, say};
use crate::reports::started;
use crate::support::Ran;
use crate::support::list::List;

/// Interrupts a run as soon as something is so.
fn interrupted(child: Child, mut when: impl FnMut() -> bool) -> Ran {
    let began = Instant::now();
    while !when() {
        assert!(began.elapsed() < Duration::from_secs(30), "it does not come about");
        thread::sleep(Duration::from_millis(5));
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    child.wait_with_output().unwrap().into()
}

#[test]
fn an_interrupted_run_reports_what_was_done() {
    let target = Keeping::new(|_| (OK, 1));
    let child = started(&target.url(), &["--duration", "10m", "--concurrency", "4"]);
    let ran = interrupted(child, || target.seen().len() >= 50).exits(130);
    assert!(ran.stdout.contains("Interrupted; "), "{ran:?}");
    assert!(ran.stdout.contains("PGM would mark all "), "{ran:?}");
}

#[test]
fn calls_that_were_under_way_are_not_counted() {
    let target = Keeping::with(|stream, _, number| {
        if number < 20 {
            return say(stream, OK);
        }
        // Until the caller has gone.
        let _ = stream.read(&mut [0]);
        Then::Close
    });
    let load = ["--count", "1000", "--concurrency", "3", "--timeout", "10m", "--format", "json"];
    let child = started(&target.url(), &load);
    let json = interrupted(child, || target.seen().len() == 23).exits(130).json();
    assert_eq!((&json["requests"], &json["failed"]), (&20.into(), &0.into()), "{json}");
    assert_eq!(json["interrupted"], true);
}

#[test]
fn nothing_is_no_success() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("run.md");
    let target = Keeping::with(|stream, _, _| {
        let _ = stream.read(&mut [0]);
        Then::Close
    });
    let report = format!("markdown={}", page.display());
    let load = ["--count", "9", "--concurrency", "2", "--timeout", "10m", "--report", &report];
    let child = started(&target.url(), &load);
    let ran = interrupted(child, || target.seen().len() == 2).exits(130);
    assert!(ran.stdout.contains("✗ No response yet."), "{ran:?}");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("❌") && !page.contains(" ms"), "{page}");
}

#[test]
fn a_run_without_a_response_is_listed_as_interrupted() {
    let list = List::new();
    let target = Keeping::with(|stream, _, _| {
        let _ = stream.read(&mut [0]);
        Then::Close
    });
    let url = target.url();
    let mut command = list.command(["send", "Test", "--url", &url, "--count", "9"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    interrupted(child, || target.seen().len() == 9).exits(130);
    assert_eq!(list.entries()[0]["status"], "interrupted");
    let table = list.run(["requests"]).exits(0).stdout;
    assert!(table.contains("? load: Test") || table.contains("interrupted"), "{table}");
    assert!(!table.contains("0 failed"), "{table}");
    let shown = list.run(["requests", "show", "last"]).exits(0).stdout;
    assert!(shown.contains("interrupted, no request ended"), "{shown}");
    assert!(!shown.contains("requests retry"), "{shown}");
    let retry = list.run(["requests", "retry", "last"]).exits(0);
    assert!(retry.stderr.contains("no request of this load run"), "{retry:?}");
}
