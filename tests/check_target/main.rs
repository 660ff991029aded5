//! `pgwh check-target` against receivers of the tests' own, on real sockets.
#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests")]

mod docs;
mod flow;
mod probes;
mod reach;
mod reports;
#[cfg(unix)]
mod start;
#[path = "../support/mod.rs"]
mod support;
mod webhooks;
