//! An answer to a request of load is the same however its bytes arrive, and nothing in it makes
//! the reader panic, hang or read past its end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgwh::delivery::fuzzed::read_answer;

/// Heads beyond this are not looked at again before they may be whole.
const SHORT: usize = 4096;

fuzz_target!(|data: &[u8]| {
    let Some((size, data)) = data.split_first() else { return };
    let whole = read_answer([data]);
    let pieces = read_answer(data.chunks(usize::from(*size) + 1));
    assert!(whole.taken <= data.len());
    let is_long = whole.status.is_none() && data.len() > SHORT;
    if !(is_long && whole.is_broken) {
        assert_eq!(whole, pieces);
    }
});
