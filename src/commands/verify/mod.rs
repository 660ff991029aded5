//! `pgwh verify`. This file is a run over all files: what was examined, the reports, the exit code.

mod args;
mod files;

use std::io;
use std::time::{Duration, Instant};

pub(super) use self::args::{VerifyArgs, with_defaults};
use super::reports::Reports;
use super::{CliError, Exit};
use crate::capture::{Capture, Chunk, Fault, Item, Location, PartJoiner};
use crate::files::error_text;
use crate::report::{
    Output, ReportedCapture, Summary, UnreadPart, VerifyReport, is_clean, progress, source,
};
use crate::text::Diagnostic;
use crate::verify::{CaptureLine, Examination, Examiner, SignatureVerdict, Totals, Verifier};

/// How many ids are noted ahead of the capture at hand, so that a signature of a later request
/// is recognised too. The verifier remembers twice as many.
const AHEAD: usize = 256;
/// How many faults are reported one by one on stderr.
const FAULTS: u64 = 20;
/// Erases the progress line.
const ERASE: &str = "\r\u{1b}[K";

/// How many bytes of bodies a batch keeps for diagnoses. They may have been decompressed, so the
/// size of a chunk does not bound them.
const MAX_BODIES: usize = 8 << 20;

/// What a piece of a file held, in order.
#[derive(Debug, Default)]
struct Batch {
    entries: Vec<BatchEntry>,
    /// Requests that are not PGM's.
    skipped: u64,
    /// Whether one of those is PerfectGym Next's.
    of_next: bool,
    /// Bytes of all bodies that are kept.
    bodies: usize,
}

#[derive(Debug)]
enum BatchEntry {
    Capture {
        location: Location<'static>,
        examination: Examination,
        /// Only of an invalid capture: the diagnosis needs it.
        body: Option<Vec<u8>>,
    },
    /// Headers or a body alone, which are examined when they are joined.
    Part(Capture<'static>),
    /// A request that is not PGM's: parts on its two sides are not joined.
    Skipped,
    Fault(Fault),
}

impl BatchEntry {
    /// What a capture says by itself.
    fn examination(&self) -> Option<&Examination> {
        match self {
            Self::Capture { examination, .. } => Some(examination),
            Self::Part(_) | Self::Skipped | Self::Fault(_) => None,
        }
    }
}

impl Batch {
    /// How many captures and faults it has.
    fn len(&self) -> usize {
        self.entries.len()
    }

    /// Examines what some lines hold.
    fn of_lines(chunk: &Chunk, first_line: u64, examiner: &Examiner<'_>) -> Self {
        let mut batch = Self::default();
        chunk.read(first_line, |item| batch.push(item, examiner));
        batch
    }

    /// Examines and adds what a reader met.
    fn push(&mut self, item: Item<'_>, examiner: &Examiner<'_>) {
        match item {
            Item::Capture(capture) => self.examine(capture, examiner),
            Item::Skipped { is_next } => {
                self.skipped += 1;
                self.of_next |= is_next;
                // Only behind a part, which may be in the batch before.
                if self.entries.last().is_none_or(|last| matches!(last, BatchEntry::Part(_))) {
                    self.entries.push(BatchEntry::Skipped);
                }
            }
            Item::Part(part) => self.entries.push(BatchEntry::Part(part.into_owned())),
            Item::Fault(fault) => self.entries.push(BatchEntry::Fault(fault)),
        }
    }

    fn examine(&mut self, capture: Capture<'_>, examiner: &Examiner<'_>) {
        let examination = examiner.examine(&capture);
        let location = capture.location.into_owned();
        let is_invalid = examination.verdict == SignatureVerdict::Invalid;
        let body = capture.body.filter(|_| is_invalid).map(|body| body.bytes);
        let body = body.filter(|bytes| self.bodies + bytes.len() <= MAX_BODIES);
        self.bodies += body.as_ref().map_or(0, |bytes| bytes.len());
        let body = body.map(|bytes| bytes.into_owned());
        self.entries.push(BatchEntry::Capture { location, examination, body });
    }
}

/// How a run is reported.
#[derive(Debug, Clone, Copy, Default)]
struct VerifyOptions {
    /// Whether there are several secrets, so that a capture has to say which one fits.
    several: bool,
    /// Whether only the exit code matters.
    quiet: bool,
    /// Whether progress is shown on stderr.
    watched: bool,
}

/// A run over all files.
struct VerifySession<'s> {
    verifier: Verifier<'s>,
    reports: Reports,
    /// One for each report, with the text that is to be written next.
    renderers: Vec<(Box<dyn VerifyReport + 's>, String)>,
    options: VerifyOptions,
    progress: VerifyProgress,
    unread: u64,
    /// Whether a file could not be read, or held nothing.
    failed: bool,
    /// What was counted when the file at hand began.
    before: Totals,
    unread_before: u64,
    /// Whether the file at hand has a request of PerfectGym Next.
    of_next: bool,
    /// What the file at hand has of a request that goes on in the next batch.
    joiner: PartJoiner,
}

/// Why a file gave nothing.
struct Unreadable {
    message: String,
    help: Option<&'static str>,
    /// Whether the system could not read it.
    is_io: bool,
}

impl Unreadable {
    fn io(error: &io::Error) -> Self {
        Self { message: error_text(error), help: None, is_io: true }
    }

