//! The files to read, those in folders included, and the reading of one.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::lines::{self, BLOCK, Stopped};
use super::session::{Batch, VerifySession};
use crate::capture::{self, Capture, Format, Layout, NoCapture, read_whole};
use crate::commands::CliError;
use crate::files::error_text;
use crate::report::Output;

/// Stands for standard input.
const STDIN: &str = "-";

/// Something to read.
#[derive(Debug)]
pub(super) struct CaptureInput {
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
pub(super) fn expand(paths: &[PathBuf]) -> Vec<CaptureInput> {
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

/// Why a file gave nothing.
struct Unreadable {
    message: String,
    help: Option<&'static str>,
}

impl Unreadable {
    fn new(message: impl ToString) -> Self {
        Self { message: message.to_string(), help: None }
    }
}

/// The captures of all files, held in memory.
pub(super) fn read_all(paths: &[PathBuf]) -> Result<Vec<Capture<'static>>, CliError> {
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
        .map_err(|error| failed(&error_text(&error)))?;
        let read = match capture::read(&bytes) {
            Ok(read) => read,
            Err(_) if !named => continue,
            Err(error) => return Err(failed(&error)),
        };
        if let Some(fault) = read.faults.first() {
            return Err(failed(fault).help("only what can be read as a whole can be anonymized"));
        }
        match read.no_capture() {
            Some(none) if named => return Err(failed(&none).help(none.help())),
            _ => captures.extend(read.captures),
        }
    }
    if captures.is_empty() {
        return Err(CliError::new("there is no capture in what was read"));
    }
    Ok(captures)
}

/// Verifies what a file holds. That it cannot be read is noted in the session; an error here
/// is one of writing the reports.
pub(super) fn verify(
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
            Err(error) => return session.failed(&input.name, &error_text(&error), None, output),
        },
        InputSource::Unlisted(error) => {
            return session.failed(&input.name, &error_text(error), None, output);
        }
    };
    session.begin(length);
    let read = read(&input.name, &mut *source, length, session, output);
    let (captures, skipped) = session.end(output);
    let (message, help) = match read? {
        Ok(_) if captures > 0 => return Ok(()),
        Ok(format) => {
            let none = NoCapture { format, skipped, of_next: session.has_next() };
            (none.to_string(), Some(none.help()))
        }
        Err(Unreadable { message, help }) => (message, help),
    };
    // What merely lies in a folder may be something else.
    match input.named {
        true => session.failed(&input.name, &message, help, output),
        false => {
            session.passed_over(&input.name, &message, help, output);
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
        Err(error) => Ok(Err(Unreadable::new(error_text(&error)))),
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
    match lines::read(head, source, &examiner, results) {
        Ok(()) => Ok(Ok(Format::Ndjson)),
        Err(Stopped::Reading(error)) => Ok(Err(Unreadable::new(error_text(&error)))),
        Err(Stopped::Results(failure)) => Err(failure),
    }
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
        return Ok(Err(Unreadable::new(error_text(&error))));
    }
    if bytes.len() as u64 >= WHOLE || length.is_some_and(|length| length > WHOLE) {
        let message = format!("not NDJSON, and larger than {} MiB", WHOLE >> 20);
        let help = "export fewer requests at once, or one JSON object a line";
        return Ok(Err(Unreadable { message, help: Some(help) }));
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
    Ok(format.map_err(|error| Unreadable { message: error.to_string(), help: error.help() }))
}
