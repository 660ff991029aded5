//! A piece of a file on its way through `verify`.

use super::batch::Batch;
use crate::capture::Chunk;
use crate::verify::Examiner;

/// A chunk and what it held, going around between the threads so that buffers are used again.
#[derive(Debug, Default)]
pub(super) struct Job {
    pub(super) chunk: Chunk,
    pub(super) batch: Batch,
    /// How many lines the chunk has, once it was examined.
    pub(super) lines: u64,
    /// How many bytes of the file were read up to here.
    pub(super) read: u64,
}

impl Job {
    /// Reads the chunk and examines what it holds.
    pub(super) fn examine(&mut self, examiner: &Examiner<'_>) {
        let Self { chunk, batch, lines, .. } = self;
        *lines = chunk.read(1, |item| batch.push(item, examiner)) - 1;
    }
}
