//! A response reads the same however its bytes arrive, and nothing in it makes the reader panic,
//! hang or read past its end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgwh::http1::fuzzing::read_response;

/// Longer heads are parsed again only where they may be complete.
const SHORT_HEAD: usize = 4096;

fuzz_target!(|data: &[u8]| {
    let Some((size, data)) = data.split_first() else { return };
    let whole = read_response([data]);
    let pieces = read_response(data.chunks(usize::from(*size) + 1));
    assert!(whole.used <= data.len());
    let is_long = whole.status.is_none() && data.len() > SHORT_HEAD;
    if !(is_long && whole.is_broken) {
        assert_eq!(whole, pieces);
    }
});
