//! `pgwh supervise`, a hidden command: the supervisor of a target that `check-target --start` started.
//!
//! On Linux it adopts whatever its descendants leave behind, so it can end all of them, also those
//! with a session of their own. It does so when its standard input closes, which happens however
//! the pgwh that started it ends. On other Unix systems it ends the
//! command's process group, on Windows the command and everything below it.

use std::fs;
use std::net::SocketAddr;

use clap::Args;

use super::{CliError, Exit};

#[cfg(unix)]
use self::unix::run;
#[cfg(windows)]
use self::windows::run;

/// Runs a target for `check-target --start`; of no use to people.
#[derive(Debug, Args)]
pub(super) struct SuperviseArgs {
    /// The shell command
    command: String,
}

impl SuperviseArgs {
    /// Ends the process with the exit code of the command, which is not one of pgwh's own.
    pub fn run(&self) -> Result<Exit, CliError> {
        std::process::exit(run(&self.command)?)
    }
}

#[cfg(unix)]
mod unix {
    use std::io::{self, Read};
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::process::{
        Pid, Signal, WaitOptions, kill_process, kill_process_group, test_kill_process_group, wait,
    };

    use super::descendants;

    /// How long the processes have to end by themselves before they are killed.
    const TERMINATE_TIMEOUT: Duration = Duration::from_secs(3);
    const POLL_INTERVAL: Duration = Duration::from_millis(10);

    /// Runs a shell command until it fails, its descendants have all ended, or our standard input
    /// closes; then ends whatever is left of it. Returns the command's exit code.
    pub fn run(command: &str) -> io::Result<i32> {
        #[cfg(target_os = "linux")]
        rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
        let child = Command::new("sh")
            .args(["-c", command])
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()?;
        let group = Pid::from_child(&child);
        thread::spawn(move || {
            // Nothing is ever written: this waits for the end.
            let _ = io::stdin().lock().read(&mut [0]);
            end_all(group);
        });
        let mut code = 0;
        loop {
            match wait(WaitOptions::empty()) {
                Ok(Some((pid, status))) if pid == group => {
                    let signal = status.terminating_signal().map(|signal| 128 + signal);
                    code = status.exit_status().or(signal).unwrap_or_default();
                    if code != 0 {
                        thread::spawn(move || end_all(group));
                    }
                }
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                // There is no child left; where orphans are not adopted, they may still run.
                Err(_) if test_kill_process_group(group).is_err() => return Ok(code),
                Err(_) => thread::sleep(POLL_INTERVAL),
            }
        }
    }

    /// Asks all descendants to end, then kills them, until there are none.
    fn end_all(group: Pid) {
        signal_all(group, Signal::TERM);
        let deadline = Instant::now() + TERMINATE_TIMEOUT;
        while !descendants(std::process::id()).is_empty() && Instant::now() < deadline {
            thread::sleep(POLL_INTERVAL);
        }
        loop {
            signal_all(group, Signal::KILL);
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// Those that ended in between are as well.
    fn signal_all(group: Pid, signal: Signal) {
        let _ = kill_process_group(group, signal);
        for pid in descendants(std::process::id()).into_iter().filter_map(Pid::from_raw) {
            let _ = kill_process(pid, signal);
        }
    }
}

#[cfg(windows)]
mod windows {
    use std::io::{self, Read};
    use std::process::{Command, Stdio};
    use std::thread;

    /// Runs a command until it ends or our standard input closes; then ends everything below it.
    /// Returns its exit code.
    pub fn run(command: &str) -> io::Result<i32> {
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
}

/// All processes below one, from `/proc`; none where there is no such thing.
fn descendants(of: u32) -> Vec<i32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let parent = |entry: &fs::DirEntry| {
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        // The name of the program, in parentheses, may hold anything.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
        let (state, parent) = (fields.next()?, fields.next()?);
        (state != "Z").then(|| parent.parse::<i32>().ok())?
    };
    let parents: Vec<(i32, i32)> = processes
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            Some((pid, parent(&entry)?))
        })
        .collect();
    let mut found = vec![of.cast_signed()];
    let mut next = 0;
    while next < found.len() {
        let of = found[next];
        found.extend(parents.iter().filter(|(_, parent)| *parent == of).map(|(pid, _)| *pid));
        next += 1;
    }
    found.drain(..1);
    found
}

/// The addresses that the descendants of a process listen on, from `/proc`.
pub(super) fn listening(supervisor: u32) -> Vec<SocketAddr> {
    let inodes: Vec<String> = descendants(supervisor)
        .into_iter()
        .flat_map(|pid| fs::read_dir(format!("/proc/{pid}/fd")))
        .flatten()
        .flatten()
        .filter_map(|entry| fs::read_link(entry.path()).ok()?.to_str().map(str::to_owned))
        .filter_map(|link| Some(link.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    let mut found: Vec<_> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| table.lines().filter_map(|l| listener(l, &inodes)).collect::<Vec<_>>())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The address in a line of the kernel's table of sockets, if one of `inodes` listens there.
fn listener(line: &str, inodes: &[String]) -> Option<SocketAddr> {
    const LISTEN: &str = "0A";
    let fields: Vec<_> = line.split_whitespace().collect();
    let (address, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
    if *state != LISTEN || !inodes.iter().any(|own| own == inode) {
        return None;
    }
    let (host, port) = address.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    // Each group of eight digits is a word in the byte order of the machine.
    let words = host.as_bytes().chunks(8).map(|word| {
        let word = u32::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok()?;
        Some(word.to_ne_bytes())
    });
    let bytes = words.collect::<Option<Vec<_>>>()?.concat();
    match <[u8; 4]>::try_from(&bytes[..]) {
        Ok(v4) => Some((v4, port).into()),
        Err(_) => Some((<[u8; 16]>::try_from(&bytes[..]).ok()?, port).into()),
    }
}
