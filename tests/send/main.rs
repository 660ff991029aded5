//! `pgwh send` against a target of the tests' own.

mod captures;
mod edits;
mod late;
mod payload;
mod printed;
mod refused;
mod request;
#[path = "../support/mod.rs"]
mod support;

use support::run;
use support::server::Target;

fn ok() -> Target {
    Target::responding(200, "Ok")
}

/// The body that a run with these arguments sent, as text.
fn sent_body(args: &[&str]) -> String {
    let target = ok();
    run(["send", "--url", &target.url("/")].iter().chain(args)).exits(0);
    String::from_utf8(target.seen()[0].body.clone()).unwrap()
}
