//! What was acknowledged with a 2xx is in the file, whatever happens.

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

#[cfg(target_os = "linux")]
use crate::listener::response;
use crate::listener::{Listener, request, rest, signed, wait_until};

/// The request ids in a file of captures; the last line may be torn.
fn ids(path: &Path) -> HashSet<String> {
    let text = fs::read(path).unwrap();
    let mut lines: Vec<_> = text.split_inclusive(|byte| *byte == b'\n').collect();
    if lines.last().is_some_and(|line| !line.ends_with(b"\n")) {
        lines.pop();
    }
    let id = |line: &&[u8]| {
        let json: Value = serde_json::from_slice(line).unwrap();
        json["headers"]["x-perfectgym-request"][0].as_str().unwrap().to_owned()
    };
    lines.iter().map(id).collect()
}

/// Sends on eight connections until the receiver is killed; returns the ids that got a 200.
fn killed_under_load(args: &[&str]) -> HashSet<String> {
    const ENOUGH: usize = 400;
    let mut listener = Listener::start(&[args, &["--quiet"]].concat());
    let acknowledged = AtomicUsize::new(0);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..8)
            .map(|client| {
                let mut stream = listener.connect();
                let acknowledged = &acknowledged;
                scope.spawn(move || {
                    let mut mine = Vec::new();
                    for n in 0..1_000_000 {
                        let id = format!("{client}-{n}");
                        let call = request(&id, "", &"x".repeat(n % 3000), "");
                        if stream.write_all(&call).is_err() || !is_ok(&mut stream) {
                            break;
                        }
                        mine.push(id);
                        acknowledged.fetch_add(1, Ordering::Relaxed);
                    }
                    mine
                })
            })
            .collect();
        wait_until(|| acknowledged.load(Ordering::Relaxed) > ENOUGH);
        listener.kill();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    })
}

/// Whether a whole response arrives, and is a 200.
fn is_ok(stream: &mut std::net::TcpStream) -> bool {
    use std::io::Read;
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\nOk") {
        match stream.read(&mut byte) {
            Ok(1) => bytes.push(byte[0]),
            _ => return false,
        }
    }
    bytes.starts_with(b"HTTP/1.1 200")
}

#[test]
fn no_acknowledged_request_is_lost_by_kill_9_under_load() {
    let folder = tempfile::tempdir().unwrap();
    for (name, more) in
        [("plain", &[][..]), ("sync", &["--sync"]), ("rotated", &["--rotate", "64KiB"])]
    {
        let file = folder.path().join(name);
        let acknowledged = killed_under_load(&[&["--save", file.to_str().unwrap()], more].concat());
        let mut saved = ids(&file);
        for number in 1.. {
            let aside = folder.path().join(format!("{name}.{number}"));
            if !aside.exists() {
                break;
            }
            saved.extend(ids(&aside));
        }
        let lost: Vec<_> = acknowledged.difference(&saved).collect();
        assert!(lost.is_empty(), "{name}: {} of {} lost", lost.len(), acknowledged.len());
    }
}

#[test]
fn a_torn_last_line_is_ended_before_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.ndjson");
    fs::write(&file, "{\"cut\":").unwrap();
    let listener = Listener::start(&["--save", file.to_str().unwrap()]);
    listener.exchange(&signed("a", "{}"));
    listener.interrupt();
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("{\"cut\":\n{\"receivedAt\":"), "{text}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_gives_507_and_the_receiver_still_serves() {
    let listener = Listener::start(&["--save", "/dev/full"]);
    for _ in 0..2 {
        assert!(listener.exchange(&signed("a", "{}")).starts_with("HTTP/1.1 507 "));
        let event = listener.next();
        assert_eq!(event["saveError"], "No space left on device");
    }
    assert_eq!(listener.interrupt()["saveErrors"], 2);
}

