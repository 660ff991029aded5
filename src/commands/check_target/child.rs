//! A target that is started for the check, and ended with all its children whatever happens.

use std::io;
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long the target has to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(3);
/// How long what was killed may take to free its ports. Short, as a container without an init
/// process never buries its orphans.
const BURIAL: Duration = Duration::from_millis(200);
const POLL: Duration = Duration::from_millis(10);

/// A running command. It ends when this is dropped, and also when this process is killed.
#[derive(Debug)]
pub(super) struct Started(Child);

impl Started {
    /// Starts a shell command. Its output goes to our stderr, as stdout carries the answer.
    pub(super) fn new(command: &str) -> io::Result<Self> {
        let mut shell = platform::shell(command);
        shell.stdin(Stdio::piped()).stdout(io::stderr()).stderr(io::stderr());
        shell.spawn().map(Self)
    }

    /// How it ended, if it has ended badly. A command that ends well may have left the target
    /// running in the background.
    pub(super) fn failed(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().ok().flatten().filter(|status| !status.success())
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        platform::ask_to_end(&self.0);
        poll(GRACE, || !matches!(self.0.try_wait(), Ok(None)));
        platform::kill(&self.0);
        let _ = self.0.wait();
        poll(BURIAL, || platform::is_gone(&self.0));
    }
}

/// Waits until `done`, but no longer than this.
fn poll(patience: Duration, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + patience;
    while !done() && Instant::now() < deadline {
        thread::sleep(POLL);
    }
}

#[cfg(unix)]
mod platform {
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command};

    use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

    /// Runs the command `$1` in a process group of its own. Standard input is a pipe that ends
    /// with us, however we end: then the watcher kills the whole group. The shell itself
    /// outlives SIGTERM to tell when the command is gone.
    const SUPERVISOR: &str = r#"
trap : TERM
exec 3<&0 </dev/null
(read -r _ <&3; kill -KILL 0) &
sh -c "$1" 3<&- &
command=$!
wait "$command" 2>/dev/null
status=$?
while kill -0 "$command" 2>/dev/null; do
    wait "$command" 2>/dev/null
    status=$?
done
exit "$status"
"#;

    pub(super) fn shell(command: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", SUPERVISOR, "pgwh", command]).process_group(0);
        shell
    }

    pub(super) fn ask_to_end(child: &Child) {
        signal(child, Signal::TERM);
    }

    pub(super) fn kill(child: &Child) {
        signal(child, Signal::KILL);
    }

    /// Whether nobody is left in the group.
    pub(super) fn is_gone(child: &Child) -> bool {
        group(child).is_none_or(|group| test_kill_process_group(group).is_err())
    }

    /// The group may be gone already, which is as well.
    fn signal(child: &Child, signal: Signal) {
        if let Some(group) = group(child) {
            let _ = kill_process_group(group, signal);
        }
    }

    fn group(child: &Child) -> Option<Pid> {
        i32::try_from(child.id()).ok().and_then(Pid::from_raw)
    }
}

#[cfg(not(unix))]
mod platform {
    use std::process::{Child, Command, Stdio};

    pub(super) fn shell(command: &str) -> Command {
        let mut shell = Command::new("cmd");
        shell.args(["/C", command]);
        shell
    }

    /// There is no gentle way that every program hears.
    pub(super) fn ask_to_end(child: &Child) {
        kill(child);
    }

    /// Ends the command and everything below it.
    pub(super) fn kill(child: &Child) {
        let _ = Command::new("taskkill")
            .args(["/T", "/F", "/PID", &child.id().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }

    /// `taskkill` has waited for them.
    pub(super) fn is_gone(_: &Child) -> bool {
        true
    }
}
