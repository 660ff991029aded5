//! Files that hold one JSON value a line: how they are told from others, cut at line ends as they
//! come in blocks, so that each piece can be read by itself, in any order and on any thread, and read.

use csv::{ReaderBuilder, StringRecord};
use memchr::memmem::Finder;

use super::decode::is_binary;
use super::detect::{Walk, holds_headers, is_capture_column};
use super::header::names_pgm;
use super::message::starts_message;
use super::serialized::parse_document;
use super::{Fault, Item, MAX_LINE, Value, ndjson, parse_json};

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// By lines, each a JSON value: [`read_lines`]. Memory stays flat.
    Lines,
    /// In one piece: [`read_whole`](super::read_whole).
    Whole,
}

/// Lines that are looked at before a file whose first line is broken is taken as a whole.
const MAX_FIRST_LINES: usize = 8;

impl Layout {
    /// Detects the layout from the start of a file; `None` when more of it must be seen.
    /// `complete` says that there is no more.
    ///
    /// A file is read by lines if its first line is a JSON value and another line follows it,
    /// or if the first line is one of pgwh's own.
    pub fn detect(head: &[u8], complete: bool) -> Option<Self> {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        if head.len() < 4 && !complete {
            return None;
        }
        if !starts_like_lines(head) {
            return Some(Self::Whole);
        }
        let lines = head.split_inclusive(|byte| *byte == b'\n');
        let mut lines = lines.filter(|line| !line.trim_ascii().is_empty()).take(MAX_FIRST_LINES);
        let Some(first) = lines.next() else { return complete.then_some(Self::Whole) };
        let ended = |line: &&[u8]| complete || line.ends_with(b"\n");
        if !ended(&first) {
            return None;
        }
        if is_own(first) {
            return Some(Self::Lines);
        }
        let rest: Vec<_> = lines.filter(ended).collect();
        // The first line may be torn: its writer was killed, and another one went on.
        if rest.iter().any(|line| is_own(line)) {
            return Some(Self::Lines);
        }
        let is_all = complete || rest.len() + 1 >= MAX_FIRST_LINES;
        // Headers on a line of their own: their body is on another one.
        if prints_headers_alone(first) {
            return Some(Self::Whole);
        }
        if is_container(first) {
            // One of the next lines may still have headers of its own.
            let mut seen = std::iter::once(first).chain(rest.iter().copied());
            return match seen.any(|line| prints_headers_alone(line) || is_part(line)) {
                true => Some(Self::Whole),
                false if rest.is_empty() => complete.then_some(Self::Whole),
                false => is_all.then_some(Self::Lines),
            };
        }
        if first.trim_ascii_end().last().is_some_and(|byte| b"[{,(:".contains(byte)) {
            return Some(Self::Whole);
        }
        if is_table(first) {
            return Some(Self::Whole);
        }
        // The first line may be the torn end of another, or a word of a log. What decides is the
        // first line that can: those after it may not have been read yet.
        let mut values = 0;
        for (index, line) in rest.iter().enumerate() {
            if prints_headers_alone(line) || is_part(line) {
                return Some(Self::Whole);
            }
            if is_container(line) {
                values += 1;
                if values > 1 || index == 0 && line.starts_with(b"{") {
                    return Some(Self::Lines);
                }
            }
        }
        is_all.then_some(Self::Whole)
    }
}

/// Not UTF-16, an archive, or server-sent events, whose lines may hold JSON as well.
fn starts_like_lines(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    let other = [&b"data:"[..], b"event:", b"id:", b"retry:", b":", b"curl ", b"$ ", b"> ", b"* "];
    !head.iter().take(4).any(|byte| *byte == 0)
        && !is_binary(head)
        && !head.starts_with(b"\x1f\x8b")
        && !head.starts_with(b"\xff\xfe")
        && !head.starts_with(b"\xfe\xff")
        && !starts_message(start)
        && !other.iter().any(|known| start.starts_with(known))
}

/// Whether a line is one of pgwh's own, or ends with one that was appended to a torn one.
fn is_own(line: &[u8]) -> bool {
    std::str::from_utf8(line).is_ok_and(|line| matches!(ndjson::read(line, 1), Some((_, Some(_)))))
}

