//! Any other text that names PGM's headers: YAML, XML, PHP's `print_r`, notes, screens copied
//! by hand. Takes what follows each name, and the first envelope in sight.

use serde_json::Deserializer;

use super::super::detect::{Walk, is_envelope};
use super::super::header::pgm_header;
use super::super::value::Value;
use super::super::{Body, Capture, Location};
use super::{LineNumbers, SourceText};
use crate::pgm::SIGNATURE_HEADER;

/// Places at which a body is looked for before that is given up.
const MAX_TRIES: usize = 1000;

/// Reads the headers that a text names; `None` when it names none.
pub(super) fn read(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let found = requests(text);
    let ends: Vec<_> = found.iter().skip(1).map(|(at, _)| *at).chain([text.len()]).collect();
    let mut from = 0;
    let only = found.len() == 1;
    let mut numbers = LineNumbers::default();
    for ((at, capture), end) in found.into_iter().zip(ends) {
        let body = envelope(&text[at..end]).or_else(|| envelope(&text[from..at]));
        let body = body.map(|text| Body { bytes: text.as_bytes().into(), exact: false });
        from = end;
        let location = match only {
            true => Location::default(),
            false => Location::line(numbers.at(text.as_bytes(), at)),
        };
        walk.capture(Capture { location, body, ..capture });
    }
    (from > 0).then_some(())
}

/// The headers of each request, and where they stand.
fn requests(text: &str) -> Vec<(usize, Capture<'_>)> {
    let mut found: Vec<(usize, Capture<'_>, bool)> = Vec::new();
    for (at, name, value) in names(text) {
        let known =
            |(_, capture, _): &(usize, Capture<'_>, bool)| capture.values(name).next().is_some();
        if found.last().is_none_or(known) {
            found.push((at, Capture::default(), true));
        }
        if let Some((_, capture, assigned)) = found.last_mut() {
            *assigned &= value.assigned;
            capture.headers.push((name.to_ascii_lowercase().into(), value.text.into()));
        }
    }
    found.retain(|(_, capture, assigned)| {
        *assigned && capture.headers.len() > 1 || is_real(capture)
    });
    found.into_iter().map(|(at, capture, _)| (at, capture)).collect()
}

/// Whether one of the headers has a value such as PGM sends: a UUID, or 32 hex digits. Prose that
/// names the headers goes on with any word.
fn is_real(capture: &Capture<'_>) -> bool {
    capture.headers.iter().any(|(name, value)| {
        let is_signature = pgm_header(name) == Some(SIGNATURE_HEADER);
        let hex = value.bytes().filter(u8::is_ascii_hexdigit).count();
        let dashes = value.bytes().filter(|byte| *byte == b'-').count();
        hex + dashes == value.len() && hex == 32 && !(is_signature && dashes > 0)
    })
}

/// What follows a name.
struct NamedValue<'t> {
    text: &'t str,
    /// Whether the two are joined by more than quotes and a space: by a sign, or as columns.
    assigned: bool,
}

/// Each of PGM's header names outside of responses, with what follows it.
fn names(text: &str) -> impl Iterator<Item = (usize, &'static str, NamedValue<'_>)> {
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
        let found = in_line(line).map(|(name, end)| (name, start + end));
        let values = found.filter_map(move |(name, end)| Some((end, name, value(&text[end..])?)));
        values.collect::<Vec<_>>()
    })
}

/// The names in a line, and where each ends.
fn in_line(line: &str) -> impl Iterator<Item = (&'static str, usize)> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = line.get(at..)?;
            let start = at + rest.find(part)?;
            let length = line[start..].find(|c| !part(c)).unwrap_or(line.len() - start);
            at = start + length;
            if let Some(name) = pgm_header(&line[start..at]) {
                return Some((name, at));
            }
        }
    })
}

/// What stands behind a name and whatever separates them.
fn value(text: &str) -> Option<NamedValue<'_>> {
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
    (!value.is_empty() && pgm_header(value).is_none())
        .then_some(NamedValue { text: value, assigned })
}

/// The first JSON object in a text that is PGM's envelope.
fn envelope(text: &str) -> Option<&str> {
    memchr::memchr_iter(b'{', text.as_bytes()).take(MAX_TRIES).find_map(|at| {
        let near = &text[at..];
        let mut values = Deserializer::from_str(near).into_iter::<Value<'_>>();
        let value = values.next()?.ok()?;
        is_envelope(&value).then(|| &near[..values.byte_offset()])
    })
}
