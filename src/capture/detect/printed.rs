//! Literals within a text: what programs print of a request on a console or in a log, its headers
//! here and its body there, with any words around them. Neighbours belong together.

use serde::de::IgnoredAny;

use super::super::decode::InflateBudget;
use super::super::header::{HeaderPairs, has_pgm};
use super::super::value::Value;
use super::super::{Body, bare_map, literal};
use super::fields::FieldRole;
use super::{body, headers};

/// How many bytes may be looked at in vain, as a multiple of the text's length, so that a text
/// full of brackets that never close costs no more than others.
const MAX_VAIN_FACTOR: usize = 8;

/// The longest name before a bracket.
const MAX_NAME: usize = 80;
/// The most white space between a name or a quote and a bracket.
const MAX_SPACE: usize = 8;

/// A literal and where it stands.
pub(super) struct Printed<'t> {
    pub(super) start: usize,
    /// The words before its bracket on its line.
    label: &'t str,
    /// Its text.
    pub(super) source: &'t str,
    pub(super) value: Value<'t>,
}

/// What a literal is of a request.
pub(super) enum Part<'v> {
    /// Of a response, or what was expected.
    NotReceived,
    Headers(HeaderPairs<'v>),
    Body(Body<'v>),
    /// Anything else; it may hold a request.
    Other,
}

impl<'t> Printed<'t> {
    pub(super) fn part(&self, budget: &mut InflateBudget) -> Part<'_> {
        let roles: Vec<_> = self
            .label
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty())
            .map(FieldRole::of)
            .collect();
        if roles.contains(&FieldRole::NotReceived) {
            return Part::NotReceived;
        }
        let holds_request = || {
            let is_headers = |name: &str| matches!(FieldRole::of(name), FieldRole::Headers { .. });
            self.value.members().iter().any(|(name, _)| is_headers(name))
        };
        let is_body = matches!(roles.last(), Some(FieldRole::Body(0 | 1))) && !holds_request();
        if !is_body && let Some(headers) = headers::of(&self.value).filter(|found| has_pgm(found)) {
            return Part::Headers(headers);
        }
        if !is_body && matches!(self.value, Value::Object(_)) {
            return Part::Other;
        }
        let body = match self.json().filter(|_| self.value.is_object()) {
            Some(json) => Some(Body { bytes: json.as_bytes().into(), exact: true }),
            None => body::of(&self.value, false, budget),
        };
        match body.filter(|body| is_body || body::holds_envelope(&body.bytes)) {
            Some(body) => Part::Body(body),
            None => Part::Other,
        }
    }

    /// Its text, if that is JSON.
    pub(super) fn json(&self) -> Option<&'t str> {
        serde_json::from_str::<IgnoredAny>(self.source).is_ok().then_some(self.source)
    }
}

/// Whether a text names what no part of a request lacks: PGM's headers, or its envelope.
pub(super) fn may_print_part(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"triggeredDate").is_some() || names_pgm(text)
}

/// The literals of a text that may be part of a request, in order.
pub(super) fn literals(text: &str) -> Vec<Printed<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut vain = 0;
    let most_in_vain = text.len().saturating_mul(MAX_VAIN_FACTOR);
    let (mut at, mut label_from) = (0, 0);
    while let Some(open) = next_opener(bytes, at) {
        if let Some(feed) = memchr::memrchr(b'\n', &bytes[at..open]) {
            label_from = label_from.max(at + feed + 1);
        }
        let start = name_start(bytes, label_from, open);
        let parsed = literal::parse_prefix(&text[start..]).or_else(|seen| {
            let map = bare_map::parse_prefix(&text[open..]).map_err(|more| seen + more);
            map.map(|(value, length)| (value, open - start + length))
        });
        match parsed {
            Ok((value, length)) if !matches!(value, Value::Null | Value::Number(_)) => {
                let (label, source) = (&text[label_from..open], &text[start..start + length]);
                found.push(Printed { start, label: label.trim(), source, value });
                (at, label_from) = (start + length, start + length);
            }
            Ok(_) => at = open + 1,
            Err(seen) => {
                vain += seen + 1;
                at = open + 1;
            }
        }
        if vain > most_in_vain {
            break;
        }
    }
    found
}

/// The next character that may open a literal: a bracket, or a quote before one.
fn next_opener(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| b"{[(\"'`<".contains(byte))?;
        let next = bytes.get(at + 1..)?;
        let opens = match bytes[at] {
            b'{' | b'[' => true,
            b'(' => next.first().is_some_and(|byte| b"('\"[{".contains(byte)),
            b'<' => next.starts_with(b"Buffer "),
            _ => {
                let near = &next[..next.len().min(MAX_SPACE)];
                matches!(near.trim_ascii_start().first(), Some(b'{' | b'['))
            }
        };
        if opens {
            return Some(at);
        }
        at += 1;
    }
}

/// The start of a name or a prefix that stands directly before an opener (`Headers {`, `b'`).
fn name_start(bytes: &[u8], from: usize, open: usize) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.$\\%&[]".contains(byte);
    let near = from.max(open.saturating_sub(MAX_SPACE));
    let spaced = bytes[near..open].trim_ascii_end().len() + near;
    // A name may have a space behind it; other text before the opener is its label.
    let behind = if spaced < open && bytes[open] == b'{' { spaced } else { open };
    let near = &bytes[from.max(behind.saturating_sub(MAX_NAME))..behind];
    let name = near.iter().rev().take_while(|byte| is_part(byte)).count();
    let start = behind - name;
    let is_name = bytes[start..behind].first().is_some_and(|byte| {
        byte.is_ascii_uppercase() || matches!(byte, b'%' | b'&') || behind == open
    });
    if is_name { start } else { open }
}

/// Whether a text names PGM's headers, in any spelling.
pub(crate) fn names_pgm(text: &str) -> bool {
    text.to_ascii_lowercase().contains("perfectgym")
}
