//! `pgwh page` and `pgwh listen --page`: over bare sockets, and in a real browser. Where there is no
//! Chromium the latter is skipped, and said so; with `PGWH_TEST_RECEIVERS=all` that is a failure.
#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "../support/mod.rs"]
mod support;

mod access;
mod accessibility;
mod actions;
mod browser;
mod hostile;
mod lists;
mod live;
mod pictures;
mod results;
mod served;
mod start;
