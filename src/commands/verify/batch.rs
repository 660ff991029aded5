//! Examined captures on their way from the thread that read them to the one that settles them.

use std::borrow::Cow;
use std::num::NonZeroU64;

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
    /// How many lines of the file stand before those of the batch, which are numbered from 1 until
    /// it is this batch's turn.
    before: u64,
    /// Bytes of all bodies that are kept.
    bodies: usize,
    skipped: u64,
}

#[derive(Debug)]
enum Entry {
    Capture(Record),
    Fault(Fault),
}

/// An examined capture whose texts lie in the batch. Small, as it goes from one processor to
/// another.
#[derive(Debug)]
struct Record {
    line: Option<NonZeroU64>,
    key: Option<Key>,
    path: Span,
    request_id: Option<Span>,
    event: Option<Span>,
    verdict: Verdict,
    /// Which of the accepted secrets fits.
    secret: Option<u32>,
    rest: Option<Box<Rest>>,
}

/// What a clean capture does not have.
#[derive(Debug)]
struct Rest {
    findings: Vec<Finding>,
    /// Signature and body only of an invalid capture: a diagnosis looks at them.
    signature: Option<Span>,
    body: Option<Box<[u8]>>,
}

/// A part of the text. Its length does not reach 4 GiB, as no chunk of a file does.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
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
        (self.before, self.bodies, self.skipped) = (0, 0, 0);
    }

    /// Tells how many lines of the file stand before those of the batch.
    pub(super) fn stands_behind(&mut self, lines: u64) {
        self.before = lines;
    }

    /// Examines and adds what a reader met.
    pub(super) fn push(&mut self, item: Item<'_>, examiner: &Examiner<'_>) {
        match item {
            Item::Capture(capture) => self.examine(&capture, examiner),
            Item::Skipped => self.skipped += 1,
            Item::Fault(fault) => self.entries.push(Entry::Fault(fault)),
        }
    }

    fn examine(&mut self, capture: &CaptureRef<'_>, examiner: &Examiner<'_>) {
        let Examined { verdict, secret, request_id, signature, event, key, findings } =
            examiner.examine(capture);
        let rest = (verdict == Verdict::Invalid || !findings.is_empty()).then(|| {
            let wanted = verdict == Verdict::Invalid;
            let signature = signature.filter(|_| wanted).map(|text| self.keep(text));
            Box::new(Rest { findings, signature, body: self.body(capture, wanted) })
        });
        let record = Record {
            line: capture.place.line.and_then(NonZeroU64::new),
            key,
            path: self.keep(capture.place.path),
            request_id: request_id.map(|text| self.keep(text)),
            event: event.as_deref().map(|text| self.keep(text)),
            verdict,
            secret: secret.and_then(|number| u32::try_from(number).ok()),
            rest,
        };
        self.entries.push(Entry::Capture(record));
    }

    /// The body of a capture, if it is wanted and there is room for it.
    fn body(&mut self, capture: &CaptureRef<'_>, wanted: bool) -> Option<Box<[u8]>> {
        let bytes = capture.body.filter(|_| wanted)?.bytes();
        let all = self.bodies + bytes.len();
        (all <= BODIES).then(|| {
            self.bodies = all;
            Box::from(bytes)
        })
    }

    fn keep(&mut self, text: &str) -> Span {
        let place = |text: &String| u32::try_from(text.len()).unwrap_or(u32::MAX);
        let start = place(&self.text);
        self.text.push_str(text);
        Span { start, end: place(&self.text) }
    }

    fn text(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
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

    /// What an entry is taken as; its findings and its body are taken out.
    pub(super) fn take(&mut self, number: usize) -> Option<Taken<'_>> {
        let rest = match self.entries.get_mut(number)? {
            Entry::Fault(fault) => {
                let line = fault.line + self.before;
                return Some(Taken::Fault(Fault { line, ..fault.clone() }));
            }
            Entry::Capture(record) => record.rest.take(),
        };
        let Some(Entry::Capture(record)) = self.entries.get(number) else { return None };
        let text = |span| self.text(span);
        let (findings, signature, body) = match rest.map(|rest| *rest) {
            Some(Rest { findings, signature, body }) => (findings, signature, body),
            None => (Vec::new(), None, None),
        };
        Some(Taken::Capture {
            place: Place {
                line: record.line.map(|line| line.get() + self.before),
                path: text(record.path),
            },
            examined: Examined {
                verdict: record.verdict,
                secret: record.secret.map(|number| number as usize),
                request_id: record.request_id.map(text),
                signature: signature.map(text),
                event: record.event.map(text).map(Cow::Borrowed),
                key: record.key,
                findings,
            },
            body,
        })
    }
}
