//! `pgwh check-target` against receivers of the tests' own, on real sockets.

mod docs;
mod flow;
mod probes;
mod reach;
mod reports;
#[cfg(unix)]
mod start;
#[path = "../support/mod.rs"]
mod support;
