//! HTTP/1 messages as text: with CRLF or LF, chunked, one after the other.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use serde::de::IgnoredAny;

use super::header::of_lines;
use super::{Body, Capture, HeaderPairs, count_work, owned_pairs};

/// Bytes of a request or status line, and of the white space between two messages.
const MAX_START_LINE: usize = 8192;

/// Whether the bytes start with a request line.
pub(super) fn is_request(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(u8::is_ascii_uppercase) && request_line(first_line(bytes)).is_some()
}

/// Whether the bytes start with a request line or a status line.
pub(super) fn starts_message(bytes: &[u8]) -> bool {
    is_request(bytes) || is_response(bytes)
}

/// Whether the bytes start with a status line.
fn is_response(bytes: &[u8]) -> bool {
    let line = first_line(bytes);
    line.starts_with(b"HTTP/") && line.contains(&b' ')
}

fn first_line(bytes: &[u8]) -> &[u8] {
    let head = &bytes[..bytes.len().min(MAX_START_LINE)];
    let end = memchr::memchr(b'\n', head).unwrap_or(head.len());
    head[..end].trim_ascii_end()
}

/// `POST /path HTTP/1.1`: the method and the path.
fn request_line(line: &[u8]) -> Option<(&str, &str)> {
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let (method, path, version) = (words.next()?, words.next()?, words.next()?);
    let is_method =
        (3..=10).contains(&method.len()) && method.bytes().all(|b| b.is_ascii_uppercase());
    let is_version = matches!(version, "HTTP/1.1" | "HTTP/1.0" | "HTTP/2" | "HTTP/2.0" | "HTTP/3");
    (is_method && is_version && words.next().is_none()).then_some((method, path))
}

/// The request at the start of `bytes`, which may be followed by another message. `None` when
/// there is no request line, or a line of the head is not a header.
pub(super) fn message(bytes: &[u8]) -> Option<Capture<'static>> {
    // Most bytes that are tried are a body, and show by the first one that they are no request.
    bytes.first()?.is_ascii_uppercase().then_some(())?;
    Some(MessageReader::new(bytes).request(0)?.0)
}

/// The requests among the messages of a text, whatever is around and between them, each with where
/// it starts and ends. Responses are left out with their bodies.
pub(super) fn requests(bytes: &[u8]) -> impl Iterator<Item = (Range<usize>, Capture<'static>)> {
    let mut reader = MessageReader::new(bytes);
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
            at += if starts_message(rest) { 0 } else { next_message(rest) };
            if let Some((capture, end)) = reader.request(at) {
                let start = std::mem::replace(&mut at, end);
                return Some((start..end, capture));
            }
            at += reader.response_length(at).unwrap_or(1);
        }
    })
}

/// Reads the messages of a text. Remembers which chunks lead nowhere, so that the time is linear
/// in the length of the text however many messages claim the same chunks.
struct MessageReader<'t> {
    bytes: &'t [u8],
    broken_chunks: HashSet<usize>,
}

impl<'t> MessageReader<'t> {
    fn new(bytes: &'t [u8]) -> Self {
        Self { bytes, broken_chunks: HashSet::new() }
    }

    /// The request at an offset, and where it ends.
    fn request(&mut self, at: usize) -> Option<(Capture<'static>, usize)> {
        let bytes = self.bytes.get(at..)?;
        let (method, path) = request_line(first_line(bytes))?;
        let (headers, head) = head(bytes);
        let headers = headers?;
        let (body, end) = self.content(&headers, at + head);
        // Only its beginning was saved.
        let is_cut = |body: &Body<'_>| {
            let mut lengths = headers.iter().filter(|(name, _)| name == "content-length");
            lengths.any(|(_, length)| {
                length.parse().is_ok_and(|length: usize| length > body.bytes.len())
            }) && serde_json::from_slice::<IgnoredAny>(&body.bytes)
                .is_err_and(|error| error.is_eof())
        };
        let body = body.filter(|body| !is_cut(body));
        let (method, path) = (Some(method.to_owned().into()), Some(path.to_owned().into()));
        Some((Capture { method, path, headers, body, ..Capture::default() }, end))
    }

    /// How many bytes the response at an offset takes.
    fn response_length(&mut self, at: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..).filter(|bytes| is_response(bytes))?;
        let (headers, head) = head(bytes);
        Some(self.content(&headers.unwrap_or_default(), at + head).1 - at)
    }

    /// The body behind a head that ends at `start`, and where it ends.
    fn content(
        &mut self,
        headers: &HeaderPairs<'_>,
        start: usize,
    ) -> (Option<Body<'static>>, usize) {
        let value =
            |name| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        let rest = &self.bytes[start..];
        let is_chunked =
            value("transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked"));
        if is_chunked && let Some((bytes, end)) = self.dechunk(start) {
            return (Some(Body { bytes: bytes.into(), exact: true }), end);
        }
        let declared = value("content-length").and_then(|value| value.parse::<usize>().ok());
        if let Some(bytes) = declared.and_then(|length| rest.get(..length)) {
            // A tool may have laid the body out again, or cut it, and left the length as it was.
            let behind = &rest[bytes.len()..];
            let behind = behind[..behind.len().min(MAX_START_LINE)].trim_ascii_start();
            if behind.is_empty() || starts_message(behind) {
                let body = || Body { bytes: Cow::Owned(bytes.to_vec()), exact: true };
                return ((!bytes.is_empty()).then(body), start + bytes.len());
            }
        }
        let length = if starts_message(rest) { 0 } else { next_message(rest) };
        // Line breaks at the end are the file's, not the body's.
        let bytes = rest[..length].trim_ascii_end();
        let exact = declared.is_none_or(|declared| declared == bytes.len());
        let body = || Body { bytes: Cow::Owned(bytes.to_vec()), exact };
        ((!bytes.is_empty()).then(body), start + length)
    }

    /// Joins the chunks from an offset on, and returns where they end. `None` when they are not
    /// complete.
    fn dechunk(&mut self, start: usize) -> Option<(Vec<u8>, usize)> {
        let mut visited = Vec::new();
        let mut parts = Vec::new();
        let mut at = start;
        let end = loop {
            if self.broken_chunks.contains(&at) {
                break None;
            }
            visited.push(at);
            count_work(1);
            let Some((size, data)) = self.chunk_size(at) else { break None };
            if size == 0 {
                // Trailers end with a blank line as well; a file may lack it.
                let rest = &self.bytes[data..];
                break Some(data + if rest.is_empty() { 0 } else { head(rest).1 });
            }
            let Some(behind) = data.checked_add(size).filter(|end| *end <= self.bytes.len()) else {
                break None;
            };
            parts.push(data..behind);
            let rest = &self.bytes[behind..];
            let line_end =
                [&b"\r\n"[..], b"\n", b"\r"].into_iter().find(|end| rest.starts_with(end));
            at = behind + line_end.map_or(0, <[u8]>::len);
        };
        match end {
            Some(end) => {
                let joined = parts.into_iter().flat_map(|part| &self.bytes[part]).copied();
                Some((joined.collect(), end))
            }
            None => {
                self.broken_chunks.extend(visited);
                None
            }
        }
    }

    /// The size of the chunk at an offset, and where its data starts.
    fn chunk_size(&self, at: usize) -> Option<(usize, usize)> {
        let line = self.bytes.get(at..)?;
        let line = &line[..memchr::memchr(b'\n', &line[..line.len().min(MAX_START_LINE)])?];
        let size = std::str::from_utf8(line).ok()?.split(';').next()?.trim();
        Some((usize::from_str_radix(size, 16).ok()?, at + line.len() + 1))
    }
}

