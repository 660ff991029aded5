//! A target that is started for the check and ended with everything it started, whatever happens.
//!
//! The command runs below a supervisor: pgwh itself, as a hidden command. On Linux the supervisor
//! adopts whatever its descendants leave behind, so it can end all of them, also those with a
//! session of their own. It does so when its standard input closes, which happens however pgwh
//! ends. Elsewhere it ends the command's process group.

use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use url::Url;

use super::progress::ProgressLine;
use crate::check::{
    CheckConfig, CheckReport, FirstRequest, ProbeResponse, Readiness, Target, first_request,
};
use crate::cli::CheckTargetArgs;
use crate::commands::error::CliError;
use crate::commands::{Exit, edge};
use crate::delivery::{Attempt, AttemptOutcome, DeliveryVerdict, ProbeClient};
use crate::pgm;
use crate::report::Output;

/// How long a started target may take to listen.
pub(super) const DEFAULT_WAIT: Duration = Duration::from_secs(60);
/// How long the started processes have to end by themselves before they are killed.
const TERMINATE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the supervisor may take in all before it is killed itself.
const SUPERVISOR_TIMEOUT: Duration = Duration::from_secs(6);
/// How long a started target may listen elsewhere before the user is told.
const ELSEWHERE_DELAY: Duration = Duration::from_secs(2);
/// How long the last of its output may take.
const OUTPUT_TIMEOUT: Duration = Duration::from_millis(500);
const POLL_INTERVAL: Duration = Duration::from_millis(10);
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// A running command. It ends when this is dropped, and also when this process is killed.
pub(super) struct StartedTarget {
    supervisor: Child,
    /// Closed to end the command.
    stdin: Option<ChildStdin>,
    /// What passes its output on.
    output: Vec<JoinHandle<()>>,
    url: Url,
    /// Where the command listens if that is not the target's port.
    elsewhere: Vec<SocketAddr>,
}

impl StartedTarget {
    /// Starts a shell command, unless something is in its place: that would be checked instead.
    /// Its output goes to our stderr, as stdout carries the answer.
    pub(super) fn new(
        command: &str,
        url: &Url,
        args: &CheckTargetArgs,
        progress: &ProgressLine,
    ) -> Result<Self, CliError> {
        if pgm::is_loopback(url) && is_listening(url, args) {
            return Err(CliError::new(format!(
                "--start: something is listening at {} already, and would be checked instead",
                &url[url::Position::BeforeHost..url::Position::AfterPort]
            ))
            .help("stop it, or leave --start out to check it"));
        }
        let start = || -> io::Result<Self> {
            let mut supervisor = platform::own_group(Command::new(std::env::current_exe()?))
                .args(["supervise", "--", command])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()?;
            let stdout = supervisor.stdout.take().map(|pipe| copy(pipe, progress.stderr()));
            let stderr = supervisor.stderr.take().map(|pipe| copy(pipe, progress.stderr()));
            let output = stdout.into_iter().chain(stderr).collect();
            let stdin = supervisor.stdin.take();
            Ok(Self { supervisor, stdin, output, url: url.clone(), elsewhere: Vec::new() })
        };
        start().map_err(|error| CliError::new(format!("--start: cannot run {command:?}: {error}")))
    }

    /// How the command ended, if it failed. A command that succeeded may have left the target
    /// running in the background.
    fn failure(&mut self) -> Option<ExitStatus> {
        self.supervisor.try_wait().ok().flatten().filter(|status| !status.success())
    }

    /// Notices whether the command listens on other ports than the target's.
    fn look_elsewhere(&mut self) -> &[SocketAddr] {
        let port = self.url.port_or_known_default().unwrap_or_default();
        let found = platform::listening(self.supervisor.id());
        self.elsewhere = match found.iter().any(|address| address.port() == port) {
            true => Vec::new(),
            false => found,
        };
        &self.elsewhere
    }

    /// Warns of a command that failed, and says in the report where one listens instead.
    pub(super) fn explain(&mut self, report: &mut CheckReport, output: &mut Output) {
        if let Some(status) = self.failure() {
            output.warn(format!("the command of --start ended by itself ({status})"));
        }
        if let Readiness::Unreachable { help, .. } = &mut report.readiness
            && !self.elsewhere.is_empty()
        {
            *help = self.elsewhere_text();
        }
    }

    fn elsewhere_text(&self) -> String {
        let found: Vec<_> = self.elsewhere.iter().map(SocketAddr::to_string).collect();
        format!(
            "the program of --start runs and listens on {}, not on port {}",
            found.join(" and "),
            self.url.port_or_known_default().unwrap_or_default()
        )
    }
}

impl Drop for StartedTarget {
    fn drop(&mut self) {
        drop(self.stdin.take());
        if !poll(SUPERVISOR_TIMEOUT, || !matches!(self.supervisor.try_wait(), Ok(None))) {
            let _ = self.supervisor.kill();
            let _ = self.supervisor.wait();
        }
        poll(OUTPUT_TIMEOUT, || self.output.iter().all(JoinHandle::is_finished));
    }
}

/// Passes output on until its end.
fn copy(
    mut from: impl Read + Send + 'static,
    mut write: impl FnMut(&[u8]) + Send + 'static,
) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = [0; 8 * 1024];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            write(&buffer[..read]);
        }
    })
}

