//! The files to read, those in folders included, and their reading. A file of lines may have any
//! length: one thread reads it and takes the results in the order of the file, the others examine it
//! piece by piece. Memory does not grow with the file.

use std::collections::VecDeque;
use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::{Batch, Unreadable, VerifySession};
use crate::capture::{self, Capture, Chunk, Format, Layout, LineSplitter, NoCapture, read_whole};
use crate::commands::CliError;
use crate::files::error_text;
use crate::report::{Output, source};
use crate::verify::Examiner;

/// Stands for standard input.
const STDIN: &str = "-";

/// Something to read.
#[derive(Debug)]
struct CaptureInput {
    /// What it is called in reports.
    name: String,
    from: InputSource,
    /// Whether it was named itself; what merely lies in a folder may be something else.
    named: bool,
}

#[derive(Debug)]
enum InputSource {
    Stdin,
    File(PathBuf),
    /// A folder that gives no files.
    Unlisted(io::Error),
}

/// All files, those of folders in the order of their names.
fn expand(paths: &[PathBuf]) -> Vec<CaptureInput> {
    let mut inputs = Vec::new();
    for path in paths {
        if path == Path::new(STDIN) {
            let name = "standard input".to_owned();
            inputs.push(CaptureInput { name, from: InputSource::Stdin, named: true });
        } else if path.is_dir() {
            let before = inputs.len();
            folder(path, true, &mut inputs);
            if inputs.len() == before {
                let error = io::Error::other("there is no file in it");
                inputs.push(unlisted(path, error, true));
            }
        } else {
            inputs.push(file(path.clone(), true));
        }
    }
    inputs
}

fn file(path: PathBuf, named: bool) -> CaptureInput {
    CaptureInput { name: path.display().to_string(), from: InputSource::File(path), named }
}

fn unlisted(path: &Path, error: io::Error, named: bool) -> CaptureInput {
    CaptureInput { name: path.display().to_string(), from: InputSource::Unlisted(error), named }
}

/// Links to folders are not followed: they may lead around in a circle.
fn folder(path: &Path, named: bool, inputs: &mut Vec<CaptureInput>) {
    let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return inputs.push(unlisted(path, error, named)),
    };
    entries.retain(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."));
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => folder(&entry.path(), false, inputs),
            // Pipes and sockets would be waited for.
            _ if !entry.path().is_file() => {}
            _ => inputs.push(file(entry.path(), false)),
        }
    }
}

/// Bytes of a file that is not read by lines, and so held in memory.
const WHOLE: u64 = 1 << 30;
/// Captures of such a file that are settled at once.
const BATCH: usize = 512;

