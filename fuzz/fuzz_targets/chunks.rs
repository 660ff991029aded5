//! A file by lines yields the same however its bytes arrive.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgwh::capture::{Chunk, Item, LineSplitter};

/// Adds what a chunk holds; returns the number of the line behind it.
fn read(chunk: &Chunk, first_line: u64, found: &mut Vec<String>) -> u64 {
    assert!(!chunk.skipped);
    chunk.read(first_line, |item| {
        found.push(match item {
            Item::Capture(capture) => format!("{capture:?}"),
            Item::Part(part) => format!("part {part:?}"),
            Item::Skipped { is_next } => format!("skipped {is_next}"),
            Item::Fault(fault) => fault.to_string(),
        });
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((size, data)) = data.split_first() else { return };
    let mut whole = Vec::new();
    let all = read(&Chunk { bytes: data.to_vec(), skipped: false }, 1, &mut whole);

    let mut pieces = Vec::new();
    let mut splitter = LineSplitter::default();
    let mut line = 1;
    for block in data.chunks(usize::from(*size) + 1) {
        let mut buffer = Vec::new();
        splitter.start(&mut buffer);
        buffer.extend_from_slice(block);
        line = read(&splitter.cut(buffer), line, &mut pieces);
    }
    line = read(&splitter.finish(), line, &mut pieces);
    assert_eq!((whole, all), (pieces, line));
});
