//! The requests list never loses what was sent, and never stops a send: killed processes, many
//! at once, and files that cannot be used, each against the real binary.
#![cfg(unix)]

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::{Value, json};
use support::Ran;
use support::list::List;
use support::server::{Target, hold, response, send};

/// Looks again and again until it is so; fails when it takes too long.
#[track_caller]
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        thread::yield_now();
    }
}

/// `kill -9`, and its end.
fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn is_whole(file: &Path) -> bool {
    let words: String = Connection::open(file)
        .unwrap()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    words == "ok"
}

/// Sends once, asserts that it was delivered with a single warning, and returns that.
#[track_caller]
fn delivered_with_a_warning(list: &List, target: &Target) -> String {
    let before = target.seen().len();
    let sent = list.send("Test", &target.url("/")).exits(0);
    assert_eq!(target.seen().len(), before + 1);
    assert_eq!(sent.stderr.matches("warning:").count(), 1, "{sent:?}");
    assert!(sent.stderr.contains(" help: "), "{sent:?}");
    assert!(sent.stdout.contains("successful"), "{sent:?}");
    sent.stderr
}

#[test]
fn a_process_that_is_killed_while_it_waits_leaves_an_interrupted_request() {
    let list = List::new();
    let target = Target::new(|stream, call| match call {
        0 => hold(stream),
        _ => send(stream, &response(200, "Ok")),
    });
    let child = list
        .command(["send", "Test", "--url", &target.url("/")])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    eventually("the request arrives", || !target.seen().is_empty());
    let entries = list.entries();
    assert_eq!(entries[0]["status"], "sending");
    assert_eq!(list.run(["requests", "--failed"]).exits(0).stdout, "");
    kill(child);
    let entries = list.entries();
    assert_eq!(
        (&entries[0]["status"], &entries[0]["outcome"]),
        (&json!("interrupted"), &Value::Null)
    );
    let page = list.run(["requests", "show", "last"]).exits(0).stdout;
    assert!(page.contains("interrupted: its process ended"), "{page}");

    list.run(["requests", "retry", "--failed"]).exits(0);
    let shown = list.show("last");
    assert_eq!(shown["status"], "delivered");
    assert_eq!(shown["attempts"][0]["outcome"], "interrupted");
    assert_eq!(shown["attempts"][1]["outcome"], "responded");
    assert_eq!(target.seen()[0], target.seen()[1]);
}

#[test]
fn killed_at_any_moment_nothing_that_arrived_is_missing() {
    let list = List::new();
    let target = Target::responding(503, "no");
    let url = target.url("/");
    // The times only spread the kills over the life of the process; whatever they hit, the same
    // must hold.
    for step in 0..60u64 {
        let args = ["send", "Test", "--url", &url, "--retries", "3", "--retry-delay", "1ms", "-q"];
        let mut command = list.command(args);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        thread::sleep(Duration::from_micros(step * step * 12));
        kill(child);
    }
    list.send("Test", &url).exits(1);
    let entries = list.entries();
    for seen in target.seen() {
        let id = seen.header("x-perfectgym-request").unwrap();
        let calls = target
            .seen()
            .iter()
            .filter(|other| other.header("x-perfectgym-request") == Some(id))
            .count();
        let entry = entries.iter().find(|entry| entry["requestId"] == id);
        let entry = entry.unwrap_or_else(|| panic!("{id} arrived and is not in the list"));
        let attempts = entry["attemptCount"].as_u64().unwrap();
        assert!(attempts >= calls as u64, "{calls} calls arrived: {entry}");
    }
    for entry in &entries {
        assert!(["failed", "interrupted"].contains(&entry["status"].as_str().unwrap()), "{entry}");
        let shown = list.show(entry["requestId"].as_str().unwrap());
        assert_eq!(shown["attempts"].as_array().unwrap().len() as u64, shown["attemptCount"]);
    }
    assert!(is_whole(&list.file()));
}

