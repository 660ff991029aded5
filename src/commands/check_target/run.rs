//! Checks one target, which it can start first (`--start`) and then always ends, with everything
//! that the target started. Shows progress on the terminal.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use url::Url;

use super::CheckTargetArgs;
use crate::check::{
    self, Check, CheckConfig, CheckProgress, CheckReport, ProbeRequest, ProbeResponse, ProbeTarget,
    Readiness, first_request, needs_target,
};
use crate::commands::supervise::listening;
use crate::commands::{CliError, WallClock, new_request_id, now};
use crate::delivery::{AttemptOutcome, DeliveryVerdict, ProbeClient, format_duration};
use crate::files::error_text;
use crate::pgm;
use crate::report::{Output, Spinner};
use crate::text::count;
#[cfg(unix)]
use std::os::unix::process::CommandExt;

/// How long a started target may take to listen.
const DEFAULT_WAIT: Duration = Duration::from_secs(60);
const POLL_INTERVAL: Duration = Duration::from_millis(10);
/// How long the supervisor may take in all before it is killed itself.
const SUPERVISOR_TIMEOUT: Duration = Duration::from_secs(6);
/// How long a started target may listen elsewhere before a warning.
const ELSEWHERE_DELAY: Duration = Duration::from_secs(2);
/// How long the last of its output may take.
const OUTPUT_TIMEOUT: Duration = Duration::from_millis(500);
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// Checks a target, starting it if it has to be, and keeps the checks so far in `found`.
pub(super) async fn check_one(
    client: &ProbeClient,
    config: &CheckConfig,
    args: &CheckTargetArgs,
    found: &RefCell<Vec<Check>>,
    output: &mut Output,
) -> Result<CheckReport, CliError> {
    let mut progress = CheckProgressLine::new(output);
    let mut started = match &args.start {
        Some(command) => Some(StartedTarget::new(command, &config.url, args, &progress.line)?),
        None => None,
    };
    let default = if started.is_some() { DEFAULT_WAIT } else { Duration::ZERO };
    let patience = args.wait.unwrap_or(default);
    let first = match needs_target(config) {
        true => Some(send_first(client, config, patience, started.as_mut(), output).await),
        false => None,
    };
    let mut observer = |event: CheckProgress<'_>| {
        progress.show(&event);
        if let CheckProgress::Checked(check) = event {
            let mut found = found.borrow_mut();
            found.retain(|other| other.id != check.id);
            found.push(check.clone());
        }
    };
    let mut report =
        check::run(client, &WallClock, config, &mut new_request_id, first, &mut observer).await;
    drop(progress);
    match (&mut started, &mut report.readiness) {
        (Some(started), _) => started.explain(&mut report, patience, output),
        (None, Readiness::Unreachable { reason, .. }) if !patience.is_zero() => {
            *reason += &format!(" (--wait waited for {})", format_duration(patience));
        }
        _ => {}
    }
    Ok(report)
}

