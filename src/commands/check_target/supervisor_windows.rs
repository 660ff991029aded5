//! The supervisor of a started target where there are no process groups.

use std::io::{self, Read};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::thread;

/// There are no groups here.
pub(super) fn own_group(command: Command) -> Command {
    command
}

/// Runs a command until it ends or our standard input closes; then ends everything below it.
/// Returns its exit code.
pub(super) fn run(command: &str) -> io::Result<i32> {
    let mut child = Command::new("cmd").args(["/C", command]).stdin(Stdio::null()).spawn()?;
    let pid = child.id().to_string();
    thread::spawn(move || {
        // Nothing is ever written: this waits for the end.
        let _ = io::stdin().lock().read(&mut [0]);
        // Ends the command and everything below it.
        let _ = Command::new("taskkill")
            .args(["/T", "/F", "/PID", &pid])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    });
    Ok(child.wait()?.code().unwrap_or(1))
}

/// Not known here.
pub(super) fn listening(_: u32) -> Vec<SocketAddr> {
    Vec::new()
}