#[test]
fn twenty_processes_at_once_lose_nothing() {
    let list = List::new();
    let target = Target::responding(200, "Ok");
    let url = target.url("/");
    for round in 1..=3 {
        let children: Vec<_> = (0..20)
            .map(|_| {
                let mut command = list.command(["send", "Test", "--url", &url, "-q"]);
                command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        for child in children {
            let ran: Ran = child.wait_with_output().unwrap().into();
            assert_eq!(ran.exits(0).stderr, "");
        }
        let entries = list.entries();
        assert_eq!(entries.len(), round * 20);
        assert!(entries.iter().all(|entry| entry["status"] == "delivered"));
    }
    assert!(is_whole(&list.file()));
}

#[test]
fn another_process_that_locks_the_list_neither_fails_a_send_nor_blocks_readers() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    list.send("Test", &target.url("/")).exits(0);
    let other = Connection::open(list.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let warning = delivered_with_a_warning(&list, &target);
    assert!(warning.contains("not recorded") && warning.contains("locked"), "{warning}");
    let looked = list.run(["requests", "--format", "json"]).exits(0);
    assert_eq!((looked.stdout.lines().count(), looked.stderr.as_str()), (1, ""));
    assert!(list.run(["requests", "prune", "--keep=1"]).refused().stderr.contains("locked"));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(list.send("Test", &target.url("/")).exits(0).stderr, "");
    let entries = list.entries();
    assert_eq!(entries.len(), 2);
    assert!(entries.iter().all(|entry| entry["status"] == "delivered"));
}

#[test]
fn another_process_that_holds_the_lock_of_a_new_list_fails_no_send() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    fs::create_dir_all(list.state()).unwrap();
    let lock = fs::File::create(list.state().join("requests.lock")).unwrap();
    lock.lock().unwrap();
    let warning = delivered_with_a_warning(&list, &target);
    assert!(warning.contains("locked"), "{warning}");
    lock.unlock().unwrap();
    assert_eq!(list.send("Test", &target.url("/")).exits(0).stderr, "");
    assert_eq!(list.entries().len(), 1);
}

#[test]
fn readers_and_writers_do_not_wait_for_each_other() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    list.send("Test", &target.url("/")).exits(0);
    let reader = Connection::open(list.file()).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM request;").unwrap();
    assert_eq!(list.send("Test", &target.url("/")).exits(0).stderr, "");
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(list.entries().len(), 2);
}

#[test]
fn a_damaged_file_is_set_aside_and_a_new_one_begun() {
    for damage in ["all", "cut", "middle"] {
        let (list, target) = (List::new(), Target::responding(200, "Ok"));
        for _ in 0..30 {
            list.send("ContractCreated", &target.url("/")).exits(0);
        }
        assert_eq!(list.entries().len(), 30);
        // What is in the log belongs to the file, and would heal it.
        Connection::open(list.file())
            .unwrap()
            .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
            .unwrap();
        let mut bytes = fs::read(list.file()).unwrap();
        match damage {
            "all" => bytes.fill(b'x'),
            "cut" => bytes.truncate(bytes.len() / 2 / 4096 * 4096),
            _ => bytes[4096..].fill(0xa5),
        }
        fs::write(list.file(), &bytes).unwrap();
        let warning = delivered_with_a_warning(&list, &target);
        assert!(warning.contains("is damaged"), "{damage}: {warning}");
        let (_, aside) = warning.split_once("set aside as ").unwrap();
        let (aside, _) = aside.split_once(';').unwrap();
        assert_eq!(fs::read(aside).unwrap().len(), bytes.len(), "{damage}");
        assert_eq!(list.entries().len(), 1, "{damage}");
        assert_eq!(list.send("Test", &target.url("/")).exits(0).stderr, "");
        assert_eq!(list.entries().len(), 2, "{damage}");
    }
}

