//! A file by lines, of any length: one thread cuts it into chunks and settles what they held,
//! others read and examine them. The memory does not grow with the file.

use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, Scope};

use super::batch::Batch;
use crate::capture::{Chunk, Splitter, read_lines};
use crate::verify::Examiner;

/// Bytes read at once.
pub(super) const BLOCK: usize = 256 << 10;
/// Chunks that wait for each thread: enough to keep it busy while others are settled.
const DEPTH: usize = 3;
/// More threads than this would wait for the one that settles.
const THREADS: usize = 8;

/// A chunk and what it held, going around between the threads so that buffers are used again.
#[derive(Debug, Default)]
struct Job {
    chunk: Chunk,
    batch: Batch,
    /// How many bytes of the file were read up to here.
    read: u64,
}

impl Job {
    fn examine(&mut self, examiner: &Examiner<'_>) {
        let Self { chunk, batch, .. } = self;
        read_lines(&chunk.bytes, chunk.first_line, |item| batch.push(item, examiner));
        if let Some(fault) = chunk.fault.take() {
            batch.fault(fault);
        }
    }
}

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
    let mut settle = |job: &mut Job| settle(&mut job.batch, job.read).map_err(Stopped::Settling);
    if next.is_none() {
        // Not worth a thread.
        first.examine(&examiner);
        return settle(&mut first);
    }
    thread::scope(|scope| {
        let lanes = Lanes::start(scope, examiner);
        lanes.send(0, first);
        let (mut sent, mut settled) = (1, 0);
        while let Some(job) = next {
            lanes.send(sent, job);
            sent += 1;
            let mut spare = Job::default();
            if sent - settled == lanes.room() {
                spare = lanes.receive(settled)?;
                settle(&mut spare)?;
                settled += 1;
            }
            next = chunks.next(spare)?;
        }
        (settled..sent).try_for_each(|number| settle(&mut lanes.receive(number)?))
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
        Ok(Some(Job { chunk, batch, read: self.read }))
    }
}

/// Threads that examine, each with a queue of its own. Jobs go to them in turn, so that their
/// results come back in order without being sorted.
struct Lanes(Vec<(SyncSender<Job>, Receiver<Job>)>);

impl Lanes {
    fn start<'scope>(scope: &'scope Scope<'scope, '_>, examiner: Examiner<'scope>) -> Self {
        let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let lane = |_| {
            let (jobs, inbox) = sync_channel::<Job>(DEPTH);
            let (outbox, done) = sync_channel(DEPTH);
            scope.spawn(move || {
                for mut job in inbox {
                    job.examine(&examiner);
                    if outbox.send(job).is_err() {
                        break;
                    }
                }
            });
            (jobs, done)
        };
        Self((0..threads.min(THREADS)).map(lane).collect())
    }

    /// How many jobs may be under way.
    fn room(&self) -> usize {
        self.0.len() * DEPTH
    }

    fn send(&self, number: usize, job: Job) {
        if let Some((jobs, _)) = self.0.get(number % self.0.len()) {
            // A thread that is gone is noticed when its result is asked for.
            let _ = jobs.send(job);
        }
    }

    fn receive<E>(&self, number: usize) -> Result<Job, Stopped<E>> {
        let lane = self.0.get(number % self.0.len());
        let job = lane.and_then(|(_, done)| done.recv().ok());
        job.ok_or_else(|| Stopped::Reading(io::Error::other("a thread of pgwh has failed")))
    }
}
