//! Targets that are started for the check. The target is this test binary itself, run again
//! with a test that serves.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::hook::{Hook, good, respond};
use crate::support::{Ran, pgwh};

const PORT: &str = "PGWH_TEST_PORT";
const HANGS: &str = "PGWH_TEST_HANGS";

/// Not a test: the target that `--start` starts. It serves until it is killed.
#[test]
#[ignore = "serves until it is killed; other tests start it"]
fn serve() {
    let port: u16 = std::env::var(PORT).unwrap().parse().unwrap();
    let hangs = std::env::var_os(HANGS).is_some();
    let _hook = Hook::on(TcpListener::bind((HOST, port)).unwrap(), move |request| {
        if hangs {
            park_for_ever();
        }
        if request.event() == "nothing" { respond(500, "") } else { good(request) }
    });
    park_for_ever()
}

fn park_for_ever() -> ! {
    loop {
        thread::park();
    }
}

/// A shell command that runs the target as a child of a child.
fn command() -> String {
    let this = std::env::current_exe().unwrap();
    format!("sh -c \"'{}' --exact start::serve --ignored; true\"", this.display())
}

/// Where the started targets listen: on Linux an address that nothing else of these tests uses,
/// so that nobody takes the port before them.
const HOST: &str = if cfg!(target_os = "linux") { "127.77.0.1" } else { "127.0.0.1" };

fn free_port() -> u16 {
    TcpListener::bind((HOST, 0)).unwrap().local_addr().unwrap().port()
}

fn check(port: u16, args: &[&str]) -> std::process::Command {
    let url = format!("http://{HOST}:{port}/");
    let mut check = pgwh([&["check-target", &url], args].concat());
    check.env(PORT, port.to_string()).stdout(Stdio::piped()).stderr(Stdio::piped());
    check
}

fn listens(port: u16) -> bool {
    TcpStream::connect((HOST, port)).is_ok()
}

#[track_caller]
fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "never happened: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_target_is_started_checked_and_ended_with_its_children() {
    let port = free_port();
    let ran: Ran = check(port, &["--start", &command()]).output().unwrap().into();
    let ran = ran.exits(0);
    assert!(ran.stdout.contains("ready for PGM"), "{ran:#?}");
    assert!(!ran.stdout.contains("running 1 test"), "its output is not on stdout");
    assert!(ran.stderr.contains("running 1 test"), "{ran:#?}");
    wait_until("the target is gone", || !listens(port));
}

/// A check that hangs on its target.
fn hanging(port: u16) -> Child {
    let child =
        check(port, &["--start", &command(), "--timeout", "120s"]).env(HANGS, "1").spawn().unwrap();
    wait_until("the target listens", || listens(port));
    child
}

#[test]
fn the_target_ends_when_the_check_is_interrupted() {
    let port = free_port();
    let mut child = hanging(port);
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    wait_until("the target is gone", || !listens(port));
}

#[test]
fn the_target_ends_when_the_check_is_killed() {
    let port = free_port();
    let mut child = hanging(port);
    child.kill().unwrap();
    child.wait().unwrap();
    wait_until("the target is gone", || !listens(port));
}

#[test]
fn a_command_that_fails_is_not_waited_for() {
    let ran: Ran = check(free_port(), &["--start", "exit 7"]).output().unwrap().into();
    let ran = ran.exits(3);
    assert!(ran.stderr.contains("ended by itself (exit status: 7)"), "{ran:#?}");
}

#[test]
fn what_is_there_already_is_not_taken_for_the_started_target() {
    let hook = Hook::on(TcpListener::bind((HOST, 0)).unwrap(), good);
    let ran: Ran = check(hook.address.port(), &["--start", "exit 0"]).output().unwrap().into();
    let ran = ran.refused();
    assert!(ran.stderr.contains(&format!("listening at {HOST}:")), "{ran:#?}");
    assert_eq!(hook.seen().len(), 0);
}

/// A command whose target has a session of its own and is nobody's child.
#[cfg(target_os = "linux")]
fn daemon() -> String {
    let this = std::env::current_exe().unwrap();
    format!("setsid sh -c \"'{}' --exact start::serve --ignored &\" &", this.display())
}

#[cfg(target_os = "linux")]
#[test]
fn a_target_with_a_session_of_its_own_ends_with_the_check_and_when_it_is_killed() {
    let port = free_port();
    let ran: Ran = check(port, &["--start", &daemon()]).output().unwrap().into();
    ran.exits(0);
    assert!(!listens(port), "it is gone when the check ends");

    let mut command = check(port, &["--start", &daemon(), "--timeout", "120s"]);
    let mut child = command.env(HANGS, "1").spawn().unwrap();
    wait_until("the target listens", || listens(port));
    child.kill().unwrap();
    // Ends only when nobody holds the pipes any more.
    let mut rest = Vec::new();
    std::io::Read::read_to_end(&mut child.stderr.take().unwrap(), &mut rest).unwrap();
    child.wait().unwrap();
    wait_until("the target is gone", || !listens(port));
}

#[cfg(target_os = "linux")]
#[test]
fn a_target_on_another_port_is_noticed() {
    let (right, wrong) = (free_port(), free_port());
    let mut check = check(wrong, &["--start", &command(), "--wait", "4s"]);
    let ran: Ran = check.env(PORT, right.to_string()).output().unwrap().into();
    let ran = ran.exits(3);
    let text =
        format!("the program of --start runs and listens on {HOST}:{right}, not on port {wrong}");
    assert!(ran.stderr.contains(&text) && ran.stdout.contains(&text), "{ran:#?}");
}