#[test]
fn many_processes_that_find_a_damaged_file_set_it_aside_once() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    fs::create_dir_all(list.state()).unwrap();
    fs::write(list.file(), "not a database, but long enough to be read as one".repeat(50)).unwrap();
    let children: Vec<_> = (0..12)
        .map(|_| {
            let mut command = list.command(["send", "Test", "--url", &target.url("/"), "-q"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        Ran::from(child.wait_with_output().unwrap()).exits(0);
    }
    let names = fs::read_dir(list.state()).unwrap().map(|entry| entry.unwrap().file_name());
    let aside = names.filter(|name| name.to_string_lossy().contains("damaged")).count();
    assert_eq!(aside, 1);
    assert_eq!(list.entries().len(), 12);
}

#[test]
fn a_list_without_stories_gets_them() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    list.send("Test", &target.url("/")).exits(0);
    let db = Connection::open(list.file()).unwrap();
    db.execute_batch(
        "ALTER TABLE request DROP COLUMN story; DROP TABLE gap; PRAGMA user_version = 1; \
         PRAGMA wal_checkpoint(TRUNCATE)",
    )
    .unwrap();
    drop(db);
    assert_eq!(list.entries()[0]["story"], Value::Null);
    list.send("Test", &target.url("/")).exits(0);
    assert_eq!(list.entries().len(), 2);
}

#[test]
fn a_newer_or_foreign_file_is_not_touched() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    list.send("Test", &target.url("/")).exits(0);
    let db = Connection::open(list.file()).unwrap();
    db.execute_batch("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let before = fs::read(list.file()).unwrap();
    let warning = delivered_with_a_warning(&list, &target);
    assert!(warning.contains("by a newer pgwh: version 99"), "{warning}");
    assert!(warning.contains("update pgwh"), "{warning}");
    assert_eq!(fs::read(list.file()).unwrap(), before);
    assert!(list.run(["requests"]).refused().stderr.contains("newer pgwh"));

    let list = List::new();
    fs::create_dir_all(list.state()).unwrap();
    Connection::open(list.file()).unwrap().execute_batch("CREATE TABLE theirs (a)").unwrap();
    let before = fs::read(list.file()).unwrap();
    let warning = delivered_with_a_warning(&list, &target);
    assert!(warning.contains("is not a requests list"), "{warning}");
    assert_eq!(fs::read(list.file()).unwrap(), before);
}

#[test]
fn an_empty_file_becomes_a_list() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    fs::create_dir_all(list.state()).unwrap();
    fs::write(list.file(), "").unwrap();
    assert_eq!(list.send("Test", &target.url("/")).exits(0).stderr, "");
    assert_eq!(list.entries().len(), 1);
}

#[test]
fn a_list_that_was_deleted_without_its_log_is_created_again() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    for _ in 0..3 {
        list.send("Test", &target.url("/")).exits(0);
    }
    assert_eq!(list.entries().len(), 3);
    fs::remove_file(list.file()).unwrap();
    assert_eq!(list.send("ClassesBooked", &target.url("/")).exits(0).stderr, "");
    let entries = list.entries();
    assert_eq!((entries.len(), &entries[0]["event"]), (1, &json!("ClassesBooked")));
    assert!(is_whole(&list.file()));
}

#[test]
fn a_place_that_cannot_be_written_keeps_no_send() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    // A file stands where the folder should be: refused to root, too.
    fs::write(list.state(), "").unwrap();
    let warning = delivered_with_a_warning(&list, &target);
    assert!(warning.contains("PGWH_STATE_DIR"), "{warning}");
    assert!(warning.contains("--no-record"), "{warning}");
}

