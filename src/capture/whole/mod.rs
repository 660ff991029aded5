//! Files that are held in memory: JSON, and text of any kind, with one small reader a family.

mod commands;
mod documents;
mod dumps;
mod excerpts;
mod tables;
mod wrapped;

use std::borrow::Cow;

use super::decode::{self, Unpacked};
use super::detect::{Walk, both_headers, holds_headers};
use super::header::names_pgm;
use super::literal::parse_prefix;
use super::{
    Capture, Fault, Format, Item, Layout, Location, MAX_FILE, ReadError, ReadOutcome, Value,
    message, read_lines, serialized,
};
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};
use crate::text::shown_name;

/// Reads a file of any format into memory. For files that may be large, see [`Layout`].
///
/// # Errors
/// When the file as a whole cannot be read. A bad line among others is a fault in the result.
pub fn read(bytes: &[u8]) -> Result<ReadOutcome, ReadError> {
    let (mut captures, mut skipped, mut faults) = (Vec::new(), 0, Vec::new());
    let mut of_next = false;
    let mut visitor = |item: Item<'_>| match item {
        Item::Capture(capture) | Item::Part(capture) => captures.push(capture.into_owned()),
        Item::Skipped { is_next } => {
            skipped += 1;
            of_next |= is_next;
        }
        Item::Fault(fault) => faults.push(fault),
    };
    let format = read_one(bytes, &mut FileLimits::new(), &mut visitor)?;
    Ok(ReadOutcome { format, captures, skipped, of_next, faults })
}

/// Reads a file by lines or in one piece.
fn read_one(
    bytes: &[u8],
    limits: &mut FileLimits,
    visitor: &mut dyn FnMut(Item<'_>),
) -> Result<Format, ReadError> {
    match Layout::detect(bytes, true) {
        Some(Layout::Lines) => {
            read_lines(without_mark(bytes), 1, visitor);
            Ok(Format::Ndjson)
        }
        _ => read_packed(bytes, limits, visitor),
    }
}

/// Reads a file in one piece and visits what it holds, in order.
///
/// # Errors
/// When the file as a whole cannot be read.
pub fn read_whole(bytes: &[u8], mut visitor: impl FnMut(Item<'_>)) -> Result<Format, ReadError> {
    read_packed(bytes, &mut FileLimits::new(), &mut visitor)
}

/// How deep archives and mails are followed into each other.
const MAX_NESTED_FILES: usize = 4;

/// What the files within a file may still cost, so that bombs in it do not cost more than one.
struct FileLimits {
    /// Levels of archives and mails.
    depth: usize,
    /// Bytes that all of them together may become.
    bytes: usize,
}

impl FileLimits {
    /// Those of a file that is not within another.
    fn new() -> Self {
        Self { depth: MAX_NESTED_FILES, bytes: MAX_FILE }
    }

    fn unpack<'b>(&mut self, bytes: &'b [u8]) -> Result<Unpacked<'b>, ReadError> {
        let unpacked = decode::unpack(bytes, self.bytes);
        let cost = match &unpacked {
            Ok(Unpacked::Text(Cow::Owned(text))) => text.len(),
            Ok(Unpacked::Files(files)) if self.depth < MAX_NESTED_FILES => {
                files.iter().map(|(_, file)| file.len()).sum()
            }
            // It was unpacked up to the limit.
            Err(ReadError::Gzip) => self.bytes / 2,
            _ => 0,
        };
        self.bytes = self.bytes.saturating_sub(cost);
        unpacked
    }
}

