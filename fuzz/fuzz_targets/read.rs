//! Any bytes, through every reader: nothing panics, hangs or grows without bound, and what is
//! visited is consistent.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgwh::capture::{self, Layout};

fuzz_target!(|data: &[u8]| {
    let head = &data[..data.len() / 2];
    let early = Layout::detect(head, false);
    if let (Some(Layout::Lines), Some(Layout::Whole)) = (early, Layout::detect(data, true)) {
        // More lines can only confirm that a file is read by lines.
        panic!("the layout of a file changed with its length");
    }
    if let Ok(reading) = capture::read(data) {
        for capture in &reading.captures {
            assert_eq!(capture.clone().into_owned(), *capture);
            assert!(!capture.location.to_string().contains('\n'));
        }
    }
});