/// Whether a line has PGM's headers and is not JSON that holds a request.
fn prints_headers_alone(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else { return false };
    let json = std::str::from_utf8(json_of(line)).unwrap_or_default();
    let around = text.split(json).next().unwrap_or_default();
    names_pgm(text)
        && (names_pgm(around) || parse_json(json).map_or(true, |value| holds_headers(&value)))
}

/// Whether a line is, or ends with, an object or an array. An empty one behind words says nothing.
fn is_container(line: &[u8]) -> bool {
    let json = std::str::from_utf8(json_of(line)).unwrap_or_default();
    match parse_json(json) {
        Ok(Value::Object(members)) => !members.is_empty() || line.starts_with(b"{"),
        Ok(Value::Array(elements)) => !elements.is_empty() || line.starts_with(b"["),
        _ => false,
    }
}

/// Whether a line has a text in JSON that names only some of PGM's headers: other lines have the rest.
fn is_part(line: &[u8]) -> bool {
    let headers = || {
        let mut count = 0;
        let mut visitor = |item: Item<'_>| {
            if let Item::Capture(capture) | Item::Part(capture) = item {
                count += capture.request_ids().count() + capture.signatures().count();
            }
        };
        read_other(line, 1, &mut Walk::of_piece(&mut visitor));
        count
    };
    std::str::from_utf8(line).is_ok_and(names_pgm) && headers() < 2
}

/// Whether a file's first line is the header row of a table of requests.
fn is_table(first: &[u8]) -> bool {
    let names = || {
        let mut reader = ReaderBuilder::new();
        reader.delimiter(column_separator(std::str::from_utf8(first).ok()?)?).has_headers(false);
        reader.from_reader(first).into_records().next()?.ok()
    };
    names().is_some_and(|names| is_header_row(&names))
}

/// Returns what separates the cells of this line, if it is one of a table.
pub(super) fn column_separator(line: &str) -> Option<u8> {
    // A table of Markdown or Jira.
    (!line.starts_with('|')).then_some(())?;
    [',', ';', '\t', '|']
        .into_iter()
        .max_by_key(|c| line.matches(*c).count())
        .and_then(|c| u8::try_from(c).ok())
}

/// Whether these are the names of a table's columns, with one of a request's among them.
pub(super) fn is_header_row(names: &StringRecord) -> bool {
    names.len() > 1
        && names.iter().all(|name| name.len() < 80 && !name.contains(['{', '[', '"', '(', '\'']))
        && names.iter().any(is_capture_column)
}

/// The JSON of a line: the line, or in a log what follows its time and level. Empty if none.
fn json_of(line: &[u8]) -> &[u8] {
    // RFC 7464 starts each record with 0x1e.
    let json = line.strip_prefix(b"\x1e").unwrap_or(line).trim_ascii();
    if matches!(json.first(), Some(b'{' | b'[' | b'"')) && !json.starts_with(b"[2") {
        return json;
    }
    &json[memchr::memchr(b'{', json).unwrap_or(json.len())..]
}

/// Some whole lines of a file.
#[derive(Debug, Default)]
pub struct Chunk {
    /// The lines; the last one of the file may lack its line feed.
    pub bytes: Vec<u8>,
    /// Whether a line was skipped behind these because it is too long.
    pub skipped: bool,
}

impl Chunk {
    /// Visits what the lines hold, in order, parts of requests as they are. Returns the number of the
    /// line behind them if the first one has `first_line`.
    pub fn read(&self, first_line: u64, mut visitor: impl FnMut(Item<'_>)) -> u64 {
        let line = walk_lines(&self.bytes, first_line, &mut Walk::of_piece(&mut visitor));
        if !self.skipped {
            return line;
        }
        let message = format!("longer than {} MiB; not read", MAX_LINE >> 20);
        visitor(Item::Fault(Fault { line, column: MAX_LINE, message, torn: false }));
        line + 1
    }
}

/// Cuts a file that comes in blocks into chunks of whole lines. Holds no more than one line.
///
/// ```
/// let mut splitter = pgwh::capture::LineSplitter::default();
/// let mut buffer = Vec::new();
/// splitter.start(&mut buffer);
/// buffer.extend(b"{\"a\":1}\n{\"b\"");
/// let chunk = splitter.cut(buffer);
/// assert_eq!(chunk.bytes, b"{\"a\":1}\n");
/// ```
#[derive(Debug, Default)]
pub struct LineSplitter {
    /// The start of a line whose end has not come yet.
    partial: Vec<u8>,
    /// Whether what comes up to the next line feed is skipped.
    skipping: bool,
}

impl LineSplitter {
    /// Puts what is left of the last block into an empty buffer, for the next block to be
    /// added behind it.
    pub fn start(&mut self, buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.append(&mut self.partial);
    }

