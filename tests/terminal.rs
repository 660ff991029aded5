//! What a person sees on a terminal: lines break at words, at its width.
#![cfg(unix)]

mod support;

use std::fs::File;
use std::io::{Read, Write};
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use support::{pgwh, run};

const COLUMNS: u16 = 60;

/// What a command writes to a terminal of this width, both streams together.
fn on_terminal(args: &[&str]) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let size = Winsize { ws_row: 24, ws_col: COLUMNS, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let side = || File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    let mut command = pgwh(args);
    command.stdin(Stdio::null()).stdout(side()).stderr(side());
    let mut child = command.spawn().unwrap();
    // The command's sides of the terminal close with it.
    drop(command);
    let mut text = Vec::new();
    // Reading ends with an error on Linux, and with the end of the file elsewhere.
    let _ = File::from(terminal).read_to_end(&mut text);
    child.wait().unwrap();
    String::from_utf8(text).unwrap().replace('\r', "")
}

/// A text without colors.
fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[track_caller]
fn assert_wrapped(args: &[&str]) {
    let shown = plain(&on_terminal(args));
    let output = run(args);
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&shown), words(&(output.stdout + &output.stderr)), "{args:?}");
    for line in shown.lines() {
        let fits = line.chars().count() <= usize::from(COLUMNS);
        assert!(fits || line.trim().split(' ').count() == 1, "{args:?} is too wide: {line:?}");
    }
    assert!(shown.lines().count() > 1, "{shown}");
}

#[test]
fn long_lines_break_at_words() {
    assert_wrapped(&["events"]);
    assert_wrapped(&["check-target", "--list"]);
    assert_wrapped(&["check-target", "--explain", "four-at-once"]);
    assert_wrapped(&["verify", "--explain", "secret-newline"]);
    assert_wrapped(&["verify", "--explain"]);
}

#[test]
fn errors_break_at_words() {
    assert_wrapped(&["events", "no-such-event"]);
    assert_wrapped(&["send", "Test", "--url", "ftp://localhost/"]);
    assert_wrapped(&["sign", "Test", "--secret", "s", "--set", "no.such.path=1"]);
}

#[test]
fn colors_show_on_a_terminal_and_not_in_a_pipe() {
    assert!(on_terminal(&["events"]).contains('\u{1b}'));
    assert!(!run(["events"]).stdout.contains('\u{1b}'));
}

#[test]
fn a_secret_that_is_typed_is_asked_for_and_not_shown() {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let side = || File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    let mut command = pgwh(["sign", "Test", "--request-id", "a", "--secret-file", "-"]);
    command.args(["--as", "signature"]).stdin(side()).stdout(side()).stderr(side());
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut terminal = File::from(terminal);
    let mut shown = Vec::new();
    while !shown.ends_with(b"Enter: ") {
        let mut byte = [0];
        terminal.read_exact(&mut byte).unwrap();
        shown.extend(byte);
    }
    terminal.write_all(b"hunter2\n").unwrap();
    let _ = terminal.read_to_end(&mut shown);
    assert!(child.wait().unwrap().success());
    let shown = String::from_utf8(shown).unwrap();
    // printf '%s' 'a:hunter2' | md5sum
    assert!(shown.contains("eeef132f6544fecfab55328fb4d5c8a9"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
}
