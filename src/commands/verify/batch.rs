//! Examined captures on their way from the thread that read them to the one that settles them.

use std::borrow::Cow;

use crate::capture::{CaptureRef, Fault, Item, Place};
use crate::verify::{Examined, Examiner, Finding, Key, Verdict};

/// How many bytes of bodies a batch keeps for diagnoses. They may have been unpacked, so the
/// size of a chunk does not bound them.
const BODIES: usize = 8 << 20;

/// What a chunk of a file held, in order. Short texts are kept in one buffer, which is used
/// again for the next batch: a clean capture costs no allocation.
#[derive(Debug, Default)]
pub(super) struct Batch {
    entries: Vec<Entry>,
    text: String,
    /// Bytes of all bodies that are kept.
    bodies: usize,
    skipped: u64,
}

#[derive(Debug)]
enum Entry {
    Capture(Record),
    Fault(Fault),
}

/// An examined capture whose texts lie in the batch.
#[derive(Debug)]
struct Record {
    line: Option<u64>,
    path: Span,
    verdict: Verdict,
    secret: Option<usize>,
    request_id: Option<Span>,
    signature: Option<Span>,
    event: Option<Span>,
    key: Option<Key>,
    findings: Vec<Finding>,
    /// Only of an invalid capture: a diagnosis looks at it.
    body: Option<Box<[u8]>>,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

/// What is taken out of a batch.
#[derive(Debug)]
pub(super) enum Taken<'a> {
    Capture { place: Place<'a>, examined: Examined<'a>, body: Option<Box<[u8]>> },
    Fault(Fault),
}

impl Batch {
    /// Makes it as new, keeping its buffers.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.text.clear();
        (self.bodies, self.skipped) = (0, 0);
    }

    /// Examines and adds what a reader met.
    pub(super) fn push(&mut self, item: Item<'_>, examiner: &Examiner<'_>) {
        match item {
            Item::Capture(capture) => self.examine(&capture, examiner),
            Item::Skipped => self.skipped += 1,
            Item::Fault(fault) => self.fault(fault),
        }
    }

    /// Adds what could not be read.
    pub(super) fn fault(&mut self, fault: Fault) {
        self.entries.push(Entry::Fault(fault));
    }

    fn examine(&mut self, capture: &CaptureRef<'_>, examiner: &Examiner<'_>) {
        let examined = examiner.examine(capture);
        let invalid = examined.verdict == Verdict::Invalid;
        let body = capture.body.filter(|_| invalid).map(|body| body.bytes);
        let body = body.filter(|body| self.bodies + body.len() <= BODIES);
        let body: Option<Box<[u8]>> = body.map(Box::from);
        self.bodies += body.as_deref().map_or(0, <[u8]>::len);
        let record = Record {
            line: capture.place.line,
            path: self.keep(capture.place.path),
            verdict: examined.verdict,
            secret: examined.secret,
            request_id: examined.request_id.map(|text| self.keep(text)),
            signature: examined.signature.filter(|_| invalid).map(|text| self.keep(text)),
            event: examined.event.as_deref().map(|text| self.keep(text)),
            key: examined.key,
            findings: examined.findings,
            body,
        };
        self.entries.push(Entry::Capture(record));
    }

    fn keep(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        Span { start, end: self.text.len() }
    }

    fn text(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// How many captures and faults there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How many requests of others there were.
    pub(super) fn skipped(&self) -> u64 {
        self.skipped
    }

    /// The request id of an entry that has one.
    pub(super) fn request_id(&self, number: usize) -> Option<&str> {
        match self.entries.get(number)? {
            Entry::Capture(record) => record.request_id.map(|span| self.text(span)),
            Entry::Fault(_) => None,
        }
    }

    /// What the table of distinct requests will know an entry by.
    pub(super) fn key(&self, number: usize) -> Option<Key> {
        match self.entries.get(number)? {
            Entry::Capture(record) => record.key,
            Entry::Fault(_) => None,
        }
    }

    /// An entry; its findings and its body are taken out.
    pub(super) fn take(&mut self, number: usize) -> Option<Taken<'_>> {
        let record = match self.entries.get_mut(number)? {
            Entry::Fault(fault) => return Some(Taken::Fault(fault.clone())),
            Entry::Capture(record) => record,
        };
        let findings = std::mem::take(&mut record.findings);
        let body = record.body.take();
        let Some(Entry::Capture(record)) = self.entries.get(number) else { return None };
        let text = |span| self.text(span);
        Some(Taken::Capture {
            place: Place { line: record.line, path: text(record.path) },
            examined: Examined {
                verdict: record.verdict,
                secret: record.secret,
                request_id: record.request_id.map(text),
                signature: record.signature.map(text),
                event: record.event.map(text).map(Cow::Borrowed),
                key: record.key,
                findings,
            },
            body,
        })
    }
}
