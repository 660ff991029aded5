//! Examined captures on their way from the thread that read them to the one that reports them.

use crate::capture::{Capture, Chunk, Fault, Item, Location};
use crate::verify::{Examination, Examiner, SignatureVerdict};

/// How many bytes of bodies a batch keeps for diagnoses. They may have been decompressed, so the
/// size of a chunk does not bound them.
const MAX_BODIES: usize = 8 << 20;

/// What a piece of a file held, in order.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) entries: Vec<BatchEntry>,
    /// Requests that are not PGM's.
    pub(super) skipped: u64,
    /// Bytes of all bodies that are kept.
    bodies: usize,
}

#[derive(Debug)]
pub(super) enum BatchEntry {
    Capture {
        location: Location<'static>,
        examination: Examination,
        /// Only of an invalid capture: the diagnosis needs it.
        body: Option<Vec<u8>>,
    },
    Fault(Fault),
}

impl BatchEntry {
    /// The id of a capture that has one.
    pub(super) fn request_id(&self) -> Option<&str> {
        match self {
            Self::Capture { examination, .. } => examination.request_id.as_deref(),
            Self::Fault(_) => None,
        }
    }
}

impl Batch {
    /// Examines what some lines hold.
    pub(super) fn of_lines(chunk: &Chunk, first_line: u64, examiner: &Examiner<'_>) -> Self {
        let mut batch = Self::default();
        chunk.read(first_line, |item| batch.push(item, examiner));
        batch
    }

    /// Examines and adds what a reader met.
    pub(super) fn push(&mut self, item: Item<'_>, examiner: &Examiner<'_>) {
        match item {
            Item::Capture(capture) => self.examine(capture, examiner),
            Item::Skipped => self.skipped += 1,
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
