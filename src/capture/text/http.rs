//! HTTP/1 messages as text: with CRLF or LF, chunked, one after the other.

use super::super::record::{Walk, headers_of_text};
use super::super::unpack::{self, Budget};
use super::super::{Body, Capture};
use super::{Input, LineNumbers};

/// One request, and how many bytes it took.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Body>,
    pub(crate) length: usize,
}

impl Message {
    /// The request, its body unpacked if it is gzip.
    pub(crate) fn into_capture(self, budget: &mut Budget) -> Capture {
        let body = self.body.map(|body| match unpack::gunzip(&body.bytes, budget) {
            Some(bytes) => Body { bytes, ..body },
            None => body,
        });
        let (method, path) = (Some(self.method), Some(self.path));
        Capture { method, path, headers: self.headers, body, ..Capture::default() }
    }
}

/// Reads the requests of a text of messages, whatever stands around and between them; `None`
/// when there are none. A response's head, and body, are passed over.
pub(super) fn read(Input { bytes, .. }: Input<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let mut numbers = LineNumbers::default();
    let mut at = if starts_message(bytes) { 0 } else { next_message(bytes) };
    let mut found = None;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if let Some(message) = message(rest) {
            let only = found.is_none() && rest[message.length..].trim_ascii().is_empty();
            let line = (!only).then(|| numbers.at(bytes, at));
            at += message.length;
            let capture = message.into_capture(walk.budget());
            walk.emit(&capture, line, "");
            found = Some(());
        } else {
            at += response_length(rest).unwrap_or(1);
        }
        let rest = &bytes[at..];
        at += if starts_message(rest) { 0 } else { next_message(rest) };
    }
    found
}

/// Whether this starts with a request line.
pub(crate) fn is_request(bytes: &[u8]) -> bool {
    request_line(first_line(bytes)).is_some()
}

/// Whether this starts with a status line.
pub(crate) fn is_response(bytes: &[u8]) -> bool {
    let line = first_line(bytes);
    line.starts_with(b"HTTP/") && line.contains(&b' ')
}

fn first_line(bytes: &[u8]) -> &[u8] {
    // A request line is short; what is not need not be searched to its end.
    let head = &bytes[..bytes.len().min(8192)];
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
/// there is no request line, or a line of the head is no header.
pub(crate) fn message(bytes: &[u8]) -> Option<Message> {
    // Nearly everything that is put to it is a body, and shows by its first byte that it is none.
    bytes.first()?.is_ascii_uppercase().then_some(())?;
    let (method, path) = request_line(first_line(bytes))?;
    let head_end = head_end(bytes);
    let head = String::from_utf8_lossy(&bytes[..head_end]);
    let lines = head.split_once('\n').map_or("", |(_, lines)| lines);
    let headers = if lines.trim().is_empty() { Vec::new() } else { headers_of_text(lines)? };
    let (body, length) = content(&headers, &bytes[head_end..]);
    let (method, path) = (method.to_owned(), path.to_owned());
    Some(Message { method, path, headers, body, length: head_end + length })
}

/// How many bytes the response at the start of `bytes` takes.
fn response_length(bytes: &[u8]) -> Option<usize> {
    let head_end = is_response(bytes).then(|| head_end(bytes))?;
    let head = String::from_utf8_lossy(&bytes[..head_end]);
    let headers = headers_of_text(head.split_once('\n')?.1).unwrap_or_default();
    Some(head_end + content(&headers, &bytes[head_end..]).1)
}

/// Behind the blank line that ends a head, or the end.
pub(super) fn head_end(bytes: &[u8]) -> usize {
    let mut at = 0;
    for feed in memchr::memchr_iter(b'\n', bytes) {
        let line = &bytes[at..feed];
        at = feed + 1;
        if matches!(line, b"" | b"\r") {
            return at;
        }
    }
    bytes.len()
}

/// The body behind a head, and how many bytes it took.
fn content(headers: &[(String, String)], rest: &[u8]) -> (Option<Body>, usize) {
    let value =
        |name| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
    let is_chunked = value("transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked"));
    if let Some((bytes, length)) = is_chunked.then(|| dechunk(rest)).flatten() {
        return (Some(Body { bytes, exact: true }), length);
    }
    let declared = value("content-length").and_then(|value| value.parse::<usize>().ok());
    if let Some(bytes) = declared.and_then(|length| rest.get(..length)) {
        // A tool may have laid the body out anew, or cut it, and left the length as it was.
        let behind = rest[bytes.len()..].trim_ascii_start();
        if behind.is_empty() || starts_message(behind) {
            let body = (!bytes.is_empty()).then(|| Body { bytes: bytes.to_vec(), exact: true });
            return (body, bytes.len());
        }
    }
    let length = if starts_message(rest) { 0 } else { next_message(rest) };
    // Line breaks at the end are the file's, not the body's.
    let bytes = rest[..length].trim_ascii_end();
    let exact = declared.is_none_or(|declared| declared == bytes.len());
    let body = (!bytes.is_empty()).then(|| Body { bytes: bytes.to_vec(), exact });
    (body, length)
}

fn starts_message(bytes: &[u8]) -> bool {
    is_request(bytes) || is_response(bytes)
}

/// Where the next message starts on a line of its own; the length if none does.
pub(crate) fn next_message(bytes: &[u8]) -> usize {
    let mut starts = memchr::memchr_iter(b'\n', bytes).map(|feed| feed + 1);
    starts.find(|at| starts_message(&bytes[*at..])).unwrap_or(bytes.len())
}

/// Joins chunks, and tells how many bytes they took. `None` when they are not whole.
fn dechunk(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut joined = Vec::new();
    let mut at = 0;
    loop {
        let line_end = at + memchr::memchr(b'\n', &bytes[at..])?;
        let size = std::str::from_utf8(&bytes[at..line_end]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        at = line_end + 1;
        if size == 0 {
            // Trailers end with a blank line as well; a file may lack it.
            let rest = &bytes[at..];
            return Some((joined, at + if rest.is_empty() { 0 } else { head_end(rest) }));
        }
        joined.extend_from_slice(bytes.get(at..at.checked_add(size)?)?);
        at += size;
        let feed = bytes[at..].strip_prefix(b"\r").map_or(0, |_| 1);
        at += feed + usize::from(bytes.get(at + feed) == Some(&b'\n'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> (String, bool, usize) {
        let message = message(text.as_bytes()).unwrap();
        let body = message.body.unwrap();
        (String::from_utf8(body.bytes).unwrap(), body.exact, message.length)
    }

    #[test]
    fn head_and_body() {
        let text = "POST /a HTTP/1.1\r\nX-A: 1\r\nContent-Length: 2\r\n\r\n{}";
        let read = message(text.as_bytes()).unwrap();
        assert_eq!((read.method.as_str(), read.path.as_str()), ("POST", "/a"));
        assert_eq!(read.headers[0], ("x-a".to_owned(), "1".to_owned()));
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