    fn content(message: impl ToString, help: Option<&'static str>) -> Self {
        Self { message: message.to_string(), help, is_io: false }
    }

    fn after(self, start: &str) -> Diagnostic {
        let help = self.help.map(str::to_owned).into_iter().collect();
        Diagnostic { message: format!("{start}: {}", self.message), help }
    }
}

impl<'s> VerifySession<'s> {
    fn new(
        verifier: Verifier<'s>,
        reports: Reports,
        renderers: Vec<Box<dyn VerifyReport + 's>>,
        options: VerifyOptions,
    ) -> Self {
        Self {
            verifier,
            reports,
            renderers: renderers.into_iter().map(|one| (one, String::new())).collect(),
            options,
            progress: VerifyProgress::new(options.watched),
            unread: 0,
            failed: false,
            before: Totals::default(),
            unread_before: 0,
            of_next: false,
            joiner: PartJoiner::default(),
        }
    }

    fn examiner(&self) -> Examiner<'s> {
        self.verifier.examiner()
    }

    /// Starts a file.
    fn begin(&mut self, length: Option<u64>) {
        self.progress.begin(length);
        self.before = self.verifier.totals();
        self.unread_before = self.unread;
        self.of_next = false;
    }

    /// Finishes the examination of a batch, and writes what can be reported by now.
    fn report(&mut self, file: &str, batch: Batch, output: &mut Output) -> Result<(), CliError> {
        let batch = self.joined(batch);
        self.verifier.skip(batch.skipped);
        self.of_next |= batch.of_next;
        let mut entries = batch.entries;
        for examination in entries.iter().take(AHEAD).filter_map(BatchEntry::examination) {
            self.verifier.look_ahead(examination);
        }
        for number in 0..entries.len() {
            if let Some(next) = entries.get(number + AHEAD).and_then(BatchEntry::examination) {
                self.verifier.look_ahead(next);
            }
            match &mut entries[number] {
                BatchEntry::Capture { location, examination, body } => {
                    self.verifier.finalize(examination, body.as_deref());
                    self.capture(file, location, examination);
                }
                BatchEntry::Fault(fault) => self.fault(file, fault, output),
                // They were joined.
                BatchEntry::Part(_) | BatchEntry::Skipped => {}
            }
        }
        self.write(output)
    }

    /// A batch with its parts joined, as far as they are whole by now.
    fn joined(&mut self, batch: Batch) -> Batch {
        let examiner = self.examiner();
        let mut joined = Batch { entries: Vec::with_capacity(batch.entries.len()), ..batch };
        for entry in batch.entries {
            let (item, entry) = match entry {
                BatchEntry::Part(part) => (self.joiner.add(part), None),
                BatchEntry::Capture { .. } => (self.joiner.flush(), Some(entry)),
                BatchEntry::Skipped => (self.joiner.flush(), None),
                BatchEntry::Fault(_) => (None, Some(entry)),
            };
            item.into_iter().for_each(|item| joined.push(item, &examiner));
            joined.entries.extend(entry);
        }
        joined
    }

    /// Reports the last part of a file that was read by lines.
    fn report_rest(&mut self, file: &str, output: &mut Output) -> Result<(), CliError> {
        let (examiner, mut batch) = (self.examiner(), Batch::default());
        self.joiner.flush().into_iter().for_each(|item| batch.push(item, &examiner));
        self.report(file, batch, output)
    }

    fn capture(&mut self, file: &str, location: &Location<'_>, examination: &Examination) {
        let clean = is_clean(examination.verdict, &examination.findings);
        // Most captures of a long file are not reported, so formatting is deferred.
        let mut at = None;
        for (renderer, text) in &mut self.renderers {
            if renderer.wants(clean) {
                let at = at.get_or_insert_with(|| source(file, &location.to_string()));
                let secret = examination.secret.filter(|_| self.options.several);
                let secret = secret.and_then(|number| self.verifier.secret_name(number));
                let capture = CaptureLine::new(at, examination, secret);
                *text += &renderer.capture(&ReportedCapture { file, line: location.line, capture });
            }
        }
    }

