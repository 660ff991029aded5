//! A story that is interrupted.

use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::lines;
use crate::support::Ran;
use crate::support::hook::{Hook, good};
use crate::support::list::List;

const SLOW: &str = "[[step]]\nname = \"first\"\nevent = \"Test\"\n\
                    [[step]]\nname = \"never\"\nafter = \"1h\"\nevent = \"Test\"\n";

/// Plays, and interrupts as soon as the first request was received and recorded.
fn interrupted(signal: Signal, more: &[&str]) -> (Ran, usize) {
    let (list, target) = (List::new(), Hook::new(good));
    std::fs::write(list.folder.path().join("slow.toml"), SLOW).unwrap();
    let mut command = list.command(["play", "slow.toml", "--url", &target.url()]);
    let child = command.args(more).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while !list.run(["requests", "--format", "json"]).stdout.contains("\"delivered\"") {
        assert!(began.elapsed() < Duration::from_secs(30), "nothing was sent");
        thread::sleep(Duration::from_millis(20));
    }
    kill_process(Pid::from_child(&child), signal).unwrap();
    (child.wait_with_output().unwrap().into(), target.seen().len())
}

#[test]
fn what_was_done_is_reported() {
    let (ran, sent) = interrupted(Signal::INT, &[]);
    let ran = ran.exits(130);
    assert!(ran.stdout.contains("✓ 1  first  Test"), "{ran:?}");
    assert!(ran.stdout.contains("✗ 1 of 2 steps went as expected"), "{ran:?}");
    assert!(ran.stdout.contains("Interrupted; 1 step not finished."), "{ran:?}");
    assert_eq!(sent, 1);
}

#[test]
fn as_json_and_in_files_too() {
    let folder = tempfile::tempdir().unwrap();
    let junit = folder.path().join("story.xml");
    let report = format!("junit={}", junit.display());
    let (ran, _) = interrupted(Signal::TERM, &["--format", "json", "--report", &report]);
    let told = lines(&ran.exits(143).stdout);
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["outcome"], "met");
    assert_eq!((&told[1]["interrupted"], &told[1]["passed"]), (&true.into(), &false.into()));
    let xml = std::fs::read_to_string(junit).unwrap();
    assert!(xml.contains("<skipped message=\"the story was interrupted\"/>"), "{xml}");
}
