//! The line's own HTTP/1.1 against hyper's, and what a line must bear.

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
    Answer {
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

    /// hyper is given every answer in one piece, as it looks less closely where a head comes in
    /// several; ours must not care.
    #[test]
    fn it_agrees_with_hyper(scene in answers::scene()) {
        let whole = Scene { cuts: Vec::new(), ..scene.clone() };
        let expected = run(hyper_line::ask(&whole));
        prop_assert_eq!(run(ours::ask(&scene)), expected, "{}", scene);
    }
}
