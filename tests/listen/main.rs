//! `pgwh listen`, through real sockets that share no code with it.
#![allow(clippy::disallowed_methods, reason = "tests read the clock")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may panic")]

mod durable;
mod end;
mod forward;
mod hostile;
mod limits;
mod listener;
mod requests;
mod responses;
#[path = "../support/mod.rs"]
mod support;
mod tls;
