//! A file by lines yields the same however its bytes arrive.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgwh::capture::{Chunk, Item, Splitter, read_lines};

fn read(bytes: &[u8], first_line: u64, found: &mut Vec<String>) {
    read_lines(bytes, first_line, |item| {
        found.push(match item {
            Item::Capture(capture) => format!("{:?}", capture.to_capture()),
            Item::Skipped => "skipped".to_owned(),
            Item::Fault(fault) => fault.to_string(),
        });
    });
}

fuzz_target!(|data: &[u8]| {
    let Some((size, data)) = data.split_first() else { return };
    let mut whole = Vec::new();
    read(data, 1, &mut whole);

    let mut pieces = Vec::new();
    let mut splitter = Splitter::default();
    for block in data.chunks(usize::from(*size) + 1) {
        let mut buffer = Vec::new();
        splitter.start(&mut buffer);
        buffer.extend_from_slice(block);
        let Chunk { bytes, first_line, fault } = splitter.cut(buffer);
        assert!(fault.is_none());
        read(&bytes, first_line, &mut pieces);
    }
    let last = splitter.finish();
    read(&last.bytes, last.first_line, &mut pieces);
    assert_eq!(whole, pieces);
});