#[test]
fn a_read_only_folder_keeps_no_send() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    fs::create_dir_all(list.state()).unwrap();
    fs::set_permissions(list.state(), fs::Permissions::from_mode(0o555)).unwrap();
    let is_enforced = fs::write(list.state().join("probe"), "").is_err();
    if is_enforced {
        let warning = delivered_with_a_warning(&list, &target);
        assert!(warning.contains("make the folder writable"), "{warning}");
    } else {
        // Nothing is read-only to root: at least the send goes on.
        list.send("Test", &target.url("/")).exits(0);
    }
    fs::set_permissions(list.state(), fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs `pgwh send` where no file may grow beyond `blocks` of 512 bytes: a full disk.
fn send_on_a_full_disk(list: &List, target: &Target, blocks: u32) -> Ran {
    let mut command = list.command(["send", "Test", "--url", &target.url("/")]);
    let (program, args) = (command.get_program().to_owned(), command.get_args());
    let args: Vec<_> = args.map(ToOwned::to_owned).collect();
    let mut shell = Command::new("sh");
    // Without the trap the signal for it would end the process; a full disk sends none.
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    shell.args(["-c", &script]).arg(program).args(args);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell.current_dir(list.folder.path()).stdin(Stdio::null());
    command.stdin(Stdio::null());
    shell.output().unwrap().into()
}

#[test]
fn a_full_disk_keeps_no_send_and_loses_nothing_that_was_there() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    let sent = send_on_a_full_disk(&list, &target, 0).exits(0);
    assert_eq!(sent.stderr.matches("warning:").count(), 1, "{sent:?}");
    assert!(sent.stderr.contains("not recorded"), "{sent:?}");
    for blocks in [2, 8, 20, 40, 70] {
        let sent = send_on_a_full_disk(&list, &target, blocks).exits(0);
        assert!(sent.stderr.matches("warning:").count() <= 1, "{sent:?}");
    }
    list.send("Test", &target.url("/")).exits(0);
    let before = list.entries().len();
    assert!(before >= 1);
    // As large as the log is, so that nothing can be added to it.
    let full = u32::try_from(fs::metadata(list.log()).unwrap().len() / 512).unwrap();
    let sent = send_on_a_full_disk(&list, &target, full).exits(0);
    assert!(sent.stderr.contains("free some space"), "{sent:?}");
    assert_eq!(list.entries().len(), before);
    list.send("Test", &target.url("/")).exits(0);
    assert_eq!(list.entries().len(), before + 1);
    assert!(is_whole(&list.file()));
    assert_eq!(target.seen().len(), 9);
}

#[test]
fn the_files_are_for_their_owner_alone() {
    let (list, target) = (List::new(), Target::new(|stream, _| hold(stream)));
    let child = list
        .command(["send", "Test", "--url", &target.url("/")])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    eventually("the request arrives", || !target.seen().is_empty());
    let mut names = Vec::new();
    for entry in fs::read_dir(list.state()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        names.push(entry.file_name().into_string().unwrap());
    }
    kill(child);
    for name in ["requests.db", "requests.db-wal"] {
        assert!(names.iter().any(|known| known == name), "{names:?}");
    }
    let folder = fs::metadata(list.state()).unwrap().permissions().mode() & 0o777;
    assert_eq!(folder, 0o700);
}

#[test]
fn links_and_pipes_in_the_state_folder_are_not_used() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    let elsewhere = list.folder.path().join("elsewhere");
    fs::write(&elsewhere, "mine").unwrap();
    for name in ["requests.db", "requests.db-wal", "requests.lock"] {
        let _ = fs::remove_dir_all(list.state());
        fs::create_dir_all(list.state()).unwrap();
        symlink(&elsewhere, list.state().join(name)).unwrap();
        let warning = delivered_with_a_warning(&list, &target);
        assert!(warning.contains(&format!("{name} is a symbolic link")), "{warning}");
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "mine", "{name}");
    }
    // Nor is anything opened that could block for ever.
    for name in ["requests.db", "requests.lock"] {
        fs::remove_dir_all(list.state()).unwrap();
        fs::create_dir_all(list.state()).unwrap();
        let pipe = list.state().join(name);
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let warning = delivered_with_a_warning(&list, &target);
        assert!(warning.contains(&format!("{name} is not a regular file")), "{warning}");
    }
    // The path that leads to the folder may have links.
    fs::remove_dir_all(list.state()).unwrap();
    let real = list.folder.path().join("real");
    fs::create_dir(&real).unwrap();
    symlink(&real, list.state()).unwrap();
    assert_eq!(list.send("Test", &target.url("/")).exits(0).stderr, "");
    assert_eq!(list.entries().len(), 1);
}