/// A limit on file sizes stands in for a disk that fills up within a line.
#[cfg(target_os = "linux")]
#[test]
fn a_line_that_does_not_fit_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.ndjson");
    // The shell counts in blocks of 512 or 1024 bytes.
    let script = "ulimit -f 4; exec \"$@\"";
    let mut command = std::process::Command::new("bash");
    command.args(["-c", script, "listen", env!("CARGO_BIN_EXE_pgwh")]);
    command.args(["listen", "--addr", "127.0.0.1:0", "--format", "json", "--save"]).arg(&file);
    command.env("PGWH_SECRET", crate::support::SECRET);
    let listener = Listener::run(command);
    let mut stream = listener.connect();
    let mut acknowledged = HashSet::new();
    for n in 0..40 {
        let id = n.to_string();
        stream.write_all(&request(&id, "", &"x".repeat(300), "")).unwrap();
        let response = response(&mut stream);
        if response.starts_with("HTTP/1.1 200") {
            acknowledged.insert(id);
        } else {
            assert!(response.starts_with("HTTP/1.1 507 "), "{response}");
        }
    }
    assert!(!acknowledged.is_empty() && acknowledged.len() < 40);
    drop(stream);
    listener.interrupt();
    assert!(fs::read(&file).unwrap().ends_with(b"\n"));
    assert_eq!(ids(&file), acknowledged);
}

#[test]
fn a_file_that_cannot_be_used_is_an_error_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("missing").join("c.ndjson");
    let refused = crate::support::run(["listen", "--save", inside.to_str().unwrap()]).refused();
    assert!(refused.stderr.contains("--save"), "{}", refused.stderr);

    let file = folder.path().join("c.ndjson");
    let first = Listener::start(&["--save", file.to_str().unwrap()]);
    let args = ["listen", "--addr", "127.0.0.1:0", "--save", file.to_str().unwrap()];
    let refused = crate::support::run(args).refused();
    assert!(refused.stderr.contains("another pgwh listen"), "{}", refused.stderr);
    drop(first);
}

#[test]
fn pipelined_requests_are_saved_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.ndjson");
    let listener = Listener::start(&["--save", file.to_str().unwrap()]);
    let mut stream = listener.connect();
    let mut calls: Vec<u8> = (0..99).flat_map(|n| request(&n.to_string(), "", "{}", "")).collect();
    calls.extend(request("99", "", "{}", "Connection: close\r\n"));
    stream.write_all(&calls).unwrap();
    assert_eq!(rest(&mut stream).matches("HTTP/1.1 200").count(), 100);
    let text = fs::read_to_string(&file).unwrap();
    for (n, line) in text.lines().enumerate() {
        let json: Value = serde_json::from_str(line).unwrap();
        assert_eq!(json["headers"]["x-perfectgym-request"][0], n.to_string());
    }
    assert_eq!(text.lines().count(), 100);
}

/// A new name of a file is on the disk only when its folder is.
#[cfg(target_os = "linux")]
#[test]
fn sync_covers_the_folder_after_a_file_is_created_or_renamed() {
    const WHAT: &str = "--sync of the folder of --save";
    let strace = || std::process::Command::new("strace");
    if strace().arg("-V").output().is_err() {
        return crate::support::skipped(WHAT, "strace");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap();
    let file = path.join("captures").join("c.ndjson");
    fs::create_dir(path.join("captures")).unwrap();
    let log = path.join("calls");
    let mut command = strace();
    command.args(["-f", "-y", "-e", "trace=fsync,rename", "-o", log.to_str().unwrap()]);
    command.args([env!("CARGO_BIN_EXE_pgwh"), "listen", "--addr", "127.0.0.1:0"]);
    command.args(["--format", "json", "--sync", "--rotate", "600B", "--max-requests", "3"]);
    command.arg("--save").arg(&file);
    let listener = Listener::run(command);
    for id in ["a", "b", "c"] {
        let response =
            listener.exchange(&request(id, "", &"x".repeat(400), "Connection: close\r\n"));
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    }
    listener.ended();
    let calls = fs::read_to_string(log).unwrap();
    let of_folder = format!("<{}>)", file.parent().unwrap().display());
    let calls: Vec<_> = calls
        .lines()
        .filter(|line| line.contains("rename(") || line.contains(&of_folder))
        .map(|line| if line.contains("rename(") { "rename" } else { "fsync" })
        .collect();
    assert_eq!(calls, ["fsync", "rename", "fsync", "rename", "fsync"]);
}