fn read_packed(
    bytes: &[u8],
    limits: &mut FileLimits,
    visitor: &mut dyn FnMut(Item<'_>),
) -> Result<Format, ReadError> {
    match limits.unpack(bytes)? {
        Unpacked::Text(text) => read_plain(without_mark(&text), limits, visitor),
        Unpacked::Files(files) => {
            let found = read_parts(&files, limits, visitor);
            found.then_some(Format::Zip).ok_or(ReadError::Unknown)
        }
    }
}

fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// Reads the files of an archive, or the parts of a mail; those that hold nothing of PGM's are passed
/// over. Returns whether there was a request.
fn read_parts(
    files: &[(String, Vec<u8>)],
    limits: &mut FileLimits,
    visitor: &mut dyn FnMut(Item<'_>),
) -> bool {
    let mut found = false;
    let Some(depth) = limits.depth.checked_sub(1) else { return found };
    for (name, bytes) in files {
        let name = shown_name(name);
        let mut in_file = |mut item: Item<'_>| {
            match &mut item {
                Item::Capture(capture) | Item::Part(capture) => {
                    let inner = capture.location.to_string();
                    let separator = if inner.is_empty() { "" } else { ": " };
                    capture.location = Location::path(format!("{name}{separator}{inner}"));
                }
                Item::Fault(fault) => fault.message = format!("{name}: {}", fault.message),
                Item::Skipped { .. } => {}
            }
            found |= !matches!(item, Item::Fault(_));
            visitor(item);
        };
        let mut inner = FileLimits { depth, bytes: limits.bytes };
        let _ = read_one(bytes, &mut inner, &mut in_file);
        limits.bytes = inner.bytes;
    }
    found
}

fn read_plain(
    bytes: &[u8],
    limits: &mut FileLimits,
    visitor: &mut dyn FnMut(Item<'_>),
) -> Result<Format, ReadError> {
    // Bytes of any other encoding show as replacement characters.
    let text = String::from_utf8_lossy(bytes);
    if let Some(parts) = wrapped::mail_parts(&text) {
        return read_parts(&parts, limits, visitor)
            .then_some(Format::Mail)
            .ok_or(ReadError::Unknown);
    }
    if let Some(packed) = decode::base64(&text, false)
        && let Unpacked::Text(inner) = limits.unpack(&packed)?
    {
        return read_text(&inner, &String::from_utf8_lossy(&inner), visitor);
    }
    excerpts::read(bytes, &text, visitor)
}

fn read_undecorated(
    bytes: &[u8],
    text: &str,
    visitor: &mut dyn FnMut(Item<'_>),
) -> Result<Format, ReadError> {
    let plain = wrapped::undecorated(text);
    let joined = tables::with_joined_cells(plain.as_deref().unwrap_or(text));
    match joined.or(plain) {
        Some(plain) => read_text(plain.as_bytes(), &plain, visitor),
        None => read_text(bytes, text, visitor),
    }
}

/// Reads a text. PGM's headers are searched for in a table that has no request by its columns; that a
/// text has them where they could not be read is a fault.
fn read_text(
    bytes: &[u8],
    text: &str,
    visitor: &mut dyn FnMut(Item<'_>),
) -> Result<Format, ReadError> {
    let (mut found, mut is_settled) = (false, false);
    let format = read_format(bytes, text, &mut |item| {
        if let Item::Capture(capture) = &item
            && !is_settled
        {
            found = true;
            let body = capture.body.as_ref().map(|body| String::from_utf8_lossy(&body.bytes));
            // What a body says is not a header.
            is_settled = capture.request_ids().next().is_some()
                && capture.signatures().next().is_some()
                || body.is_some_and(|body| names_pgm(&body));
        }
        visitor(item);
    })?;
    if is_settled || !names_pgm(text) {
        return Ok(format);
    }
    let input = SourceText { bytes, text };
    if format == Format::Csv && !found {
        let searched = read_names(input, &mut Walk::new(visitor));
        return Ok(searched.map_or(format, |()| Format::Text));
    }
    if format == Format::Text
        && found
        && let Some(at) = both_headers(text)
    {
        let message = format!(
            "has {REQUEST_ID_HEADER} and {SIGNATURE_HEADER}, but not in a form in which pgwh reads \
             headers: save the request as JSON or as HTTP text, or type them: --request-id ID \
             --signature HEX"
        );
        let line = LineNumbers::default().at(bytes, at);
        visitor(Item::Fault(Fault { line, column: 1, message, torn: false }));
    }
    Ok(format)
}

fn read_format(
    bytes: &[u8],
    text: &str,
    visitor: &mut dyn FnMut(Item<'_>),
) -> Result<Format, ReadError> {
    match text.trim_start().as_bytes().first() {
        None => Err(ReadError::Empty),
        Some(b'{' | b'[' | b'"' | 0x1e) => read_json(text, visitor),
        Some(_) => {
            let (input, mut walk) = (SourceText { bytes, text }, Walk::new(visitor));
            READERS.iter().find_map(|read| read(input, &mut walk)).ok_or(ReadError::Unknown)
        }
    }
}

fn read_json(text: &str, visitor: &mut dyn FnMut(Item<'_>)) -> Result<Format, ReadError> {
    match serialized::parse_document(text) {
        Ok(value) => {
            let records = match &value {
                Value::Array(elements) => &elements[..],
                document => std::slice::from_ref(document),
            };
            if let Some(lines) = wrapped::printed_lines(records) {
                return read_text(lines.as_bytes(), &lines, visitor);
            }
            let source = (!text.contains('\u{fffd}')).then(|| text.trim_ascii());
            Walk::new(visitor).document(&value, source, None);
            let is_har = value.get("log").is_some_and(|log| log.get("entries").is_some());
            Ok(if is_har { Format::Har } else { Format::Json })
        }
        Err(error) if error.is_eof() => {
            excerpts::read_broken_off(text, Fault::json(&error, 1), visitor)
        }
        Err(error) => read_documents(text, visitor)
            .or_else(|| read_literal(text, visitor))
            .ok_or_else(|| Fault::json(&error, 1).into()),
    }
}

/// Reads documents one after the other, each over as many lines as it likes. One may hold the body of
/// the request before it. `None` when not even the first one and the start of the second are whole,
/// and when the first one is headers alone.
fn read_documents(text: &str, visitor: &mut dyn FnMut(Item<'_>)) -> Option<Format> {
    let (mut documents, mut fault) = (Vec::new(), None);
    let mut numbers = LineNumbers::default();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{1e}']);
        let line = numbers.at(text.as_bytes(), text.len() - rest.len());
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value<'_>>();
        match values.next() {
            Some(Ok(value)) if rest.starts_with(['{', '[']) => {
                let (source, behind) = rest.split_at(values.byte_offset());
                documents.push((line, source, value));
                rest = behind;
            }
            Some(Err(error)) => {
                fault = Some(Fault::json(&error, line));
                break;
            }
            _ => break,
        }
    }
    documents.first().filter(|(.., first)| !holds_headers(first))?;
    (documents.len() > 1 || rest.starts_with(['{', '['])).then_some(())?;
    if let Some(lines) = wrapped::printed_lines(documents.iter().map(|(.., value)| value)) {
        return read_text(lines.as_bytes(), &lines, visitor).ok();
    }
    let mut walk = Walk::new(visitor);
    for (line, source, value) in &documents {
        walk.record(value, Some(source), Some(*line));
    }
    walk.flush();
    fault.into_iter().for_each(|fault| walk.fault(fault));
    Some(Format::Json)
}

/// Reads what a program printed of its objects: much like JSON, but not JSON.
fn read_literal(text: &str, visitor: &mut dyn FnMut(Item<'_>)) -> Option<Format> {
    let mut walk = Walk::new(visitor);
    if let Some((value, length)) = parse_prefix(text)
        && text[length..].trim_matches([';', ' ', '\r', '\n', '\t']).is_empty()
    {
        walk.document(&value, None, None);
        return Some(Format::Json);
    }
    let input = SourceText { bytes: text.as_bytes(), text };
    tables::read_csv(input, &mut walk)
        .or_else(|| read_words(input, &mut walk))
        .map(|()| Format::Text)
}

/// A text, and the bytes that it was read from, which need not be UTF-8.
#[derive(Clone, Copy)]
struct SourceText<'a> {
    bytes: &'a [u8],
    text: &'a str,
}

/// Visits the requests of a text; `None`, and nothing visited, when it has another format.
type ReadText = fn(SourceText<'_>, &mut Walk<'_>) -> Option<Format>;

/// The readers of texts. The order matters where one format can occur within another.
const READERS: [ReadText; 8] = [
    |input, walk| {
        let (value, format) = serialized::parse(input.bytes, input.text)?;
        walk.document(&value, None, None);
        Some(format)
    },
    read_events,
    dumps::read,
    commands::read,
    |input, walk| read_messages(input, walk).map(|()| Format::Http),
    documents::read,
    tables::read,
    |input, walk| read_words(input, walk).map(|()| Format::Text),
];

/// Reads a text for what programs print in it, or else for PGM's header names; `None` when it has
/// neither.
fn read_words(input: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let mut numbers = LineNumbers::default();
    let printed = walk.printed(input.text, |offset| numbers.at(input.bytes, offset));
    printed.or_else(|| read_names(input, walk))
}

/// Reads what follows the names of PGM's headers; `None` when a text has none of them.
fn read_names(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let mut numbers = LineNumbers::default();
    walk.searched(text, |offset| numbers.at(text.as_bytes(), offset))
}

/// Reads the requests among HTTP messages; `None` when there is none.
fn read_messages(SourceText { bytes, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let mut numbers = LineNumbers::default();
    let mut found = None;
    // A request line without headers is one of a log.
    let messages = message::requests(bytes).filter(|(_, message)| !message.headers.is_empty());
    for (range, message) in messages {
        let only = found.is_none() && bytes[range.end..].trim_ascii().is_empty();
        let location = match only {
            true => Location::default(),
            false => Location::line(numbers.at(bytes, range.start)),
        };
        walk.message(Capture { location, ..message });
        found = Some(());
    }
    found
}

const EVENT_FIELDS: [&str; 4] = ["data", "event", "id", "retry"];

/// Reads the events of a stream; `None` when the first line is not a field of one.
fn read_events(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<Format> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let is_field =
        |name: &&str| first.strip_prefix(*name).is_some_and(|rest| rest.starts_with(':'));
    // zsh's history has `: 1772486110:2;curl …`.
    let is_comment = first.starts_with(": ") && !first.contains(';');
    if !is_comment && !EVENT_FIELDS.iter().any(is_field) {
        return None;
    }
    let mut data = String::new();
    let mut start = 0;
    for (index, line) in text.lines().chain([""]).enumerate() {
        if let Some(part) = line.strip_prefix("data:") {
            if data.is_empty() {
                start = index as u64 + 1;
            } else {
                data.push('\n');
            }
            data.push_str(part.strip_prefix(' ').unwrap_or(part));
        } else if line.trim().is_empty() && !data.is_empty() {
            if let Ok(value) = serialized::parse_json(&data) {
                walk.document(&value, Some(data.trim_ascii()), Some(start));
            }
            data.clear();
        }
    }
    Some(Format::EventStream)
}

/// Numbers of lines at offsets that only grow: what was counted is not counted again.
#[derive(Default)]
struct LineNumbers {
    offset: usize,
    feeds: u64,
}

impl LineNumbers {
    /// The number of the line, from 1, at an offset.
    fn at(&mut self, bytes: &[u8], offset: usize) -> u64 {
        let new = bytes.get(self.offset..offset).unwrap_or_default();
        self.feeds += memchr::memchr_iter(b'\n', new).count() as u64;
        self.offset = self.offset.max(offset);
        self.feeds + 1
    }
}

#[cfg(test)]
mod tests {
    use super::super::count_work;
    use super::*;

    /// Bytes that the readers look at for a file.
    fn work(file: &str) -> usize {
        let before = count_work(0);
        let _ = read(file.as_bytes());
        count_work(0) - before
    }

    #[test]
    fn twice_the_file_is_at_most_twice_the_work() {
        let names = |n: usize, of: usize| -> String {
            let name = |at| format!("\"x-{of}-{at}\":\"v\"");
            (0..n).map(name).collect::<Vec<_>>().join(",")
        };
        let files: [(&str, &dyn Fn(usize) -> String); 9] = [
            ("request lines", &|n| "POST / HTTP/1.1\n".repeat(n)),
            ("status lines", &|n| "HTTP/1.1 200 OK\n".repeat(n)),
            ("heads", &|n| "POST / HTTP/1.1\nA: b\n\n".repeat(n)),
            ("chunks that reach beyond the next head", &|n| {
                "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n40\n".repeat(n)
            }),
            ("two containers", &|n| {
                format!("{{\"headers\":{{{}}},\"rawHeaders\":{{{}}}}}", names(n, 1), names(n, 2))
            }),
            ("many containers", &|n| {
                let all = (0..n / 10).map(|of| format!("\"h{of}headers\":{{{}}}", names(10, of)));
                format!("{{{}}}", all.collect::<Vec<_>>().join(","))
            }),
            ("braces behind a name", &|n| {
                "x-perfectgym-request: 1\n".to_owned() + &"{\"a\":".repeat(n)
            }),
            ("names without values", &|n| "x-perfectgym-request: 1 {\"\n".repeat(n)),
            ("literals", &|n| "{a:['b',".repeat(n)),
        ];
        for (what, file) in files {
            let (once, twice) = (work(&file(2_000)), work(&file(4_000)));
            assert!(twice <= once * 5 / 2 + 10_000, "{what}: {once}, then {twice}");
        }
    }
}
