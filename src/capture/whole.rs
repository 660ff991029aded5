//! Files that are held in memory.

use serde::de::IgnoredAny;

use super::form::Form;
use super::json::Node;
use super::lines::json_message;
use super::record::Walk;
use super::shape::{Nothing, Shape};
use super::text::LineNumbers;
use super::{Capture, Fault, Item, limits, read_lines, text, unpack};

/// Why a file could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It starts like a kind of file that is known, and then breaks its rules.
    #[error(transparent)]
    Broken(#[from] Fault),
    /// It is no kind of file that is known.
    #[error("not a capture of any known shape (JSON, NDJSON, HAR, HTTP text, curl, SSE, CSV)")]
    Unknown,
    /// Unpacked, it is too large.
    #[error("gzip of more than {} MiB, or broken: unpack it first", limits::INFLATED_FILE >> 20)]
    Gzip,
}

/// All that a file of modest size held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What kind of file it was.
    pub shape: Shape,
    /// PGM's requests, in the order of the file.
    pub captures: Vec<Capture>,
    /// How many other requests there were.
    pub skipped: usize,
    /// The parts that could not be read.
    pub faults: Vec<Fault>,
}

impl Reading {
    /// What to say when no request of PGM's was found, and nothing that was bad.
    pub fn nothing(&self) -> Option<Nothing> {
        let skipped = self.skipped as u64;
        let empty = self.captures.is_empty() && self.faults.is_empty();
        empty.then_some(Nothing { shape: self.shape, skipped })
    }
}

/// Reads a file of any form into memory. For files that may be large, see [`Form`].
///
/// # Errors
/// When the file as a whole cannot be read. A bad line among others is a fault in the result.
pub fn read(bytes: &[u8]) -> Result<Reading, ReadError> {
    let mut reading =
        Reading { shape: Shape::Lines, captures: Vec::new(), skipped: 0, faults: Vec::new() };
    let mut visit = |item: Item<'_>| match item {
        Item::Capture(capture) => reading.captures.push(capture.to_capture()),
        Item::Skipped => reading.skipped += 1,
        Item::Fault(fault) => reading.faults.push(fault),
    };
    let shape = match Form::of(bytes, true) {
        Some(Form::Lines) => {
            read_lines(without_mark(bytes), 1, visit);
            Shape::Lines
        }
        _ => read_whole(bytes, &mut visit)?,
    };
    reading.shape = shape;
    Ok(reading)
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Reads a file in one piece and hands on what it holds, in order. Beyond the file's own bytes
/// it needs memory for one request at a time, and once more the file's if that is UTF-16.
///
/// # Errors
/// When the file as a whole cannot be read.
pub fn read_whole(bytes: &[u8], mut visit: impl FnMut(Item<'_>)) -> Result<Shape, ReadError> {
    whole(bytes, &mut visit)
}

fn whole(bytes: &[u8], visit: &mut dyn FnMut(Item<'_>)) -> Result<Shape, ReadError> {
    if unpack::is_gzip(bytes) {
        let plain = unpack::inflate(bytes, limits::INFLATED_FILE).ok_or(ReadError::Gzip)?;
        return plain_text(&plain, visit);
    }
    match unpack::utf16(bytes) {
        Some(text) => plain_text(text.as_bytes(), visit),
        None => plain_text(bytes, visit),
    }
}

fn plain_text(bytes: &[u8], visit: &mut dyn FnMut(Item<'_>)) -> Result<Shape, ReadError> {
    let bytes = without_mark(bytes);
    let start = bytes.trim_ascii_start();
    match start.first() {
        None => Err(ReadError::Empty),
        Some(b'{' | b'[' | b'"' | 0x1e) => json(bytes, visit),
        Some(_) => {
            let text = String::from_utf8_lossy(bytes);
            let input = text::Input { bytes, text: &text };
            text::read(input, &mut Walk::new(visit)).ok_or(ReadError::Unknown)
        }
    }
}

fn json(bytes: &[u8], visit: &mut dyn FnMut(Item<'_>)) -> Result<Shape, ReadError> {
    if std::str::from_utf8(bytes).is_err() {
        // Some other encoding; what was lost shows as replacement characters.
        return json(String::from_utf8_lossy(bytes).as_bytes(), visit);
    }
    match Node::parse(bytes) {
        Ok(node) => {
            Walk::new(visit).document(node, None);
            let is_har = node.get("log").is_some_and(|log| log.get("entries").is_some());
            Ok(if is_har { Shape::Har } else { Shape::Json })
        }
        Err(error) if error.is_eof() => Err(broken(&error).into()),
        Err(error) => several(bytes, visit)
            .or_else(|| literal(bytes, visit))
            .ok_or_else(|| broken(&error).into()),
    }
}

fn broken(error: &serde_json::Error) -> Fault {
    let (line, column) = (error.line() as u64, error.column());
    Fault { line, column, message: json_message(error), torn: error.is_eof() }
}

/// Documents one after the other, each over as many lines as it likes. `None` when not even
/// the first one and the start of the second are whole.
fn several(bytes: &[u8], visit: &mut dyn FnMut(Item<'_>)) -> Option<Shape> {
    let mut walk = Walk::new(visit);
    let mut numbers = LineNumbers::default();
    let mut at = 0;
    loop {
        let gap = |byte: &u8| !byte.is_ascii_whitespace() && *byte != 0x1e;
        let Some(start) = bytes[at..].iter().position(gap).map(|gap| at + gap) else { break };
        let mut values =
            serde_json::Deserializer::from_slice(&bytes[start..]).into_iter::<IgnoredAny>();
        let line = numbers.at(bytes, start);
        match values.next() {
            Some(Ok(_)) if matches!(bytes[start], b'{' | b'[') => {}
            _ if at == 0 => return None,
            Some(Err(error)) => {
                let mut fault = broken(&error);
                fault.line += line - 1;
                walk.fault(fault);
                break;
            }
            _ => break,
        }
        let end = start + values.byte_offset();
        if at == 0 && !matches!(bytes[end..].trim_ascii_start().first(), Some(b'{' | b'[' | 0x1e)) {
            return None;
        }
        walk.document(Node::unchecked(&bytes[start..end]), Some(line));
        at = end;
    }
    Some(Shape::Json)
}

/// What a program printed of its objects: much like JSON, but not JSON.
fn literal(bytes: &[u8], visit: &mut dyn FnMut(Item<'_>)) -> Option<Shape> {
    let text = String::from_utf8_lossy(bytes);
    let mut walk = Walk::new(visit);
    if let Some(json) = text::to_json(&text)
        && let Ok(node) = Node::parse(json.as_bytes())
    {
        walk.document(node, None);
        return Some(Shape::Json);
    }
    text::read_loose(text::Input { bytes, text: &text }, &mut walk)
}
