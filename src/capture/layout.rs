//! How a file is read, detected by how it starts.

use super::detect::{holds_headers, names_pgm};
use super::literal::parse_json;
use super::message::{is_request, is_response};
use super::ndjson;
use super::text::is_table;

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// By lines, each a JSON value: [`read_lines`](super::read_lines). Memory stays flat.
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
        let ended = |line: &[u8]| complete || line.ends_with(b"\n");
        if !ended(first) {
            return None;
        }
        if is_own(first) {
            return Some(Self::Lines);
        }
        let rest: Vec<_> = lines.collect();
        // The first line may be torn: its writer was killed, and another one went on.
        if rest.iter().any(|line| is_own(line)) {
            return Some(Self::Lines);
        }
        // Headers on a line of their own: their body is on another one.
        if std::iter::once(&first).chain(&rest).any(|line| prints_headers_alone(line)) {
            return Some(Self::Whole);
        }
        if is_container(first) {
            return if rest.is_empty() {
                complete.then_some(Self::Whole)
            } else {
                Some(Self::Lines)
            };
        }
        if first.trim_ascii_end().last().is_some_and(|byte| b"[{,(:".contains(byte)) {
            return Some(Self::Whole);
        }
        if is_table(first) {
            return Some(Self::Whole);
        }
        // The first line may be the torn end of another, or a word of a log.
        let values = rest.iter().filter(|line| ended(line) && is_container(line)).count();
        let second = rest
            .first()
            .is_some_and(|line| ended(line) && line.starts_with(b"{") && is_container(line));
        if second || values > 1 {
            return Some(Self::Lines);
        }
        (complete || rest.len() + 1 >= MAX_FIRST_LINES).then_some(Self::Whole)
    }
}

/// Not UTF-16, gzip, or server-sent events, whose lines may hold JSON as well.
fn starts_like_lines(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    let other = [&b"data:"[..], b"event:", b"id:", b"retry:", b":", b"curl ", b"$ ", b"> ", b"* "];
    !head.iter().take(4).any(|byte| *byte == 0)
        && !head.starts_with(b"\x1f\x8b")
        && !head.starts_with(b"\xff\xfe")
        && !head.starts_with(b"\xfe\xff")
        && !is_request(start)
        && !is_response(start)
        && !other.iter().any(|known| start.starts_with(known))
}

/// Whether a line is one of pgwh's own, or ends with one that was appended to a torn one.
fn is_own(line: &[u8]) -> bool {
    std::str::from_utf8(line)
        .is_ok_and(|line| ndjson::read(line).is_ok() || ndjson::behind_torn(line).is_some())
}

/// Whether a line has PGM's headers and is not JSON that holds a request.
fn prints_headers_alone(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else { return false };
    let json = std::str::from_utf8(json_of(line)).unwrap_or_default();
    let around = text.split(json).next().unwrap_or_default();
    names_pgm(text)
        && (names_pgm(around) || parse_json(json).map_or(true, |value| holds_headers(&value)))
}

/// Whether a line holds an object or an array.
fn is_container(line: &[u8]) -> bool {
    let json = json_of(line);
    matches!(json.first(), Some(b'{' | b'['))
        && std::str::from_utf8(json).is_ok_and(|json| parse_json(json).is_ok())
}

/// The JSON of a line: the line, or in a log what follows its time and level. Empty if none.
pub(super) fn json_of(line: &[u8]) -> &[u8] {
    // RFC 7464 starts each record with 0x1e.
    let json = line.strip_prefix(b"\x1e").unwrap_or(line).trim_ascii();
    if matches!(json.first(), Some(b'{' | b'[' | b'"')) && !json.starts_with(b"[2") {
        return json;
    }
    &json[memchr::memchr(b'{', json).unwrap_or(json.len())..]
}
