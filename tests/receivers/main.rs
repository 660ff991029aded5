//! The receivers in `examples/receivers/`: ready for PGM as they are, found out when they are
//! broken on purpose, and of one mind about who is let in. A receiver whose runtime is missing is
//! skipped by name; `.ci/receivers` installs everything, and with `PGWH_TEST_RECEIVERS=all` a
//! missing one is a failure.
#![cfg(unix)]
#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "../support/mod.rs"]
mod support;

mod examples;
mod fleet;
mod judgement;
mod ready;
mod twins;
