//! Files that hold one JSON value a line: cut at line ends, read piece by piece, in any order
//! and on any thread.

use super::json::Node;
use super::own;
use super::record::{Walk, is_pgm};
use super::view::Source;
use super::{BodyRef, CaptureRef, Fault, Item, Place, limits};

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

/// Reads whole lines and hands on what they hold, in order. pgwh's own lines are read without
/// an allocation a line, all others as documents of any shape. Empty lines are passed over.
pub fn read_lines(bytes: &[u8], first_line: u64, mut visit: impl FnMut(Item<'_>)) {
    // One pass for all lines; only if it fails, one a line.
    let all = std::str::from_utf8(bytes).ok();
    let mut body = Vec::new();
    let mut from = 0;
    let mut number = first_line;
    while from < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |feed| from + feed);
        let line = bytes[from..end].strip_suffix(b"\r").unwrap_or(&bytes[from..end]);
        let text = all.and_then(|all| all.get(from..from + line.len()));
        let text = text.or_else(|| std::str::from_utf8(line).ok());
        match text.and_then(|text| own::scan(text, &mut body)) {
            Some(scanned) if scanned.request_id.is_some() || scanned.signature.is_some() => {
                visit(Item::Capture(CaptureRef {
                    place: Place { line: Some(number), path: "" },
                    received_at: scanned.received_at,
                    body: Some(BodyRef { bytes: &body, exact: true }),
                    source: Source::Own {
                        request_id: scanned.request_id,
                        signature: scanned.signature,
                        line,
                    },
                }));
            }
            _ => any_line(line, number, &mut visit),
        }
        from = end + 1;
        number += 1;
    }
}

/// Reads a line that the fast reader does not.
fn any_line(line: &[u8], number: u64, visit: &mut dyn FnMut(Item<'_>)) {
    // Only a line that has this can be ours; looking for it costs next to nothing.
    let may_be_own = memchr::memmem::find(line, b"\"receivedAt\"").is_some();
    let own = if may_be_own { own::read(line) } else { Err(own::Failure::Other) };
    match own {
        Ok(capture) if is_pgm(&capture) => {
            let place = Place { line: Some(number), path: "" };
            return visit(Item::Capture(capture.view_at(place)));
        }
        Ok(_) => return visit(Item::Skipped),
        Err(own::Failure::Base64) => {
            let message = "bodyBase64 is not base64".to_owned();
            return visit(Item::Fault(Fault { line: number, column: 1, message, torn: false }));
        }
        Err(own::Failure::Other) => {}
    }
    let json = json_of(line);
    if json.is_empty() {
        // A log's line of words. If it names our headers, it should not go unnoticed.
        if contains_name(line) {
            let message = "names a PerfectGym header, but holds no JSON".to_owned();
            visit(Item::Fault(Fault { line: number, column: 1, message, torn: false }));
        }
        return;
    }
    let offset = line.len() - json.len();
    match checked(json) {
        Ok(node) => Walk::new(visit).document(node, Some(number)),
        Err(mut fault) => {
            fault.line = number;
            fault.column += offset;
            visit(Item::Fault(fault));
        }
    }
}

fn checked(json: &[u8]) -> Result<Node<'_>, Fault> {
    Node::parse(json).map_err(|error| {
        let utf8 = std::str::from_utf8(json).err().map(|error| error.valid_up_to() + 1);
        let column = utf8.unwrap_or(error.column());
        Fault { line: 0, column, message: json_message(&error), torn: error.is_eof() }
    })
}

/// What `serde_json` says, without its place, which is within the line.
pub(super) fn json_message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_owned()
}

/// The JSON of a line: the line, or in a log what follows its time and level. Empty if none.
pub(super) fn json_of(line: &[u8]) -> &[u8] {
    // RFC 7464 starts each record with this.
    let line = line.strip_prefix(b"\x1e").unwrap_or(line).trim_ascii();
    if matches!(line.first(), Some(b'{' | b'[' | b'"')) && !line.starts_with(b"[2") {
        return line;
    }
    let start = memchr::memchr(b'{', line).unwrap_or(line.len());
    &line[start..]
}

fn contains_name(line: &[u8]) -> bool {
    line.windows(10).any(|ten| ten.eq_ignore_ascii_case(b"perfectgym"))
}
