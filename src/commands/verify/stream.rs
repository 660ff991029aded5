//! A file by lines, of any length: one thread cuts it into chunks and settles what they held, and
//! all examine them. The memory does not grow with the file.

use std::io::{self, Read};
use std::thread;

use super::batch::Batch;
use super::crew::{Crew, Desk};
use super::job::Job;
use crate::capture::{Chunk, Splitter};
use crate::verify::Examiner;

/// Bytes read at once.
pub(super) const BLOCK: usize = 128 << 10;

/// Why a file was not read to its end.
#[derive(Debug)]
pub(super) enum Stopped<E> {
    /// It could not be read.
    Reading(io::Error),
    /// What it held could not be settled.
    Settling(E),
}

/// Reads lines to their end. `head` is the start of the file, which was read already. `settle`
/// gets each batch in the order of the file, with the number of bytes read so far.
pub(super) fn lines<E>(
    head: Vec<u8>,
    source: &mut dyn Read,
    examiner: Examiner<'_>,
    mut settle: impl FnMut(&mut Batch, u64) -> Result<(), E>,
) -> Result<(), Stopped<E>> {
    let mut chunks = Chunks { head, source, splitter: Some(Splitter::default()), read: 0 };
    let Some(mut first) = chunks.next(Job::default())? else { return Ok(()) };
    let mut next = chunks.next(Job::default())?;
    let mut lines = 0;
    let mut settle = |job: &mut Job| {
        job.batch.stands_behind(lines);
        lines += job.lines;
        settle(&mut job.batch, job.read).map_err(Stopped::Settling)
    };
    if next.is_none() {
        // Not worth a thread.
        first.examine(&examiner);
        return settle(&mut first);
    }
    let desk = Desk::default();
    thread::scope(|scope| {
        let mut crew = Crew::start(scope, &desk, examiner);
        crew.send(first);
        let mut spare = Vec::new();
        loop {
            while let Some(mut job) = crew.receive().map_err(Stopped::Reading)? {
                settle(&mut job)?;
                spare.push(job);
            }
            while let Some(job) = next.take_if(|_| crew.has_room()) {
                crew.send(job);
                next = chunks.next(spare.pop().unwrap_or_default())?;
            }
            if !crew.advance() {
                return Ok(());
            }
        }
    })
}

/// Cuts a file into chunks.
struct Chunks<'r> {
    /// What was read already, before the first chunk.
    head: Vec<u8>,
    source: &'r mut dyn Read,
    /// Gone at the end of the file.
    splitter: Option<Splitter>,
    read: u64,
}

impl Chunks<'_> {
    /// The next chunk, in the buffers of a spare job.
    fn next<E>(&mut self, spare: Job) -> Result<Option<Job>, Stopped<E>> {
        let Some(splitter) = &mut self.splitter else { return Ok(None) };
        let Job { chunk: Chunk { bytes: mut buffer, .. }, mut batch, .. } = spare;
        batch.clear();
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
        Ok(Some(Job { chunk, batch, lines: 0, read: self.read }))
    }
}