#[test]
fn a_folder_in_which_others_can_write_is_not_used() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    fs::create_dir_all(list.state()).unwrap();
    for mode in [0o777, 0o1777, 0o770] {
        fs::set_permissions(list.state(), fs::Permissions::from_mode(mode)).unwrap();
        let warning = delivered_with_a_warning(&list, &target);
        assert!(warning.contains("other users can write in"), "{warning}");
        assert!(warning.contains("chmod go-w"), "{warning}");
    }
    assert_eq!(fs::read_dir(list.state()).unwrap().count(), 0);
    assert!(list.run(["requests"]).refused().stderr.contains("other users can write in"));
    fs::set_permissions(list.state(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(list.send("Test", &target.url("/")).exits(0).stderr, "");
}

#[test]
fn without_a_home_a_send_says_where_the_list_could_be() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    let mut command = list.command(["send", "Test", "--url", &target.url("/")]);
    command.env_remove("PGWH_STATE_DIR").env_remove("XDG_CONFIG_HOME");
    command.env("HOME", "/proc/no-home").env("XDG_STATE_HOME", "/proc/no-home/state");
    let sent = Ran::from(command.output().unwrap()).exits(0);
    assert_eq!(sent.stderr.matches("warning:").count(), 1, "{sent:?}");
    assert!(sent.stderr.contains("PGWH_STATE_DIR"), "{sent:?}");
}

#[test]
fn sends_keep_the_log_small() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    let note = "x".repeat(100_000);
    for n in 1..=12u64 {
        let set = format!("valueText={note}");
        let args = ["send", "Test", "--url", &target.url("/"), "--set", &set, "-q"];
        assert_eq!(list.run(args).exits(0).stderr, "");
        assert!(fs::metadata(list.log()).unwrap().len() < 800_000, "after {n}");
    }
    assert_eq!(list.entries().len(), 12);
    // Each arrived whole: the body is too large to go out in one piece with its head.
    for seen in target.seen() {
        let body: Value = serde_json::from_slice(&seen.body).unwrap();
        assert_eq!(body["data"]["valueText"], note);
    }
}

#[test]
fn a_send_of_many_waits_and_warns_once_for_a_list_that_another_keeps() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    list.send("Test", &target.url("/")).exits(0);
    let other = Connection::open(list.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (url, set) = (target.url("/"), format!("valueText={}", "x".repeat(100_000)));
    let sent = list.run([
        "send", "Test", "Test", "Test", "Test", "Test", "Test", "--url", &url, "--set", &set,
    ]);
    assert_eq!(sent.exits(0).stderr.matches("warning:").count(), 1);
    assert_eq!(target.seen().len(), 7);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(list.entries().len(), 1);
}

#[test]
fn a_body_that_is_no_text_is_kept_to_the_byte() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    fs::write(list.folder.path().join("body"), b"\xff\x00\n{\"a\":1}\r\n").unwrap();
    list.run(["send", "--url", &target.url("/"), "--body", "@body"]).exits(0);
    list.run(["requests", "retry", "last"]).exits(0);
    assert_eq!(target.seen()[0].body, b"\xff\x00\n{\"a\":1}\r\n");
    assert_eq!(target.seen()[0], target.seen()[1]);
}

#[test]
fn two_retries_of_one_request_at_once_are_both_in_its_history() {
    let list = List::new();
    let (both, arrivals) = mpsc::channel();
    let target = Target::new(move |stream, call| {
        both.send(call).unwrap();
        send(stream, &response(503, "no"));
    });
    list.send("Test", &target.url("/")).exits(1);
    let retry = || {
        let mut command = list.command(["requests", "retry", "last", "-q"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..6).map(|_| retry()).collect();
    for child in children {
        assert_eq!(Ran::from(child.wait_with_output().unwrap()).exits(1).stderr, "");
    }
    assert_eq!(arrivals.try_iter().count(), 7);
    let shown = list.show("last");
    let numbers: Vec<_> =
        shown["attempts"].as_array().unwrap().iter().map(|a| a["n"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
    assert!(shown["attempts"].as_array().unwrap().iter().all(|a| a["status"] == 503));
}