    /// Notes a part of a file that could not be read.
    fn fault(&mut self, file: &str, fault: &Fault, output: &mut Output) {
        let torn = "the line breaks off, as the last one does when its writer is killed";
        let help = fault.torn.then(|| torn.to_owned()).into_iter().collect();
        if self.unread <= FAULTS {
            let message = match self.unread {
                FAULTS => "more parts could not be read; --format json lists all".to_owned(),
                _ => format!("{file}: {fault}"),
            };
            let diagnostic = Diagnostic { message, help };
            self.erase_progress(output);
            output.warn(diagnostic);
        }
        let place = Some((fault.line, fault.column));
        self.unread(&UnreadPart { file, place, message: &fault.message });
    }

    fn unread(&mut self, unread: &UnreadPart<'_>) {
        self.unread += 1;
        for (renderer, text) in &mut self.renderers {
            *text += &renderer.unread(unread);
        }
    }

    /// Notes a file that could not be read.
    fn failed(&mut self, file: &str, why: Unreadable, output: &mut Output) -> Result<(), CliError> {
        self.failed = true;
        self.unread(&UnreadPart { file, place: None, message: &why.message });
        self.erase_progress(output);
        output.fail(match why.is_io {
            true => Diagnostic::new(format!("cannot read {file}: {}", why.message)),
            false => why.after(file),
        });
        self.write(output)
    }

    /// Warns of a file of a folder that holds no capture.
    fn passed_over(&mut self, file: &str, why: Unreadable, output: &mut Output) {
        self.erase_progress(output);
        output.warn(why.after(&format!("{file}: passed over")));
    }

    /// Shows how far the file has been read, if it is time to.
    fn progress(&mut self, file: &str, read: u64, output: &mut Output) {
        if self.progress.is_due() {
            let captures = self.verifier.totals().captures;
            output.stderr(&progress(file, read, self.progress.length, captures));
        }
    }

    /// Whether the file at hand has a request of PerfectGym Next, another product.
    fn has_next(&self) -> bool {
        self.of_next
    }

    /// Ends a file. Returns how many captures it held, and how many requests that are not PGM's.
    fn end(&mut self, output: &mut Output) -> (u64, u64) {
        self.erase_progress(output);
        let totals = self.verifier.totals();
        (totals.captures - self.before.captures, totals.skipped - self.before.skipped)
    }

    /// Makes room for what is written next.
    fn erase_progress(&mut self, output: &mut Output) {
        if self.progress.erase() {
            output.stderr(ERASE);
        }
    }

    /// Writes what the reports have to say by now.
    fn write(&mut self, output: &mut Output) -> Result<(), CliError> {
        if self.renderers.iter().any(|(_, text)| !text.is_empty()) {
            self.erase_progress(output);
        }
        for (number, (_, text)) in self.renderers.iter_mut().enumerate() {
            let unwanted = self.options.quiet && number == 0;
            if !text.is_empty() && !unwanted {
                self.reports.write(number, text, output)?;
            }
            text.clear();
        }
        Ok(())
    }

    /// Reports the summary; returns the exit code.
    fn finish(mut self, output: &mut Output) -> Result<Exit, CliError> {
        let totals = self.verifier.totals();
        let summary = Summary { totals, retries: self.verifier.retries(), unread: self.unread };
        for (renderer, text) in &mut self.renderers {
            *text += &renderer.finish(&summary);
        }
        self.write(output)?;
        if totals.captures == 0 && !self.failed {
            return Err(CliError::new("no captures were found in the input"));
        }
        Ok(match (self.failed, summary.is_good()) {
            (true, _) => Exit::Usage,
            (false, true) => Exit::Yes,
            (false, false) => Exit::No,
        })
    }
}

/// What takes less than this needs no progress.
const PROGRESS_AFTER: Duration = Duration::from_secs(1);
/// How often progress is shown.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(200);

/// When to show how far a long file is. Only for a person.
#[derive(Debug)]
struct VerifyProgress {
    watched: bool,
    next: Option<Instant>,
    shown: bool,
    /// Bytes of the file, if that is known.
    length: Option<u64>,
}

impl VerifyProgress {
    fn new(watched: bool) -> Self {
        Self { watched, next: None, shown: false, length: None }
    }

    /// Starts a file.
    fn begin(&mut self, length: Option<u64>) {
        self.length = length;
        self.next = self.watched.then(|| Instant::now() + PROGRESS_AFTER);
    }

    /// Whether progress is to be shown now.
    fn is_due(&mut self) -> bool {
        let Some(next) = self.next.filter(|_| self.watched) else { return false };
        let now = Instant::now();
        let due = now >= next;
        if due {
            self.next = Some(now + PROGRESS_INTERVAL);
            self.shown = true;
        }
        due
    }

    /// Whether the terminal shows progress that has to be erased.
    fn erase(&mut self) -> bool {
        std::mem::take(&mut self.shown)
    }
}