/// A capture, and where it is: its file, and its location there.
pub(super) type LocatedCapture = (String, Capture<'static>);

/// The captures of all files, held in memory.
pub(super) fn read_all(paths: &[PathBuf]) -> Result<Vec<LocatedCapture>, CliError> {
    let mut captures = Vec::new();
    for CaptureInput { name, from, named } in expand(paths) {
        let failed = |error: &dyn Display| CliError::new(format!("{name}: {error}"));
        let mut bytes = Vec::new();
        match from {
            InputSource::Stdin => io::stdin().lock().take(WHOLE).read_to_end(&mut bytes),
            InputSource::File(path) => {
                File::open(path).and_then(|file| file.take(WHOLE).read_to_end(&mut bytes))
            }
            InputSource::Unlisted(error) => Err(error),
        }
        .map_err(|error| CliError::new(format!("cannot read {name}: {}", error_text(error))))?;
        let read = match capture::read(&bytes) {
            Ok(read) => read,
            Err(_) if !named => continue,
            Err(error) => return Err(failed(&error)),
        };
        if let Some(fault) = read.faults.first() {
            return Err(
                failed(fault).help("only files that can be read completely can be anonymized")
            );
        }
        match read.no_capture() {
            Some(none) if named => return Err(failed(&none).help(none.help())),
            _ => captures.extend(
                read.captures
                    .into_iter()
                    .map(|capture| (source(&name, &capture.location.to_string()), capture)),
            ),
        }
    }
    if captures.is_empty() {
        return Err(CliError::new("no captures were found in the input"));
    }
    Ok(captures)
}

/// Verifies what all files hold.
///
/// # Errors
/// When the reports cannot be written. That a file cannot be read is noted in the session.
pub(super) fn verify(
    paths: &[PathBuf],
    session: &mut VerifySession<'_>,
    output: &mut Output,
) -> Result<(), CliError> {
    expand(paths).iter().try_for_each(|input| verify_file(input, session, output))
}

fn verify_file(
    input: &CaptureInput,
    session: &mut VerifySession<'_>,
    output: &mut Output,
) -> Result<(), CliError> {
    let (mut source, length): (Box<dyn Read>, _) = match &input.from {
        InputSource::Stdin => (Box::new(io::stdin().lock()), None),
        InputSource::File(path) => match File::open(path) {
            Ok(file) => {
                let metadata = file.metadata().ok().filter(fs::Metadata::is_file);
                (Box::new(file), metadata.map(|metadata| metadata.len()))
            }
            Err(error) => return session.failed(&input.name, Unreadable::io(&error), output),
        },
        InputSource::Unlisted(error) => {
            return session.failed(&input.name, Unreadable::io(error), output);
        }
    };
    session.begin(length);
    let read = read(&input.name, &mut *source, length, session, output);
    let (captures, skipped) = session.end(output);
    let why = match read? {
        Ok(_) if captures > 0 => return Ok(()),
        Ok(format) => {
            let none = NoCapture { format, skipped, of_next: session.has_next() };
            Unreadable::content(none, Some(none.help()))
        }
        Err(why) => why,
    };
    // What merely lies in a folder may be something else.
    match input.named {
        true => session.failed(&input.name, why, output),
        false => {
            session.passed_over(&input.name, why, output);
            Ok(())
        }
    }
}

fn read(
    name: &str,
    source: &mut dyn Read,
    length: Option<u64>,
    session: &mut VerifySession<'_>,
    output: &mut Output,
) -> Result<Result<Format, Unreadable>, CliError> {
    match head(source) {
        Ok((Layout::Lines, head)) => lines(name, head, source, session, output),
        Ok((Layout::Whole, head)) => whole(name, head, source, length, session, output),
        Err(error) => Ok(Err(Unreadable::io(&error))),
    }
}

/// As much of the file's start as shows how it is to be read.
fn head(source: &mut dyn Read) -> io::Result<(Layout, Vec<u8>)> {
    let mut head = Vec::new();
    loop {
        // Twice as much each time: what was seen is looked at again.
        let more = BLOCK.max(head.len());
        let added = (&mut *source).take(more as u64).read_to_end(&mut head)?;
        if let Some(layout) = Layout::detect(&head, added < more) {
            return Ok((layout, head));
        }
    }
}

fn lines(
    name: &str,
    mut head: Vec<u8>,
    source: &mut dyn Read,
    session: &mut VerifySession<'_>,
    output: &mut Output,
) -> Result<Result<Format, Unreadable>, CliError> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    if head.starts_with(MARK) {
        head.drain(..MARK.len());
    }
    let examiner = session.examiner();
    let results = |batch: Batch, read: u64| {
        session.report(name, batch, output)?;
        session.progress(name, read, output);
        Ok(())
    };
    let read = match read_lines(head, source, &examiner, results) {
        Ok(()) => Ok(Format::Ndjson),
        Err(Stopped::Reading(error)) => Err(Unreadable::io(&error)),
        Err(Stopped::Results(failure)) => return Err(failure),
    };
    session.report_rest(name, output)?;
    Ok(read)
}

fn whole(
    name: &str,
    mut bytes: Vec<u8>,
    source: &mut dyn Read,
    length: Option<u64>,
    session: &mut VerifySession<'_>,
    output: &mut Output,
) -> Result<Result<Format, Unreadable>, CliError> {
    let rest = WHOLE.saturating_sub(bytes.len() as u64);
    if length.is_none_or(|length| length <= WHOLE)
        && let Err(error) = source.take(rest).read_to_end(&mut bytes)
    {
        return Ok(Err(Unreadable::io(&error)));
    }
    if bytes.len() as u64 >= WHOLE || length.is_some_and(|length| length > WHOLE) {
        let message = format!("not NDJSON, and larger than {} MiB", WHOLE >> 20);
        let help = "export fewer requests at once, or one JSON object a line";
        return Ok(Err(Unreadable::content(message, Some(help))));
    }
    let examiner = session.examiner();
    let (mut batch, mut reported) = (Batch::default(), Ok(()));
    let format = read_whole(&bytes, |item| {
        batch.push(item, &examiner);
        if batch.len() == BATCH && reported.is_ok() {
            reported = session.report(name, std::mem::take(&mut batch), output);
        }
    });
    reported?;
    session.report(name, batch, output)?;
    Ok(format.map_err(|error| {
        let help = error.help();
        Unreadable::content(error, help)
    }))
}

/// Bytes read at once.
const BLOCK: usize = 128 << 10;
/// More threads than this would wait for the one that reads.
const MAX_THREADS: usize = 8;
/// Pieces in progress for each thread: enough to keep it busy while the thread that takes the
/// results searches for the cause of an invalid signature, which may take 30 ms.
const QUEUED: usize = 16;

/// Why a file was not read to its end.
#[derive(Debug)]
enum Stopped<E> {
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
fn read_lines<E>(
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
