//! Cutting files that hold one value a line at line ends, so that each piece can be read by
//! itself, in any order and on any thread.

use super::{Fault, limits};

/// Some whole lines of a file.
#[derive(Debug, Default)]
pub struct Chunk {
    /// The lines; the last one of the file may lack its line feed.
    pub bytes: Vec<u8>,
    /// Number of the first line in the file, from 1.
    pub first_line: u64,
    /// A line that was dropped behind these because it is too long.
    pub fault: Option<Fault>,
}

/// Cuts a file that comes in blocks into chunks of whole lines. Holds no more than one line.
///
/// ```
/// let mut splitter = pgwh::capture::Splitter::default();
/// let mut buffer = Vec::new();
/// splitter.start(&mut buffer);
/// buffer.extend(b"{\"a\":1}\n{\"b\"");
/// let chunk = splitter.cut(buffer);
/// assert_eq!((chunk.bytes, chunk.first_line), (b"{\"a\":1}\n".to_vec(), 1));
/// ```
#[derive(Debug)]
pub struct Splitter {
    /// The start of a line whose end has not come yet.
    rest: Vec<u8>,
    next_line: u64,
    /// Whether what comes up to the next line feed is dropped.
    dropping: bool,
}

impl Default for Splitter {
    fn default() -> Self {
        Self { rest: Vec::new(), next_line: 1, dropping: false }
    }
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
                return self.chunk(Vec::new(), None);
            };
            buffer.drain(..=feed);
            self.dropping = false;
            self.next_line += 1;
        }
        let end = memchr::memrchr(b'\n', &buffer).map_or(0, |feed| feed + 1);
        self.rest.extend_from_slice(&buffer[end..]);
        buffer.truncate(end);
        let too_long = self.rest.len() > limits::LINE;
        let mut chunk = self.chunk(buffer, None);
        if too_long {
            let message = format!("longer than {} MiB; not read", limits::LINE >> 20);
            self.rest = Vec::new();
            self.dropping = true;
            chunk.fault =
                Some(Fault { line: self.next_line, column: limits::LINE, message, torn: false });
        }
        chunk
    }

    /// The last line, if the file does not end with a line feed.
    pub fn finish(mut self) -> Chunk {
        let rest = std::mem::take(&mut self.rest);
        self.chunk(rest, None)
    }

    fn chunk(&mut self, bytes: Vec<u8>, fault: Option<Fault>) -> Chunk {
        let first_line = self.next_line;
        self.next_line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        Chunk { bytes, first_line, fault }
    }
}
