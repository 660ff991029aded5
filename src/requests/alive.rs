//! Whether the process that made an attempt is still at it.

use chrono::{DateTime, Utc};

/// Whether a process may still be working on an attempt that it began: it runs, and the time it
/// gave itself is not over. Ids of processes are used again, and mean nothing in another
/// container, so neither alone would do.
pub(super) fn is_at_it(pid: u32, deadline: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now <= deadline && runs(pid)
}

#[cfg(unix)]
fn runs(pid: u32) -> bool {
    use rustix::process::{Pid, test_kill_process};
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    // A process of another user answers with "not permitted": it is there.
    pid.is_some_and(|pid| test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

#[cfg(not(unix))]
fn runs(_: u32) -> bool {
    true
}