    /// Keeps what is behind the last line feed for later, and returns the lines before it.
    pub fn cut(&mut self, mut buffer: Vec<u8>) -> Chunk {
        if self.skipping {
            let Some(feed) = memchr::memchr(b'\n', &buffer) else {
                return Chunk::default();
            };
            buffer.drain(..=feed);
            self.skipping = false;
        }
        let end = memchr::memrchr(b'\n', &buffer).map_or(0, |feed| feed + 1);
        self.partial.extend_from_slice(&buffer[end..]);
        buffer.truncate(end);
        self.skipping = self.partial.len() > MAX_LINE;
        if self.skipping {
            self.partial = Vec::new();
        }
        Chunk { bytes: buffer, skipped: self.skipping }
    }

    /// The last line, if the file does not end with a line feed.
    pub fn finish(self) -> Chunk {
        Chunk { bytes: self.partial, skipped: false }
    }
}

/// Reads whole lines and visits what they hold, in order. pgwh's own lines are read literally,
/// all others as documents of any shape. Empty lines are skipped. Returns the number of the line
/// behind them.
pub fn read_lines(bytes: &[u8], first_line: u64, mut visitor: impl FnMut(Item<'_>)) -> u64 {
    let mut walk = Walk::new(&mut visitor);
    let next = walk_lines(bytes, first_line, &mut walk);
    walk.flush();
    next
}

fn walk_lines(bytes: &[u8], first_line: u64, walk: &mut Walk<'_>) -> u64 {
    // What only a line of pgwh's own has.
    let own = Finder::new("\"receivedAt\"");
    let mut number = first_line;
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        read_line(line, number, own.find(line).is_some(), walk);
        number += 1;
    }
    number
}

fn read_line(line: &[u8], number: u64, may_be_own: bool, walk: &mut Walk<'_>) {
    let own = may_be_own.then(|| std::str::from_utf8(line).ok()).flatten();
    match own.and_then(|text| ndjson::read(text, number)) {
        Some((fault, capture)) => {
            walk.flush();
            fault.into_iter().for_each(|fault| walk.fault(fault));
            capture.into_iter().for_each(|capture| walk.capture(capture));
        }
        None => read_other(line, number, walk),
    }
}

/// Reads a line that is not pgwh's own. It may hold the body of the request before it.
fn read_other(line: &[u8], number: u64, walk: &mut Walk<'_>) {
    let json = json_of(line);
    let fault = |column, message: &str| Fault {
        line: number,
        column,
        message: message.to_owned(),
        torn: false,
    };
    if json.is_empty() {
        // A log's line of words. If it names our headers, it should not go unnoticed.
        if names_pgm(&String::from_utf8_lossy(line)) {
            walk.fault(fault(1, "names a PerfectGym header, but holds no JSON"));
        }
        return;
    }
    let column = line.trim_ascii_end().len() - json.len();
    let text = match std::str::from_utf8(json) {
        Ok(text) => text,
        Err(error) => return walk.fault(fault(column + error.valid_up_to() + 1, "not UTF-8")),
    };
    match parse_document(text) {
        Ok(value) => walk.record(&value, Some(text), Some(number)),
        // A line that is torn, or pgwh's own and damaged, is a fault, whatever it shows.
        Err(error)
            if !error.is_eof()
                && !text.starts_with(ndjson::START)
                && names_pgm(text)
                && walk.record_text(text, number) => {}
        Err(error) => {
            let mut fault = Fault::json(&error, number);
            fault.column += column;
            walk.fault(fault);
        }
    }
}
