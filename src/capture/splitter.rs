//! Cutting files that hold one value a line at line ends, so that each piece can be read by
//! itself, in any order and on any thread.

use super::{Fault, Item, limits, read_lines};

/// Some whole lines of a file.
#[derive(Debug, Default)]
pub struct Chunk {
    /// The lines; the last one of the file may lack its line feed.
    pub bytes: Vec<u8>,
    /// Whether a line was dropped behind these because it is too long.
    pub dropped: bool,
}

impl Chunk {
    /// Hands on what the lines hold, in order. Gives the number of the line behind them if the
    /// first one has `first_line`: to number them takes a pass over all of them, which is left to
    /// the threads that read them.
    pub fn read(&self, first_line: u64, mut visit: impl FnMut(Item<'_>)) -> u64 {
        let line = read_lines(&self.bytes, first_line, &mut visit);
        if !self.dropped {
            return line;
        }
        let message = format!("longer than {} MiB; not read", limits::LINE >> 20);
        visit(Item::Fault(Fault { line, column: limits::LINE, message, torn: false }));
        line + 1
    }
}

/// Cuts a file that comes in blocks into chunks of whole lines. Holds no more than one line.
///
/// ```
/// let mut splitter = pgwh::capture::Splitter::default();
/// let mut buffer = Vec::new();
/// splitter.start(&mut buffer);
/// buffer.extend(b"{\"a\":1}\n{\"b\"");
/// let chunk = splitter.cut(buffer);
/// assert_eq!(chunk.bytes, b"{\"a\":1}\n");
/// ```
#[derive(Debug, Default)]
pub struct Splitter {
    /// The start of a line whose end has not come yet.
    rest: Vec<u8>,
    /// Whether what comes up to the next line feed is dropped.
    dropping: bool,
}

impl Splitter {
    /// Puts what is left of the last block into an empty buffer, for the next block to be
    /// added behind it.
    pub fn start(&mut self, buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.append(&mut self.rest);
    }

    /// Keeps what is behind the last line feed for later, and gives the lines before it.
    pub fn cut(&mut self, mut buffer: Vec<u8>) -> Chunk {
        if self.dropping {
            let Some(feed) = memchr::memchr(b'\n', &buffer) else {
                return Chunk::default();
            };
            buffer.drain(..=feed);
            self.dropping = false;
        }
        let end = memchr::memrchr(b'\n', &buffer).map_or(0, |feed| feed + 1);
        self.rest.extend_from_slice(&buffer[end..]);
        buffer.truncate(end);
        self.dropping = self.rest.len() > limits::LINE;
        if self.dropping {
            self.rest = Vec::new();
        }
        Chunk { bytes: buffer, dropped: self.dropping }
    }

    /// The last line, if the file does not end with a line feed.
    pub fn finish(self) -> Chunk {
        Chunk { bytes: self.rest, dropped: false }
    }
}
