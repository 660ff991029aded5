//! Files that hold one JSON value a line: cut at line ends as they come in blocks, so that each
//! piece can be read by itself, in any order and on any thread; and the reading of such lines.

use memchr::memmem::Finder;

use super::decode::MAX_LINE;
use super::detect::Walk;
use super::layout::json_of;
use super::literal::parse_json;
use super::ndjson::{self, NotOwn};
use super::{Capture, Fault, Item, Location};

/// Some whole lines of a file.
#[derive(Debug, Default)]
pub struct Chunk {
    /// The lines; the last one of the file may lack its line feed.
    pub bytes: Vec<u8>,
    /// Whether a line was skipped behind these because it is too long.
    pub skipped: bool,
}

impl Chunk {
    /// Visits what the lines hold, in order. Returns the number of the line behind them if the
    /// first one has `first_line`.
    pub fn read(&self, first_line: u64, mut visitor: impl FnMut(Item<'_>)) -> u64 {
        let line = read_lines(&self.bytes, first_line, &mut visitor);
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
    // What only a line of pgwh's own has.
    let own = Finder::new("\"receivedAt\"");
    let mut number = first_line;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        read_line(line, number, own.find(line).is_some(), &mut visitor);
        number += 1;
    }
    number
}

fn read_line(line: &[u8], number: u64, may_be_own: bool, visitor: &mut dyn FnMut(Item<'_>)) {
    let Ok(text) = std::str::from_utf8(line) else { return read_other(line, number, visitor) };
    let own = if may_be_own { ndjson::read(text) } else { Err(NotOwn::OtherFormat) };
    match own {
        Ok(capture) => {
            Walk::new(visitor).capture(Capture { location: Location::line(number), ..capture });
        }
        Err(NotOwn::Base64) => visitor(fault(number, "bodyBase64 is not base64")),
        Err(NotOwn::OtherFormat) => match ndjson::behind_torn(text).filter(|_| may_be_own) {
            Some((at, capture)) if parse_json(text).is_err() => {
                let message = "the line breaks off, and another follows on it".to_owned();
                visitor(Item::Fault(Fault { line: number, column: at + 1, message, torn: true }));
                let location = Location::line(number);
                Walk::new(visitor).capture(Capture { location, ..capture });
            }
            _ => read_other(line, number, visitor),
        },
    }
}

/// Reads a line that is not pgwh's own.
fn read_other(line: &[u8], number: u64, visitor: &mut dyn FnMut(Item<'_>)) {
    let json = json_of(line);
    if json.is_empty() {
        // A log's line of words. If it names our headers, it should not go unnoticed.
        let is_name = |ten: &[u8]| ten.eq_ignore_ascii_case(b"perfectgym");
        if line.windows(10).any(is_name) {
            visitor(fault(number, "names a PerfectGym header, but holds no JSON"));
        }
        return;
    }
    let column = line.trim_ascii_end().len() - json.len();
    let text = match std::str::from_utf8(json) {
        Ok(text) => text,
        Err(error) => {
            let column = column + error.valid_up_to() + 1;
            let message = "not UTF-8".to_owned();
            return visitor(Item::Fault(Fault { line: number, column, message, torn: false }));
        }
    };
    match parse_json(text) {
        Ok(value) => Walk::new(visitor).document(&value, Some(text), Some(number)),
        Err(error) => {
            let mut fault = Fault::json(&error, number);
            fault.column += column;
            visitor(Item::Fault(fault));
        }
    }
}

fn fault(line: u64, message: &str) -> Item<'static> {
    Item::Fault(Fault { line, column: 1, message: message.to_owned(), torn: false })
}
