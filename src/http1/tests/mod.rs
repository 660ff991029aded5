//! Our HTTP/1.1 against hyper's.
//!
//! Differences that are intended, and that the responses here do not show:
//!
//! - A response that is complete before the request was sent ends the connection. hyper keeps it,
//!   and sends the rest before the next request.
//! - Where the request cannot be written, a response of the target is still read.
//! - Bytes on a new connection before the request count as its response; to hyper they are an
//!   error. On a kept connection they are an error to both.
//! - A target that responds as HTTP/1.0 gets HTTP/1.1 again.
//! - An error in a head of more than 4 KiB that comes in pieces is found when the head is complete.
//! - Reading yields to the timer, however much there is to read.
//! - More than 100 interim responses are an error.

mod hyper_client;
mod limits;
mod ours;
mod responses;
mod target;

use std::cell::RefCell;
use std::future::Future;

use proptest::prelude::*;
use tokio::runtime::{Builder, Runtime};

use target::Scene;

/// What came of a request.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Responded {
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

    /// hyper gets every response in one piece, as it checks a head that comes in several less
    /// closely; ours must not care.
    #[test]
    fn it_agrees_with_hyper(scene in responses::scene()) {
        let whole = Scene { cuts: Vec::new(), ..scene.clone() };
        let expected = run(hyper_client::ask(&whole));
        prop_assert_eq!(run(ours::ask(&scene)), expected, "{}", scene);
    }
}