/// The headers of a message, behind its first line, and the length of the head with the blank line
/// that ends it. The headers are `None` when a line is not a header; the head is then read no
/// further.
fn head(bytes: &[u8]) -> (Option<HeaderPairs<'static>>, usize) {
    let mut headers = HeaderPairs::new();
    let mut at = 0;
    for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        at += line.len();
        count_work(line.len());
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if number == 0 && (is_request(line) || is_response(line)) {
            continue;
        }
        let line = String::from_utf8_lossy(line);
        let Some(header) = of_lines(&line) else { return (None, at) };
        headers.extend(owned_pairs(header));
    }
    (Some(headers), at)
}

/// Where the next message starts on a line of its own; the length if none does.
fn next_message(bytes: &[u8]) -> usize {
    let mut starts = memchr::memchr_iter(b'\n', bytes).map(|feed| feed + 1);
    let next = starts.find(|at| starts_message(&bytes[*at..])).unwrap_or(bytes.len());
    count_work(next);
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> (String, bool, usize) {
        let mut reader = MessageReader::new(text.as_bytes());
        let (capture, end) = reader.request(0).unwrap();
        let body = capture.body.unwrap();
        (String::from_utf8(body.bytes.into_owned()).unwrap(), body.exact, end)
    }

    #[test]
    fn head_and_body() {
        let text = "POST /a HTTP/1.1\r\nX-A: 1\r\nContent-Length: 2\r\n\r\n{}";
        let read = message(text.as_bytes()).unwrap();
        assert_eq!((read.method.as_deref(), read.path.as_deref()), (Some("POST"), Some("/a")));
        assert_eq!(read.headers[0], ("x-a".into(), "1".into()));
        assert_eq!(body(text), ("{}".to_owned(), true, text.len()));
    }

    #[test]
    fn the_body_ends_where_the_next_message_begins() {
        let head = "POST / HTTP/1.1\nA: b\n\n";
        for next in ["HTTP/1.1 200 OK\n\nOk", "GET / HTTP/1.1\n\n", ""] {
            assert_eq!(
                body(&format!("{head}{{}}\n\n{next}")),
                ("{}".to_owned(), true, head.len() + 4)
            );
        }
        let long = "POST / HTTP/1.1\nContent-Length: 9\n\n{}\n";
        assert_eq!(body(long), ("{}".to_owned(), false, long.len()));
        let short = "POST / HTTP/1.1\nContent-Length: 2\n\n{\n}\n";
        assert_eq!(body(short), ("{\n}".to_owned(), false, short.len()));
    }

    #[test]
    fn chunks_are_joined() {
        let head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        for chunks in ["1\r\n{\r\n1;a=b\r\n}\r\n0\r\n\r\n", "2\n{}\n0\n\n", "2\n{}\n0\n"] {
            let text = format!("{head}{chunks}");
            assert_eq!(body(&text), ("{}".to_owned(), true, text.len()));
        }
        // A tool that joined them left the header: taken as it stands.
        assert_eq!(body(&format!("{head}{{}}")).0, "{}");
    }

    #[test]
    fn what_is_no_request() {
        for text in [
            "",
            "POST",
            "POST / HTTP/9",
            "post / HTTP/1.1",
            "HTTP/1.1 200 OK",
            "POST / HTTP/1.1\n{\n",
        ] {
            assert_eq!(message(text.as_bytes()), None, "{text}");
        }
    }
}
