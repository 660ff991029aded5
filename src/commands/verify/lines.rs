//! A file of lines, of any length: one thread reads it and takes the results in the order of the
//! file, the others examine it piece by piece. Memory does not grow with the file.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::session::Batch;
use crate::capture::{Chunk, LineSplitter};
use crate::verify::Examiner;

/// Bytes read at once.
pub(super) const BLOCK: usize = 128 << 10;
/// More threads than this would wait for the one that reads.
const MAX_THREADS: usize = 8;
/// Pieces in progress for each thread: enough to keep it busy while others are read.
const QUEUED: usize = 4;

/// Why a file was not read to its end.
#[derive(Debug)]
pub(super) enum Stopped<E> {
    /// It could not be read.
    Reading(io::Error),
    /// The results could not be taken.
    Results(E),
}

/// Some whole lines, the number of the first one, and where their results go.
struct ReadJob {
    chunk: Chunk,
    first_line: u64,
    done: Sender<Batch>,
}

/// Reads lines to their end. `head` is the start of the file, which was read already. `results`
/// gets each batch in the order of the file, with the number of bytes read so far.
pub(super) fn read<E>(
    head: Vec<u8>,
    source: &mut dyn Read,
    examiner: &Examiner<'_>,
    mut results: impl FnMut(Batch, u64) -> Result<(), E>,
) -> Result<(), Stopped<E>> {
    let mut chunks =
        ChunkReader { head, source, splitter: Some(LineSplitter::default()), read: 0, line: 1 };
    let Some((first, first_line)) = chunks.next()? else { return Ok(()) };
    let Some(second) = chunks.next()? else {
        // Not worth a thread.
        let batch = Batch::of_lines(&first, first_line, examiner);
        return results(batch, chunks.read).map_err(Stopped::Results);
    };
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(MAX_THREADS);
    let (jobs, queue) = sync_channel::<ReadJob>(threads * QUEUED);
    let queue = Mutex::new(queue);
    thread::scope(|scope| {
        // Moved in here, so that the threads end when it is dropped.
        let jobs = jobs;
        for _ in 0..threads {
            scope.spawn(|| examine(&queue, examiner));
        }
        let mut pending = VecDeque::new();
        let mut take = |(batch, read): (Receiver<Batch>, u64)| {
            let failed = |_| Stopped::Reading(io::Error::other("a thread of pgwh has failed"));
            results(batch.recv().map_err(failed)?, read).map_err(Stopped::Results)
        };
        let mut next = Some((first, first_line));
        let mut after = Some(second);
        while let Some((chunk, first_line)) = next {
            if pending.len() == threads * QUEUED
                && let Some(oldest) = pending.pop_front()
            {
                take(oldest)?;
            }
            let (done, batch) = channel();
            pending.push_back((batch, chunks.read));
            // There is a receiver as long as there are threads; if all failed, `take` says so.
            let _ = jobs.send(ReadJob { chunk, first_line, done });
            next = match after.take() {
                Some(second) => Some(second),
                None => chunks.next()?,
            };
        }
        pending.into_iter().try_for_each(take)
    })
}

/// Examines what is in the queue until its sender is gone.
fn examine(queue: &Mutex<Receiver<ReadJob>>, examiner: &Examiner<'_>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(ReadJob { chunk, first_line, done }) = next else { return };
        // The receiver is gone when the run was stopped.
        let _ = done.send(Batch::of_lines(&chunk, first_line, examiner));
    }
}

/// Cuts a file into chunks.
struct ChunkReader<'r> {
    /// What was read already, before the first chunk.
    head: Vec<u8>,
    source: &'r mut dyn Read,
    /// Gone at the end of the file.
    splitter: Option<LineSplitter>,
    /// Bytes of the file that were read.
    read: u64,
    /// Number of the next line.
    line: u64,
}

impl ChunkReader<'_> {
    /// The next chunk, and the number of its first line.
    fn next<E>(&mut self) -> Result<Option<(Chunk, u64)>, Stopped<E>> {
        let Some(splitter) = &mut self.splitter else { return Ok(None) };
        let mut buffer = Vec::new();
        splitter.start(&mut buffer);
        let before = buffer.len();
        if self.head.is_empty() {
            buffer.reserve(BLOCK);
            let mut block = (&mut *self.source).take(BLOCK as u64);
            block.read_to_end(&mut buffer).map_err(Stopped::Reading)?;
        } else {
            buffer.append(&mut self.head);
        }
        self.read += (buffer.len() - before) as u64;
        let chunk = if buffer.len() > before {
            splitter.cut(buffer)
        } else {
            // The last line, which may lack its line feed.
            let Some(mut splitter) = self.splitter.take() else { return Ok(None) };
            let _ = splitter.cut(buffer);
            splitter.finish()
        };
        let first_line = self.line;
        let feeds = memchr::memchr_iter(b'\n', &chunk.bytes).count() as u64;
        self.line += feeds + u64::from(chunk.skipped);
        Ok(Some((chunk, first_line)))
    }
}