fn is_listening(url: &Url, args: &CheckTargetArgs) -> bool {
    const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);
    let own = args.network.resolve.iter().filter(|resolve| resolve.applies_to(url));
    let own: Vec<_> = own.map(|resolve| SocketAddr::new(resolve.address, resolve.port)).collect();
    let found = if own.is_empty() { url.socket_addrs(|| None).unwrap_or_default() } else { own };
    found.iter().any(|address| TcpStream::connect_timeout(address, CONNECT_TIMEOUT).is_ok())
}

/// Sends the first request, again and again for as long as `patience` while nobody is there to
/// take it. The target gets it once: only an established connection can carry it.
pub(super) async fn send_first(
    client: &ProbeClient,
    config: &CheckConfig,
    patience: Duration,
    mut started: Option<&mut StartedTarget>,
    output: &mut Output,
) -> FirstRequest {
    let request = first_request(config, &mut edge::new_request_id);
    let begin = Instant::now();
    let mut told = false;
    loop {
        let response = client.send(&request, edge::now()).await;
        let has_failed = started.as_deref_mut().is_some_and(|one| one.failure().is_some());
        if is_conclusive(&response) || has_failed || begin.elapsed() + RETRY_INTERVAL > patience {
            if let Some(started) = started {
                started.look_elsewhere();
            }
            return FirstRequest { request: request.request, response };
        }
        if let Some(started) = started.as_deref_mut()
            && !told
            && begin.elapsed() >= ELSEWHERE_DELAY
            && !started.look_elsewhere().is_empty()
        {
            output.warn(started.elsewhere_text());
            told = true;
        }
        tokio::time::sleep(RETRY_INTERVAL).await;
    }
}

/// Whether waiting would change nothing. A port that a container engine has opened accepts
/// connections, and breaks them, before there is anybody behind it.
fn is_conclusive(response: &ProbeResponse) -> bool {
    let Some(attempt) = &response.attempt else { return true };
    let shows_certificate = attempt.outcome == AttemptOutcome::Tls && response.peer.is_some();
    let is_there = attempt.verdict() != DeliveryVerdict::Unreachable;
    shows_certificate || (is_there && !broke_at_once(attempt))
}

fn broke_at_once(attempt: &Attempt) -> bool {
    attempt.outcome == AttemptOutcome::Broken && attempt.response.is_none()
}

/// Waits for `condition`, but no longer than this; returns whether it came true.
fn poll(timeout: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + timeout;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(POLL_INTERVAL);
    }
}

/// The hidden command `supervise`: runs a shell command until it fails, its descendants have all
/// ended, or our standard input closes; then ends whatever is left of it. Never returns before
/// that. The exit code is the command's own if it failed.
pub(in crate::commands) fn supervise(command: &str) -> Result<Exit, CliError> {
    let code = platform::supervise(command)?;
    // The one exit code that is not pgwh's own.
    std::process::exit(code)
}

#[cfg(unix)]
mod platform {
    use std::fs;
    use std::io::{self, Read};
    use std::net::SocketAddr;
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};
    use std::thread;

    use rustix::process::{
        Pid, Signal, WaitOptions, kill_process, kill_process_group, test_kill_process_group, wait,
    };

    use super::{POLL_INTERVAL, TERMINATE_TIMEOUT, poll};

    /// Keeps a terminal's Ctrl-C from the supervisor: it ends with us.
    pub(super) fn own_group(mut command: Command) -> Command {
        command.process_group(0);
        command
    }

    pub(super) fn supervise(command: &str) -> io::Result<i32> {
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
        poll(TERMINATE_TIMEOUT, || descendants(std::process::id()).is_empty());
        loop {
            signal_all(group, Signal::KILL);
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// Those that ended in between are as well.
    fn signal_all(group: Pid, signal: Signal) {
        let _ = kill_process_group(group, signal);
        for pid in descendants(std::process::id()) {
            let _ = kill_process(pid, signal);
        }
    }

    /// All processes below this one, from `/proc`; none where there is no such thing.
    fn descendants(of: u32) -> Vec<Pid> {
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
        found.into_iter().filter_map(Pid::from_raw).collect()
    }

    /// The addresses that the descendants of a process listen on, from `/proc`.
    pub(super) fn listening(supervisor: u32) -> Vec<SocketAddr> {
        let inodes: Vec<String> = descendants(supervisor)
            .into_iter()
            .flat_map(|pid| fs::read_dir(format!("/proc/{}/fd", pid.as_raw_nonzero())))
            .flatten()
            .flatten()
            .filter_map(|entry| fs::read_link(entry.path()).ok()?.to_str().map(str::to_owned))
            .filter_map(|link| Some(link.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
            .collect();
        let mut found: Vec<_> = ["/proc/net/tcp", "/proc/net/tcp6"]
            .iter()
            .filter_map(|table| fs::read_to_string(table).ok())
            .flat_map(|table| {
                table.lines().filter_map(|l| listener(l, &inodes)).collect::<Vec<_>>()
            })
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
}

#[cfg(not(unix))]
mod platform {
    use std::io::{self, Read};
    use std::net::SocketAddr;
    use std::process::{Command, Stdio};
    use std::thread;

    pub(super) fn own_group(command: Command) -> Command {
        command
    }

    pub(super) fn supervise(command: &str) -> io::Result<i32> {
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
}
