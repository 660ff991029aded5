//! Any other text that names PGM's headers: YAML, XML, PHP's `print_r`, notes, screens copied
//! by hand. Takes what follows each name, and the first envelope in sight.

use super::super::json::{Node, value_end};
use super::super::record::{Walk, is_envelope, pgm_header};
use super::super::{Body, Capture};
use super::{Input, LineNumbers};
use crate::pgm::SIGNATURE_HEADER;

/// Places at which a body is looked for before that is given up.
const TRIES: usize = 1000;

/// Reads the headers that a text names; `None` when it names none.
pub(super) fn read(Input { text, .. }: Input<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let found = requests(text);
    let ends: Vec<_> = found.iter().skip(1).map(|(at, _)| *at).chain([text.len()]).collect();
    let mut from = 0;
    let only = found.len() == 1;
    let mut numbers = LineNumbers::default();
    for ((at, mut capture), end) in found.into_iter().zip(ends).collect::<Vec<_>>() {
        let body = envelope(&text[at..end]).or_else(|| envelope(&text[from..at]));
        capture.body = body.map(|bytes| Body { bytes, exact: false });
        from = end;
        let line = (!only).then(|| numbers.at(text.as_bytes(), at));
        walk.emit(&capture, line, "");
    }
    (from > 0).then_some(())
}

/// The headers of each request, and where they stand.
fn requests(text: &str) -> Vec<(usize, Capture)> {
    let mut found: Vec<(usize, Capture, bool)> = Vec::new();
    for (at, name, value) in names(text) {
        let known =
            |(_, capture, _): &(usize, Capture, bool)| capture.values(&name).next().is_some();
        if found.last().is_none_or(known) {
            found.push((at, Capture::default(), true));
        }
        if let Some((_, capture, assigned)) = found.last_mut() {
            *assigned &= value.assigned;
            capture.headers.push((name, value.text));
        }
    }
    found.retain(|(_, capture, assigned)| {
        *assigned && capture.headers.len() > 1 || is_real(capture)
    });
    found.into_iter().map(|(at, capture, _)| (at, capture)).collect()
}

/// Whether one of the headers has a value such as PGM sends: a UUID, or 32 hex digits. Prose that
/// names the headers goes on with any word.
fn is_real(capture: &Capture) -> bool {
    capture.headers.iter().any(|(name, value)| {
        let is_signature = pgm_header(name) == Some(SIGNATURE_HEADER);
        let hex = value.bytes().filter(u8::is_ascii_hexdigit).count();
        let dashes = value.bytes().filter(|byte| *byte == b'-').count();
        hex + dashes == value.len() && hex == 32 && !(is_signature && dashes > 0)
    })
}

/// What follows a name.
struct Value {
    text: String,
    /// Whether the two are joined by more than quotes and a space: by a sign, or as columns.
    assigned: bool,
}

/// Each of PGM's header names outside of responses, with what follows it.
fn names(text: &str) -> impl Iterator<Item = (usize, String, Value)> {
    let mut theirs = false;
    let mut offset = 0;
    let sections = text.split_inclusive('\n').filter_map(move |line| {
        let at = offset;
        offset += line.len();
        let word =
            line.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
        let starts = |names: &[&str]| names.iter().any(|name| word.starts_with(name));
        if starts(&["response", "http/1", "http/2", "httpresponse"]) {
            theirs = true;
        } else if starts(&["request", "httprequest", "post ", "put ", "get "]) {
            theirs = false;
        }
        (!theirs && !line.starts_with("< ")).then_some((at, line))
    });
    sections.flat_map(move |(start, line)| {
        let found = in_line(line).map(|(name, end)| (name.to_owned(), start + end));
        let values = found.filter_map(move |(name, end)| Some((end, name, value(&text[end..])?)));
        values.collect::<Vec<_>>()
    })
}

/// The names in a line, in lower case, and where each ends.
fn in_line(line: &str) -> impl Iterator<Item = (String, usize)> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = line.get(at..)?;
            let start = at + rest.find(part)?;
            let length = line[start..].find(|c| !part(c)).unwrap_or(line.len() - start);
            at = start + length;
            if let Some(name) = pgm_header(&line[start..at]) {
                return Some((name.to_ascii_lowercase(), at));
            }
        }
    })
}

/// What stands behind a name and whatever separates them.
fn value(text: &str) -> Option<Value> {
    let separators = |c: char| c.is_whitespace() || "\"'`])>}:=-|,".contains(c);
    let value = text.trim_start_matches(separators);
    let between = &text[..text.len() - value.len()];
    // Two line breaks away is another matter.
    if between.is_empty() || between.matches('\n').count() > 1 {
        return None;
    }
    let value = value.strip_prefix("<value>").unwrap_or(value);
    let quote = between.chars().next_back().filter(|c| matches!(c, '"' | '\'' | '`'));
    let end = |c: char| match quote {
        Some(quote) => c == quote || c == '\n',
        None => c.is_whitespace() || "\"'<,;)]}".contains(c),
    };
    let value = &value[..value.find(end).unwrap_or(value.len())];
    // Another name is no value.
    let assigned = between.contains([':', '=', '>', '|', ',', '\t']) || between.contains("  ");
    let value = Value { text: value.to_owned(), assigned };
    (!value.text.is_empty() && pgm_header(&value.text).is_none()).then_some(value)
}

/// The first JSON object in a text that is PGM's envelope.
fn envelope(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'{', bytes).take(TRIES).find_map(|at| {
        let near = &bytes[at..bytes.len().min(at + (1 << 20))];
        let node = Node::parse(&near[..value_end(near, 0)]).ok()?;
        is_envelope(node).then(|| node.raw().to_vec())
    })
}