/// A running command. It ends when this is dropped, and also when this process is killed.
struct StartedTarget {
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
    /// Its output goes to our stderr, as stdout carries the report.
    fn new(
        command: &str,
        url: &Url,
        args: &CheckTargetArgs,
        progress: &Spinner,
    ) -> Result<Self, CliError> {
        if pgm::is_loopback(url) && is_listening(url, args) {
            return Err(CliError::new(format!(
                "--start: something is listening at {} already, and would be checked instead",
                &url[url::Position::BeforeHost..url::Position::AfterPort]
            ))
            .help("stop it, or leave --start out to check it"));
        }
        let start = || -> io::Result<Self> {
            let mut supervisor = Command::new(std::env::current_exe()?);
            // Keeps a terminal's Ctrl-C from the supervisor, which ends with us.
            #[cfg(unix)]
            supervisor.process_group(0);
            let mut supervisor = supervisor
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
        start().map_err(|error| {
            CliError::new(format!("--start: cannot run {command:?}: {}", error_text(&error)))
        })
    }

    /// How the command ended, if it failed. A command that succeeded may have left the target
    /// running in the background.
    fn failure(&mut self) -> Option<ExitStatus> {
        self.supervisor.try_wait().ok().flatten().filter(|status| !status.success())
    }

    /// Notices whether the command listens on other ports than the target's.
    fn look_elsewhere(&mut self) -> &[SocketAddr] {
        let port = self.url.port_or_known_default().unwrap_or_default();
        let found = listening(self.supervisor.id());
        let is_there = found.iter().any(|address| address.port() == port);
        self.elsewhere = if is_there { Vec::new() } else { found };
        &self.elsewhere
    }

    /// Warns of a command that failed, and says in the report where one listens instead, or that
    /// it runs and listens nowhere.
    fn explain(&mut self, report: &mut CheckReport, patience: Duration, output: &mut Output) {
        let failure = self.failure();
        if let Some(status) = failure {
            output.warn(format!("the command of --start ended by itself ({status})"));
        }
        let Readiness::Unreachable { help, .. } = &mut report.readiness else { return };
        if !self.elsewhere.is_empty() {
            *help = self.elsewhere_text();
        } else if failure.is_none() {
            let state = match self.supervisor.try_wait() {
                Ok(None) => "still runs",
                _ => "has ended",
            };
            *help = format!(
                "the program of --start {state}, but nothing listens on port {} after {}; \
                 --wait TIME waits longer",
                self.url.port_or_known_default().unwrap_or_default(),
                format_duration(patience)
            );
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
    let found = args.network.addresses(url);
    found.iter().any(|address| TcpStream::connect_timeout(address, CONNECT_TIMEOUT).is_ok())
}

/// Sends the first request, again and again for as long as `patience`, while nobody is there to
/// take it. The target gets it once: only an established connection can carry it.
async fn send_first(
    client: &ProbeClient,
    config: &CheckConfig,
    patience: Duration,
    mut started: Option<&mut StartedTarget>,
    output: &mut Output,
) -> (ProbeRequest, ProbeResponse) {
    let request = first_request(config, &mut new_request_id);
    let begin = Instant::now();
    let mut was_reported = false;
    loop {
        let response = client.send(&request, now()).await;
        let has_failed = started.as_deref_mut().is_some_and(|one| one.failure().is_some());
        if is_conclusive(&response) || has_failed || begin.elapsed() + RETRY_INTERVAL > patience {
            if let Some(started) = started {
                started.look_elsewhere();
            }
            return (request, response);
        }
        if let Some(started) = started.as_deref_mut()
            && !was_reported
            && begin.elapsed() >= ELSEWHERE_DELAY
            && !started.look_elsewhere().is_empty()
        {
            output.warn(started.elsewhere_text());
            was_reported = true;
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
    let broke_at_once = attempt.outcome == AttemptOutcome::Broken && attempt.response.is_none();
    shows_certificate || (is_there && !broke_at_once)
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

/// Most probes that are named.
const MAX_NAMES: usize = 2;

/// Which checks are made, on a progress line.
struct CheckProgressLine {
    line: Spinner,
    /// The ids of the probes that run now.
    running: Vec<&'static str>,
    /// The ids of the checks that were made.
    made: BTreeSet<&'static str>,
    total: usize,
}

impl CheckProgressLine {
    fn new(output: &Output) -> Self {
        let first = "waiting for the first response";
        let line = Spinner::new("{spinner} {elapsed:>3} {wide_msg}", first, output);
        Self { line, running: Vec::new(), made: BTreeSet::new(), total: 0 }
    }

    fn show(&mut self, event: &CheckProgress<'_>) {
        match event {
            CheckProgress::Running(ids, total) => {
                (self.running, self.total) = (ids.to_vec(), *total);
            }
            CheckProgress::Checked(check) => {
                self.running.retain(|id| *id != check.id);
                self.made.insert(check.id);
            }
        }
        if !self.running.is_empty() {
            self.line.set(|| self.text());
        }
    }

    fn text(&self) -> String {
        let (made, total) = (self.made.len(), count(self.total as u64, "check"));
        let shown = self.running.len().min(MAX_NAMES);
        let text = format!("{made} of {total} made: {}", self.running[..shown].join(", "));
        match self.running.len() - shown {
            0 => text,
            more => format!("{text} and {more} more"),
        }
    }
}
