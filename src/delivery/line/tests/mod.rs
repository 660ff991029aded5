//! The line's own HTTP/1.1 against hyper's, and what a line must bear.
//!
//! What is meant to differ, and does not come up in the answers here:
//!
//! - An answer that is complete before the request is out ends the connection. hyper keeps it, and
//!   sends the rest before the next request.
//! - Where the request cannot be written, what the target may have answered is still read.
//! - What comes on a new connection before the request counts as its answer; to hyper it is a
//!   fault. On a kept connection it is one to both.
//! - A target that answered as HTTP/1.0 is spoken to in HTTP/1.1 again.
//! - Of a wrong head of more than 4 KiB that comes in pieces, the fault is found when it is whole.
//! - Reading pauses for the timer, however much there is to read.

mod answers;
mod course;
mod hyper_line;
mod limits;
mod ours;
mod target;

use std::cell::RefCell;
use std::future::Future;

use proptest::prelude::*;
use tokio::runtime::{Builder, Runtime};

use target::Scene;

/// What came of a request.
#[derive(Debug, PartialEq, Eq)]
enum Came {
    Response {
        status: u16,
        is_1_1: bool,
        body: Vec<u8>,
        /// Whether the connection carried another request.
        carried_on: bool,
    },
    Broken,
    /// Nothing more came, and the connection did not end.
    Stalled,
}

thread_local! {
    static RUNTIME: RefCell<Runtime> =
        RefCell::new(Builder::new_current_thread().enable_all().build().unwrap());
}

/// Runs to the end.
fn run<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.with_borrow(|runtime| runtime.block_on(work))
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(3000)
    })]

    /// hyper is given every answer in one piece, as it looks less closely at a head that comes in
    /// several; ours must not care.
    #[test]
    fn it_agrees_with_hyper(scene in answers::scene()) {
        let whole = Scene { cuts: Vec::new(), ..scene.clone() };
        let expected = run(hyper_line::ask(&whole));
        prop_assert_eq!(run(ours::ask(&scene)), expected, "{}", scene);
    }
}
