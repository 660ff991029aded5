//! Room for connections: each is an open file, of which the system allows a process few.

/// What a process has open besides.
#[cfg(unix)]
const OTHERS: u64 = 64;

/// Raises this process's own limit as far as it may. Where that is not far enough, connections
/// are refused, which says so by itself.
#[cfg(unix)]
pub(super) fn allow(connections: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let wanted = connections as u64 + OTHERS;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|current| current >= wanted) {
        return;
    }
    let raised = maximum.map_or(wanted, |maximum| wanted.min(maximum));
    let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum });
}

/// Elsewhere there is no such limit.
#[cfg(not(unix))]
pub(super) fn allow(_: usize) {}
